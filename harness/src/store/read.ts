/** Questions to the store. Read-only; every answer comes from columns that `write.ts` filled. */
import type { Store } from "./open.ts";

/** One line of `results list`. */
export interface RunListing {
  id: string;
  suite: "cibench" | "bench";
  subject: string;
  commit: string | null;
  dirty: boolean | null;
  startedAt: string;
  points: number | null;
  measuredWeight: number;
  publishedPath: string | null;
}

/** All runs, newest first. */
export function listRuns(db: Store): RunListing[] {
  const rows = db
    .prepare<[], Omit<RunListing, "dirty"> & { dirty: number | null }>(
      `SELECT id, suite, subject_name AS subject, commit_hash AS "commit", commit_dirty AS dirty, started_at AS startedAt,
              points, measured_weight AS measuredWeight, published_path AS publishedPath
       FROM run ORDER BY started_at DESC, id DESC`,
    )
    .all();
  return rows.map((row) => ({ ...row, dirty: row.dirty === null ? null : row.dirty === 1 }));
}

/**
 * The run with exactly these inputs, if nothing in it failed and no later run took its place on the board; else null.
 * Measuring it again could only repeat it. A run of benches is replaced by a later one with the same cases.
 *
 * @param options.leftOut runners that are left out on purpose: their absence is no failure
 */
export function findCurrentRun(
  db: Store,
  inputSha256: string,
  { leftOut = [] }: { leftOut?: readonly string[] } = {},
): { id: string; startedAt: string } | null {
  return (
    db
      .prepare<[string, string], { id: string; startedAt: string }>(
        `SELECT id, started_at AS startedAt FROM run
         WHERE input_sha256 = ?
           AND NOT EXISTS (
             SELECT 1 FROM not_run WHERE run_id = run.id AND runner NOT IN (SELECT value FROM json_each(?)))
           AND NOT EXISTS (SELECT 1 FROM score WHERE run_id = run.id AND state = 'not-run')
           AND NOT EXISTS (
             SELECT 1 FROM run AS later
             WHERE later.suite = run.suite AND later.subject_name = run.subject_name
               AND (later.suite = 'cibench' OR later.suite_hash = run.suite_hash)
               AND (later.started_at, later.id) > (run.started_at, run.id))`,
      )
      .get(inputSha256, JSON.stringify(leftOut)) ?? null
  );
}

/** A figure with its interval; null parts stand for "could not be computed". */
export interface Figure {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** A mean over corpora with its interval for new corpora; the figures are null where there is a reason. */
export interface NewCorporaFigure extends Figure {
  corpora: number;
  reason: string | null;
}

/** Levels and the total as a report states them: weighed means of signed scores. */
export interface LevelResult {
  runId: string;
  /** 0 is the total of all levels. */
  level: number;
  weight: number;
  measuredWeight: number;
  score: Figure;
  newCorpora: NewCorporaFigure;
}

/** What the corpora of one kind cost a run, or all of them. */
export interface CostRow {
  runId: string;
  kind: "all" | "real" | "synthetic";
  corpora: number;
  items: number;
  indexMs: number;
  answerMs: number;
  /** Null when no model was asked, or the tool does not say it. */
  tokens: number | null;
  costUsd: number | null;
  /** Null when it was not measured. */
  peakBytes: number | null;
  peakOf: "tool" | "process" | "process-so-far" | null;
}

/** One tool on one corpus in one category. */
export interface CorpusResult {
  runId: string;
  tool: string;
  role: "contestant" | "self-check";
  category: string;
  corpus: string;
  kind: "real" | "synthetic";
  split: "fit" | "report";
  precision: Figure;
  recall: Figure;
  f1: Figure;
  macroF1: Figure;
  traceRecall: Figure;
  unknownShare: number;
  sites: number;
}

/** The state of one category for one tool. */
export interface CategoryResult {
  runId: string;
  tool: string;
  role: "contestant" | "self-check";
  category: string;
  title: string;
  level: number;
  weight: number;
  state: "scored" | "unsupported" | "not-measured" | "not-run";
  kind: "real" | "synthetic" | null;
  reason: string | null;
  score: Figure;
  /** Null when the report does not say it: an older one, or a category without a score. */
  newCorpora: NewCorporaFigure | null;
}

/** Where a run stands in its suite, in one category on one kind of corpora. */
export interface RankRow {
  runId: string;
  category: string;
  kind: "real" | "synthetic";
  /** Tools that the data cannot separate share one; null when the run is not ranked. */
  rank: number | null;
  reason: string | null;
}

/** Everything a board needs about some runs. */
export interface Board {
  runs: {
    id: string;
    tool: string;
    role: "contestant" | "self-check";
    suiteHash: string;
    points: number | null;
    measuredWeight: number;
    startedAt: string;
  }[];
  categories: CategoryResult[];
  corpora: CorpusResult[];
  ranks: RankRow[];
  /** By run, levels in order and the total last; none of a run whose report has none. */
  levels: LevelResult[];
  /** By run and kind; none of a run that ran nowhere. */
  costs: CostRow[];
}

/** The board of the runs named, in the order of ids given. */
export function readBoard(db: Store, runIds: readonly string[]): Board {
  const ids = JSON.stringify(runIds);
  const runs = db
    .prepare<[string], Board["runs"][number]>(
      `SELECT run.id, subject_name AS tool, subject_role AS role, suite_hash AS suiteHash, points,
              measured_weight AS measuredWeight, started_at AS startedAt
       FROM json_each(?) AS wanted JOIN run ON run.id = wanted.value ORDER BY wanted.key`,
    )
    .all(ids);
  const categories = db
    .prepare<[string], FlatCategory>(
      `SELECT run_id AS runId, subject_name AS tool, subject_role AS role, category, title, level, weight, state, kind,
              reason, score AS value, score_low AS low, score_high AS high, ${NEW_CORPORA}
       FROM json_each(?) AS wanted JOIN score ON run_id = wanted.value JOIN run ON run.id = run_id
       ORDER BY level, category, kind, wanted.key`,
    )
    .all(ids);
  const corpora = db
    .prepare<[string], FlatCorpus>(
      `SELECT s.run_id AS runId, subject_name AS tool, subject_role AS role, s.category, s.corpus, s.kind, c.split,
              precision AS p, precision_low AS pLow, precision_high AS pHigh, recall AS r, recall_low AS rLow,
              recall_high AS rHigh, f1, f1_low AS f1Low, f1_high AS f1High, macro_f1 AS m, macro_f1_low AS mLow,
              macro_f1_high AS mHigh, trace_recall AS t, trace_recall_low AS tLow, trace_recall_high AS tHigh,
              unknown_share AS unknownShare, sites
       FROM json_each(?) AS wanted JOIN corpus_score AS s ON s.run_id = wanted.value JOIN run ON run.id = s.run_id
       JOIN run_corpus AS c ON c.run_id = s.run_id AND c.corpus = s.corpus
       ORDER BY s.kind, s.corpus, wanted.key`,
    )
    .all(ids);
  const ranks = db
    .prepare<[string], RankRow>(
      `SELECT run_id AS runId, category, kind, rank, reason
       FROM json_each(?) AS wanted JOIN rank ON run_id = wanted.value ORDER BY kind, wanted.key`,
    )
    .all(ids);
  const levels = db
    .prepare<[string], FlatLevel>(
      `SELECT run_id AS runId, level, weight, measured_weight AS measuredWeight, score AS value, score_low AS low,
              score_high AS high, ${NEW_CORPORA}
       FROM json_each(?) AS wanted JOIN level_score ON run_id = wanted.value ORDER BY wanted.key, level = 0, level`,
    )
    .all(ids);
  const costs = db
    .prepare<[string], CostRow>(
      `SELECT run_id AS runId, kind, corpora, items, index_ms AS indexMs, answer_ms AS answerMs, tokens,
              cost_usd AS costUsd, peak_bytes AS peakBytes, peak_of AS peakOf
       FROM json_each(?) AS wanted JOIN run_cost ON run_id = wanted.value ORDER BY wanted.key, kind`,
    )
    .all(ids);
  return {
    runs,
    categories: categories.map(nestCategory),
    corpora: corpora.map(nestCorpus),
    ranks,
    levels: levels.map(nestLevel),
    costs,
  };
}

const NEW_CORPORA = `new_corpora AS newValue, new_corpora_low AS newLow, new_corpora_high AS newHigh,
  new_corpora_n AS newCorpora, new_corpora_reason AS newReason`;

/** One case of one bench run. */
export interface MeasurementRow {
  caseId: string;
  tool: string;
  runner: string;
  metric: "wall" | "cpu" | "peak-memory";
  unit: "ns" | "bytes" | "count";
  sampleCount: number;
  median: number;
  low: number | null;
  high: number | null;
}

export interface RatioRow {
  name: string;
  numeratorLabel: string;
  numerator: number;
  denominatorLabel: string;
  denominator: number;
  unit: "ns" | "bytes" | "count";
  value: number;
  low: number | null;
  high: number | null;
  n: number;
}

/** The figures of one bench run, by case. */
export function readBenches(
  db: Store,
  runId: string,
): { measurements: MeasurementRow[]; ratios: RatioRow[]; notRun: { runner: string; reason: string }[] } {
  return {
    measurements: db
      .prepare<[string], MeasurementRow>(
        `SELECT case_id AS caseId, tool, runner, metric, unit, sample_count AS sampleCount, median, median_low AS low,
                median_high AS high FROM measurement WHERE run_id = ? ORDER BY runner, case_id, metric, tool`,
      )
      .all(runId),
    ratios: db
      .prepare<[string], RatioRow>(
        `SELECT name, numerator_label AS numeratorLabel, numerator, denominator_label AS denominatorLabel, denominator,
                unit, value, low, high, n FROM ratio WHERE run_id = ? ORDER BY name`,
      )
      .all(runId),
    notRun: db
      .prepare<[string], { runner: string; reason: string }>(
        "SELECT runner, reason FROM not_run WHERE run_id = ? ORDER BY runner",
      )
      .all(runId),
  };
}

/** Every sample of one measurement of a run, in the order taken; empty when the raw lines are not on this machine. */
export function readSamples(db: Store, key: { runId: string; caseId: string; tool: string; metric: string }): number[] {
  return db
    .prepare<[string, string, string, string], number>(
      `SELECT value FROM sample JOIN measurement ON measurement.id = measurement_id
       WHERE run_id = ? AND case_id = ? AND tool = ? AND metric = ? ORDER BY ordinal`,
    )
    .pluck()
    .all(key.runId, key.caseId, key.tool, key.metric);
}

interface FlatNew {
  newValue: Nullable;
  newLow: Nullable;
  newHigh: Nullable;
  newCorpora: Nullable;
  newReason: string | null;
}
type FlatCategory = Omit<CategoryResult, "score" | "newCorpora"> & Figure & FlatNew;
type FlatLevel = Omit<LevelResult, "score" | "newCorpora"> & Figure & FlatNew & { newCorpora: number };

function nestCategory(row: FlatCategory): CategoryResult {
  const { value, low, high, newValue, newLow, newHigh, newCorpora, newReason, ...rest } = row;
  const about = { value: newValue, low: newLow, high: newHigh, reason: newReason };
  return {
    ...rest,
    score: { value, low, high },
    newCorpora: newCorpora === null ? null : { ...about, corpora: newCorpora },
  };
}

function nestLevel(row: FlatLevel): LevelResult {
  const { value, low, high, newValue, newLow, newHigh, newCorpora, newReason, ...rest } = row;
  const about = { value: newValue, low: newLow, high: newHigh, reason: newReason };
  return { ...rest, score: { value, low, high }, newCorpora: { ...about, corpora: newCorpora } };
}

type Nullable = number | null;
type FlatCorpus = Pick<
  CorpusResult,
  "runId" | "tool" | "role" | "category" | "corpus" | "kind" | "split" | "unknownShare" | "sites"
> &
  Record<
    | "p"
    | "pLow"
    | "pHigh"
    | "r"
    | "rLow"
    | "rHigh"
    | "f1"
    | "f1Low"
    | "f1High"
    | "m"
    | "mLow"
    | "mHigh"
    | "t"
    | "tLow"
    | "tHigh",
    Nullable
  >;

function nestCorpus(row: FlatCorpus): CorpusResult {
  return {
    runId: row.runId,
    tool: row.tool,
    role: row.role,
    category: row.category,
    corpus: row.corpus,
    kind: row.kind,
    split: row.split,
    precision: { value: row.p, low: row.pLow, high: row.pHigh },
    recall: { value: row.r, low: row.rLow, high: row.rHigh },
    f1: { value: row.f1, low: row.f1Low, high: row.f1High },
    macroF1: { value: row.m, low: row.mLow, high: row.mHigh },
    traceRecall: { value: row.t, low: row.tLow, high: row.tHigh },
    unknownShare: row.unknownShare,
    sites: row.sites,
  };
}
