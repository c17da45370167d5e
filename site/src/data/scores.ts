/** Scores of a run, as stored: per category, per corpus, per kind of call site. */
import { z } from "zod";
import { oncePerStore, type Store } from "./open.ts";

/** A figure with its 95 % interval; `value` is null when its denominator was 0. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  /** What it was counted over. */
  n: number;
}

/** The state of one category in one run; figures are there only when it was scored. */
export interface CategoryScore {
  category: string;
  title: string;
  level: number;
  weight: number;
  state: "scored" | "unsupported" | "not-measured" | "not-run";
  kind: "real" | "synthetic" | null;
  reason: string | null;
  raw: Estimate;
  floor: number | null;
  floorBy: string | null;
  score: Estimate;
}

/** The result on one corpus in one category. */
export interface CorpusScore {
  category: string;
  corpus: string;
  kind: "real" | "synthetic";
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  onUnknown: number;
  precision: Estimate;
  recall: Estimate;
  f1: Estimate;
  macroF1: Estimate;
  /** Null when the corpus has no trace. */
  traceRecall: Estimate | null;
  unknownShare: number;
  sites: number;
  /** Files that hold these sites: what the intervals resample. */
  files: number;
}

/** The categories of a run: by level and stored title, real before synthetic. */
export function listCategoryScores(store: Store, runId: string): CategoryScore[] {
  const rows = store.rows(
    CategoryRow,
    `SELECT category, title, level, weight, state, kind, reason, floor, floor_by AS floorBy,
       ${estimateColumns("raw")}, ${estimateColumns("score")}
     FROM score WHERE run_id = ? ORDER BY level, rowid`,
    runId,
  );
  return rows.map(({ rawValue, rawLow, rawHigh, rawN, scoreValue, scoreLow, scoreHigh, scoreN, ...rest }) => ({
    ...rest,
    raw: { value: rawValue, low: rawLow, high: rawHigh, n: rawN ?? 0 },
    score: { value: scoreValue, low: scoreLow, high: scoreHigh, n: scoreN ?? 0 },
  }));
}

/** The corpora of a run with their figures: real before synthetic, then by name. */
export function listCorpusScores(store: Store, runId: string): CorpusScore[] {
  const figures = ["precision", "recall", "f1", "macro_f1", "trace_recall"].map(estimateColumns).join(", ");
  const rows = store.rows(
    CorpusRow,
    `SELECT category, corpus, kind, true_positives AS truePositives, false_positives AS falsePositives,
       false_negatives AS falseNegatives, on_unknown AS onUnknown, unknown_share AS unknownShare, sites, files, ${figures}
     FROM corpus_score WHERE run_id = ? ORDER BY category, kind, corpus`,
    runId,
  );
  return rows.map((row) => ({
    category: row.category,
    corpus: row.corpus,
    kind: row.kind,
    truePositives: row.truePositives,
    falsePositives: row.falsePositives,
    falseNegatives: row.falseNegatives,
    onUnknown: row.onUnknown,
    unknownShare: row.unknownShare,
    sites: row.sites,
    files: row.files,
    precision: { value: row.precisionValue, low: row.precisionLow, high: row.precisionHigh, n: row.precisionN },
    recall: { value: row.recallValue, low: row.recallLow, high: row.recallHigh, n: row.recallN },
    f1: { value: row.f1Value, low: row.f1Low, high: row.f1High, n: row.f1N },
    macroF1: { value: row.macroF1Value, low: row.macroF1Low, high: row.macroF1High, n: row.macroF1N },
    traceRecall:
      row.traceRecallN === null
        ? null
        : { value: row.traceRecallValue, low: row.traceRecallLow, high: row.traceRecallHigh, n: row.traceRecallN },
  }));
}

const BaselineRow = z.object({ category: z.string(), kind: z.string(), name: z.string(), raw: z.number() });
/** What a trivial answer is expected to reach; the highest is the floor. */
export type Baseline = z.infer<typeof BaselineRow>;

/** The trivial answers behind the floors of a run, highest first. */
export function listBaselines(store: Store, runId: string): Baseline[] {
  return store.rows(
    BaselineRow,
    "SELECT category, kind, name, raw FROM baseline WHERE run_id = ? ORDER BY category, kind, raw DESC, name",
    runId,
  );
}

const StratumRow = z.object({
  category: z.string(),
  corpus: z.string(),
  stratum: z.string(),
  sites: z.number(),
  truePositives: z.number(),
  falsePositives: z.number(),
  falseNegatives: z.number(),
  onUnknown: z.number(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
});
/** The result on one kind of call site in one corpus. */
export type StratumScore = z.infer<typeof StratumRow>;

/** The kinds of call site of a run, in the order they were stored. */
export const listStratumScores = oncePerStore((store: Store, runId: string): StratumScore[] => {
  return store.rows(
    StratumRow,
    `SELECT category, corpus, stratum, sites, true_positives AS truePositives, false_positives AS falsePositives,
       false_negatives AS falseNegatives, on_unknown AS onUnknown, precision, recall, f1
     FROM stratum_score WHERE run_id = ? ORDER BY category, corpus, rowid`,
    runId,
  );
});

const figure = z.number().nullable();

const CategoryRow = z.object({
  category: z.string(),
  title: z.string(),
  level: z.number(),
  weight: z.number(),
  state: z.enum(["scored", "unsupported", "not-measured", "not-run"]),
  kind: z.enum(["real", "synthetic"]).nullable(),
  reason: z.string().nullable(),
  floor: figure,
  floorBy: z.string().nullable(),
  rawValue: figure,
  rawLow: figure,
  rawHigh: figure,
  rawN: figure,
  scoreValue: figure,
  scoreLow: figure,
  scoreHigh: figure,
  scoreN: figure,
});

const CorpusRow = z.object({
  category: z.string(),
  corpus: z.string(),
  kind: z.enum(["real", "synthetic"]),
  truePositives: z.number(),
  falsePositives: z.number(),
  falseNegatives: z.number(),
  onUnknown: z.number(),
  unknownShare: z.number(),
  sites: z.number(),
  files: z.number(),
  precisionValue: figure,
  precisionLow: figure,
  precisionHigh: figure,
  precisionN: z.number(),
  recallValue: figure,
  recallLow: figure,
  recallHigh: figure,
  recallN: z.number(),
  f1Value: figure,
  f1Low: figure,
  f1High: figure,
  f1N: z.number(),
  macroF1Value: figure,
  macroF1Low: figure,
  macroF1High: figure,
  macroF1N: z.number(),
  traceRecallValue: figure,
  traceRecallLow: figure,
  traceRecallHigh: figure,
  traceRecallN: figure,
});

/** `macro_f1 AS macroF1Value, macro_f1_low AS macroF1Low …` */
function estimateColumns(column: string): string {
  const name = column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${column} AS ${name}Value, ${column}_low AS ${name}Low, ${column}_high AS ${name}High, ${column}_n AS ${name}N`;
}
