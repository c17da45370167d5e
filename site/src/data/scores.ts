/** Scores of a run, as stored: per category, per corpus, per kind of call site. */
import { z } from "zod";
import { oncePerStore, type Store, textList } from "./open.ts";

/** A figure with its 95 % interval; `value` is null when its denominator was 0. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  /** What it was counted over. */
  n: number;
}

/** A mean over corpora with its 95 % interval for new corpora: Student's t over the corpora. */
export interface NewCorpora extends Estimate {
  /** How many corpora were averaged. */
  n: number;
  /** Why there is no interval; then there is no mean either. */
  reason: string | null;
}

/** A category on the corpora in languages that the tool says it reads: beside its score, never what is ranked. */
export interface InLanguagesRead {
  /** Names of these corpora; none when the tool reads none of them, and then no figures. */
  corpora: string[];
  raw: Estimate;
  floor: number | null;
  floorBy: string | null;
  score: Estimate;
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
  /** Null when the report does not say it: an older one, or a category without a score. */
  newCorpora: NewCorpora | null;
  /** Null when the tool does not say what it reads, or the report is an older one. */
  inLanguagesRead: InLanguagesRead | null;
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
       new_corpora_reason AS newCorporaReason, read_corpora AS readCorpora, read_floor AS readFloor,
       read_floor_by AS readFloorBy, ${["raw", "score", "new_corpora", "read_raw", "read_score"].map(estimateColumns).join(", ")}
     FROM score WHERE run_id = ? ORDER BY level, rowid`,
    runId,
  );
  return rows.map((row) => ({
    category: row.category,
    title: row.title,
    level: row.level,
    weight: row.weight,
    state: row.state,
    kind: row.kind,
    reason: row.reason,
    floor: row.floor,
    floorBy: row.floorBy,
    raw: { value: row.rawValue, low: row.rawLow, high: row.rawHigh, n: row.rawN ?? 0 },
    score: { value: row.scoreValue, low: row.scoreLow, high: row.scoreHigh, n: row.scoreN ?? 0 },
    newCorpora: newCorporaOf(row),
    inLanguagesRead:
      row.readCorpora === null
        ? null
        : {
            corpora: row.readCorpora,
            raw: { value: row.readRawValue, low: row.readRawLow, high: row.readRawHigh, n: row.readRawN ?? 0 },
            floor: row.readFloor,
            floorBy: row.readFloorBy,
            score: {
              value: row.readScoreValue,
              low: row.readScoreLow,
              high: row.readScoreHigh,
              n: row.readScoreN ?? 0,
            },
          },
  }));
}

/** Several categories as one number, as the report states it: the weighed mean of their signed scores. */
export interface LevelScore {
  /** 1 to 4; 0 is the total of all levels. */
  level: number;
  /** Points of all its categories, and of those that are measured. */
  weight: number;
  measuredWeight: number;
  /** `n` is the number of categories. */
  score: Estimate;
  newCorpora: NewCorpora;
}

/** The levels of a run that have a measured category, in order, then the total; none when its report has none. */
export const listLevelScores = oncePerStore((store: Store, runId: string): LevelScore[] => {
  const rows = store.rows(
    LevelRow,
    `SELECT level, weight, measured_weight AS measuredWeight, new_corpora_reason AS newCorporaReason,
       ${["score", "new_corpora"].map(estimateColumns).join(", ")}
     FROM level_score WHERE run_id = ? ORDER BY level = 0, level`,
    runId,
  );
  return rows.map((row) => ({
    level: row.level,
    weight: row.weight,
    measuredWeight: row.measuredWeight,
    score: { value: row.scoreValue, low: row.scoreLow, high: row.scoreHigh, n: row.scoreN },
    newCorpora: { ...estimateOfNew(row), n: row.newCorporaN, reason: row.newCorporaReason },
  }));
});

interface NewCorporaColumns {
  newCorporaValue: number | null;
  newCorporaLow: number | null;
  newCorporaHigh: number | null;
  newCorporaN: number | null;
  newCorporaReason: string | null;
}

function newCorporaOf(row: NewCorporaColumns): NewCorpora | null {
  return row.newCorporaN === null ? null : { ...estimateOfNew(row), n: row.newCorporaN, reason: row.newCorporaReason };
}

function estimateOfNew(row: NewCorporaColumns): Omit<Estimate, "n"> {
  return { value: row.newCorporaValue, low: row.newCorporaLow, high: row.newCorporaHigh };
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
  newCorporaValue: figure,
  newCorporaLow: figure,
  newCorporaHigh: figure,
  newCorporaN: figure,
  newCorporaReason: z.string().nullable(),
  readCorpora: textList.nullable(),
  readRawValue: figure,
  readRawLow: figure,
  readRawHigh: figure,
  readRawN: figure,
  readFloor: figure,
  readFloorBy: z.string().nullable(),
  readScoreValue: figure,
  readScoreLow: figure,
  readScoreHigh: figure,
  readScoreN: figure,
});

const LevelRow = z.object({
  level: z.number(),
  weight: z.number(),
  measuredWeight: z.number(),
  scoreValue: figure,
  scoreLow: figure,
  scoreHigh: figure,
  scoreN: z.number(),
  newCorporaValue: figure,
  newCorporaLow: figure,
  newCorporaHigh: figure,
  newCorporaN: z.number(),
  newCorporaReason: z.string().nullable(),
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
