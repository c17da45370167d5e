/** The records of the gate: what was measured of a case, process by process, and what was decided from it. */
import * as z from "zod";
import { CaseId, Environment } from "../store/testbed-schema.ts";
import { ScoreComparison } from "./scores/schema.ts";

/** What a value counts. Times are in ns; `per-second` is a rate. */
export const MetricUnit = z.enum(["ns", "bytes", "count", "per-second"]);
export type MetricUnit = z.infer<typeof MetricUnit>;

/** Which way is better: lower for times, sizes and counts, higher for rates. */
export const Direction = z.enum(["lower", "higher"]);
export type Direction = z.infer<typeof Direction>;

/**
 * Which quantity of a case: `time` is what a benchmark reports of itself; `wall`, `cpu` (user and system), `peak-memory`
 * and `page-faults` are of a whole process; `instructions`, `allocations` and `bytes-written` are counts; `rate` is per second.
 */
export const Metric = z.enum([
  "time",
  "rate",
  "wall",
  "cpu",
  "peak-memory",
  "page-faults",
  "instructions",
  "allocations",
  "bytes-written",
  "value",
]);
export type Metric = z.infer<typeof Metric>;

/** What names one series of values. Two of them are the same series when case, metric and testbed are. */
export const SeriesKey = z.strictObject({
  caseId: CaseId,
  metric: Metric,
  unit: MetricUnit,
  direction: Direction,
});
export type SeriesKey = z.infer<typeof SeriesKey>;

/** What one process said of one case. */
export const ProcessValue = z.strictObject({
  /** The median of its samples, in the series' unit. */
  value: z.number().nonnegative(),
  /** In the order taken, after warming up; at most 1,000 are kept. Empty when the process was one sample. */
  samples: z.array(z.number().nonnegative()).max(1000),
  /** Whether warming up ended at its cap instead of with a block that was no faster. */
  warmupCapped: z.boolean(),
});
export type ProcessValue = z.infer<typeof ProcessValue>;

/** One case on one commit and testbed: a value per process. */
export const CaseMeasurement = SeriesKey.extend({
  environment: Environment,
  /** 40 hex digits, or null outside git. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  processes: z.array(ProcessValue).min(1),
});
export type CaseMeasurement = z.infer<typeof CaseMeasurement>;

/** Base and head, run back to back; a coin decided which went first. */
export const Pair = z.strictObject({
  stage: z.enum(["screen", "confirm"]),
  /** Counts the rounds of the session, so that pairs of one round lie near each other in time. */
  round: z.int().nonnegative(),
  headFirst: z.boolean(),
  base: ProcessValue,
  head: ProcessValue,
});
export type Pair = z.infer<typeof Pair>;

/** All pairs of one case, in the order taken. */
export const PairedSamples = SeriesKey.extend({ pairs: z.array(Pair) });
export type PairedSamples = z.infer<typeof PairedSamples>;

export const Verdict = z.enum(["regressed", "improved", "unchanged", "inconclusive"]);
export type Verdict = z.infer<typeof Verdict>;

const Share = z.number().min(0).max(1);

/** The smallest slowdown that the gate would have found in 9 of 10 runs, and what that is known from. */
export const DetectableEffect = z.strictObject({
  /** Share of the base: 0.05 is 5 % worse. Null when the number of pairs can find none. */
  effect: z.number().nonnegative().nullable(),
  /**
   * `profile`: the whole rule, simulated on stored differences of identical code. `this-run`: the same on this run's
   * differences, moved to no change. `formula`: one stage, normal; too few differences to draw from.
   */
  basis: z.enum(["profile", "this-run", "formula"]),
});
export type DetectableEffect = z.infer<typeof DetectableEffect>;

/** What the gate says of one case. Ratios are head / base in the case's own unit, whichever direction is better. */
export const CaseVerdict = SeriesKey.extend({
  /** `time` is tested statistically; `count` is expected to be equal. */
  channel: z.enum(["time", "count"]),
  verdict: Verdict,
  /** Why it is inconclusive, or why a quarantined case can't fail; null otherwise. */
  reason: z.string().nullable(),
  /** A case whose noise is too large or whose A/A runs reject too often: reported, never red. */
  quarantined: z.boolean(),
  screenPairs: z.int().nonnegative(),
  confirmPairs: z.int().nonnegative(),
  /** Hodges-Lehmann estimate of head / base, from the confirming pairs where there are any; null without pairs. */
  ratio: z.number().positive().nullable(),
  /** Exact signed-rank interval of `ratio`, and its coverage. */
  interval: z.strictObject({ low: z.number().positive(), high: z.number().positive(), level: Share }).nullable(),
  /** One-sided p of "worse by more than the margin": on the screening pairs, on the confirming ones (1 when not confirmed), adjusted. */
  screenP: Share,
  confirmP: Share,
  adjustedP: Share,
  /** The same for "better by more than the margin", a family of its own. */
  adjustedImprovementP: Share,
  /** Worsening that does not count for this case, as a share of the base. */
  margin: z.number().positive(),
  detectable: DetectableEffect,
});
export type CaseVerdict = z.infer<typeof CaseVerdict>;

/** The settings of one gate; with the pairs they give the verdicts again. */
export const GateSettings = z.strictObject({
  seed: z.int().nonnegative(),
  /** Worsening that does not count, as a share of the base. */
  margin: z.number().gt(0).lt(1),
  /** Share of wrong reds among the reds. */
  q: z.number().gt(0).lt(1),
  /** Change, as a share, within which a case may be called unchanged. */
  unchangedWithin: z.number().gt(0).lt(1),
  /** p at which a case goes on to be confirmed. */
  screenAlpha: z.number().gt(0).lt(1),
  /** Pairs of the first stage, before any are added because intervals are wide. */
  screenPairs: z.int().min(1),
  /** Fresh pairs of the second stage, at least. */
  confirmPairs: z.int().min(1),
  /** Pairs that a stage may grow to. */
  mostPairs: z.int().min(1),
  /** Time for measuring. */
  budgetMs: z.number().positive(),
  /** Change of a count that counts, as a share. */
  countMargin: z.number().gt(0).lt(1),
  /** Fall of a category's score that does not count: 0.003 is 0.3 points of 100. */
  scoreFall: z.number().gt(0).lt(1).default(0.003),
});
export type GateSettings = z.infer<typeof GateSettings>;

/** One side of a gate. */
export const GateSide = z.strictObject({
  /** As it was asked for: a git ref or a folder. */
  ref: z.string().min(1),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
});
export type GateSide = z.infer<typeof GateSide>;

/** A whole gate: enough to decide again, and to show. */
export const GateReport = z.strictObject({
  schemaVersion: z.literal(1),
  /** Over cases and scores: `regressed` when any that can fail is; else `inconclusive` when any is; else `improved` when any is; else `unchanged`. */
  verdict: Verdict,
  base: GateSide,
  head: GateSide,
  environment: Environment,
  /** One-minute load when it began. */
  loadAverage: z.number().nonnegative(),
  settings: GateSettings,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** Time spent measuring, without building. */
  measuredMs: z.number().nonnegative(),
  /** By effect, the worst first. */
  cases: z.array(CaseVerdict),
  samples: z.array(PairedSamples),
  /** What a benchmark's scores say, entry by entry of the configuration. */
  scores: z.array(ScoreComparison).default([]),
  /** Cases of one side only, cases that failed, and counts for which this machine lacks the tool, with the reason. */
  notCompared: z.array(
    z.strictObject({ caseId: CaseId, state: z.enum(["new", "removed", "failed", "unavailable"]), reason: z.string() }),
  ),
  /** Stated by `drift-bench prove` for this rule on this kind of testbed; null when nothing was proved. */
  falseAlarms: z.strictObject({ gates: z.int().positive(), red: z.int().nonnegative(), high: Share }).nullable(),
  /** The command that makes this gate again. */
  reproduce: z.string(),
});
export type GateReport = z.infer<typeof GateReport>;
