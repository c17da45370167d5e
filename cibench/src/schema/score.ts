/** What an answer is worth. */
import { z } from "zod";
import { ReliabilityBin } from "./calibration.ts";
import { CalibrationLines } from "./calibration-lines.ts";
import { Estimate, NewCorpora } from "./estimate.ts";
import { Category } from "./task.ts";

/** Counts of predicted edges (call site and target, change and what it breaks) against three-valued truth. */
export const EdgeCounts = z.strictObject({
  /** Predicted and in *must*. */
  truePositives: z.int().nonnegative(),
  /** Predicted and in *cannot*. */
  falsePositives: z.int().nonnegative(),
  /** In *must* and not predicted. */
  falseNegatives: z.int().nonnegative(),
  /** Predicted where truth is unknown: in neither precision nor recall. */
  onUnknown: z.int().nonnegative(),
});
export type EdgeCounts = z.infer<typeof EdgeCounts>;

export const StratumScore = z.strictObject({
  stratum: z.string(),
  /** Items of this kind. */
  sites: z.int().nonnegative(),
  counts: EdgeCounts,
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  /** Of all edges together, or the mean over items where the category says so; null when there is nothing to count. */
  f1: z.number().nullable(),
});
export type StratumScore = z.infer<typeof StratumScore>;

/** The result on one corpus. */
export const CorpusScore = z.strictObject({
  corpus: z.string(),
  kind: z.enum(["real", "synthetic"]),
  counts: EdgeCounts,
  /** Pooled over all sites that are not unknown. */
  precision: Estimate,
  recall: Estimate,
  f1: Estimate,
  /**
   * Mean over strata of F1. A stratum with fewer than 10 *must* edges (where F1 is a mean over items: than 10 items) is
   * listed in `strata` but not averaged, unless none has as many.
   */
  macroF1: Estimate,
  /** Recall on edges that an execution trace witnessed; null when there is no trace. */
  traceRecall: Estimate.nullable(),
  /** Share of the corpus's items about which truth says nothing. */
  unknownShare: z.number().min(0).max(1),
  /** Every item of the corpus, known or not. */
  sites: z.int().nonnegative(),
  /** Files that hold these items: what the intervals resample. */
  files: z.int().nonnegative(),
  strata: z.array(StratumScore),
});
export type CorpusScore = z.infer<typeof CorpusScore>;

/** What a trivial answer is expected to reach: a candidate for the floor. Below 0 where it is worse than saying nothing. */
export const Baseline = z.strictObject({ name: z.string(), raw: z.number().max(1) });
export type Baseline = z.infer<typeof Baseline>;

/**
 * One bin of a tool's reliability diagram: statements that it gave a probability in [low, high), the last one [low, high]. The
 * interval of `observed` resamples files; `band` is where `observed` lies in 95 of 100 draws in which every statement is true with
 * just its probability.
 */
export const StatementBin = z.strictObject({
  low: ReliabilityBin.shape.low,
  high: ReliabilityBin.shape.high,
  statements: z.int().min(1),
  /** How many of them are true. */
  correct: z.int().nonnegative(),
  /** Mean stated probability. */
  stated: ReliabilityBin.shape.stated,
  /** Share of true statements. */
  observed: ReliabilityBin.shape.observed,
  band: ReliabilityBin.shape.band.unwrap(),
});
export type StatementBin = z.infer<typeof StatementBin>;

/** How good forecasts are, beside their score. Floors and reasons are those of `calibration --in`. */
export const ForecastCalibration = z.strictObject({
  /** Of all statements, an abstention being a forecast of the base rate; clusters are files. */
  forecasts: CalibrationLines,
  /** Of the more probable side of each statement, by how probable it is: `bias` above 0 is overconfident. */
  sides: CalibrationLines,
  /** Share of statements without a probability, in [0, 1]. */
  abstained: z.number().min(0).max(1),
  /**
   * The bins that have a statement, ascending; abstentions are in none. Empty where nothing was given a probability. Reports from
   * before there were bins do not have it.
   */
  reliability: z.array(StatementBin).optional(),
});
export type ForecastCalibration = z.infer<typeof ForecastCalibration>;

/** A category on some of its corpora: raw, floor and score are those of these alone. */
export const InLanguagesRead = z.strictObject({
  corpora: z.array(z.string()).min(1),
  raw: Estimate,
  floor: z.number().min(0).max(1),
  floorBy: z.string(),
  score: Estimate,
});
export type InLanguagesRead = z.infer<typeof InLanguagesRead>;

/** The state and score of one category for one tool. Absence of a measurement is a state, not a number. */
export const CategoryScore = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("not-measured"), category: Category, reason: z.string() }),
  z.strictObject({ state: z.literal("unsupported"), category: Category, reason: z.string() }),
  /** The tool or its machinery failed on a corpus: neither right nor wrong. Corpora that did run are kept. */
  z.strictObject({
    state: z.literal("not-run"),
    category: Category,
    kind: z.enum(["real", "synthetic"]),
    reason: z.string(),
    corpora: z.array(CorpusScore),
  }),
  z.strictObject({
    state: z.literal("scored"),
    category: Category,
    kind: z.enum(["real", "synthetic"]),
    /**
     * At most 1: of macroF1 the mean over corpora, or the one of all items together, as the category says. Of forecasts it is a
     * skill, which is below 0 where they are worse than the base rate.
     */
    raw: Estimate,
    /** Highest expectation among the trivial answers (null, constant, list-everything, shuffled gold …). */
    floor: z.number().min(0).max(1),
    floorBy: z.string(),
    /** Every trivial answer with its expectation of `raw`; `floor` is the highest. */
    baselines: z.array(Baseline),
    /** (raw − floor) / (1 − floor); signed, only the display clips at 0. */
    score: Estimate,
    /** The scores of the corpora, each weighing the same. Reports whose `intervals` are percentiles do not have it. */
    newCorpora: NewCorpora.optional(),
    corpora: z.array(CorpusScore),
    /**
     * The same figures on the corpora in languages that the tool says it reads. Beside the score, never instead: the score is what counts and
     * what is ranked, and there what a tool does not read is missed. Absent where the tool says nothing; null where it reads none of these corpora.
     */
    inLanguagesRead: InLanguagesRead.nullable().optional(),
    /** Only of forecasts: how well they are calibrated, and how well they tell true from false. */
    calibration: ForecastCalibration.optional(),
  }),
]);
export type CategoryScore = z.infer<typeof CategoryScore>;

/** Several categories as one number. */
export const LevelScore = z.strictObject({
  /** Null is the total of all levels. */
  level: z.int().min(1).max(4).nullable(),
  /** In points of 100, of all its categories. */
  weight: z.number(),
  /** Of those that are measured. */
  measuredWeight: z.number(),
  /**
   * Σ weight · score / Σ weight over the measured categories, each on the corpora that weigh; unsupported is 0. Signed, so that it can be lower than the
   * points of a board, which clip each category at 0. The interval draws the files of a corpus for all categories at once; `n` is the number of categories.
   */
  score: Estimate,
  newCorpora: NewCorpora,
});
export type LevelScore = z.infer<typeof LevelScore>;

/** What became of one item: kept so that every published figure opens its evidence. */
export const ItemOutcome = z.strictObject({
  /** Runs from before there was a second category do not say it. */
  category: Category.default("call-graph"),
  itemId: z.string(),
  corpus: z.string(),
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  callee: z.string().nullable(),
  /** How a call is written, or what kind of change it is. */
  syntax: z.string(),
  stratum: z.string(),
  /** `known`: there is a must edge, or the set is closed. */
  truth: z.enum(["known", "unknown"]),
  /** `right`: all of must predicted, nothing in cannot; `abstained`: said unknown or nothing; `unjudged`: truth is unknown. */
  outcome: z.enum(["right", "partly", "wrong", "abstained", "unjudged"]),
  counts: EdgeCounts,
  /** Edges at this site that a trace witnessed, and how many of them were predicted. */
  traced: z.strictObject({ edges: z.int().nonnegative(), found: z.int().nonnegative() }),
  status: z.enum(["certain", "likely", "external", "unknown", "unanswered"]),
  /** Display forms: `name (file:line)` or `external name`; the first twenty, then how many more. */
  predicted: z.array(z.string()),
  must: z.array(z.string()),
  may: z.array(z.string()),
  /** Kinds of oracles that decide it. */
  by: z.array(z.string()),
  /** Of a statement: the probability that it was given, or the base rate where it was given none, and whether it is true. */
  forecast: z.strictObject({ probability: z.number().min(0).max(1), isTrue: z.boolean() }).optional(),
  /** Of a statement that nothing decides: whether it was said that nothing does, and what the decided one beside it is worth. */
  abstention: z.strictObject({ abstains: z.boolean(), worth: z.number().min(0).max(1) }).optional(),
  /** Of what is to be read: the share of the lines that matter that was seen after each budget, and the tokens of the whole answer. */
  reading: z
    .strictObject({ recalls: z.array(z.number().min(0).max(1)).min(2), tokens: z.int().nonnegative() })
    .optional(),
  /** Of a draft that is made better: its F1, and that of the answer of each round. */
  refinement: z.strictObject({ draft: z.number().min(0).lt(1), rounds: z.array(z.number().min(0).max(1)) }).optional(),
});
export type ItemOutcome = z.infer<typeof ItemOutcome>;
