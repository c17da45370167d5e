/** How far stated probabilities of edges agree with truth: what is fitted, and what is measured on other corpora. */
import { z } from "zod";

/**
 * How an edge was found. Of the project: everything that can be called, on the best way to it, was `tracked`; the same,
 * while something unknown can be called as well (`open`); nothing was, and candidates have the right `name`. Outside of it,
 * the same three (`outside`, `outside-open`, `outside-name`) where nothing of the project was found, and `beside` where
 * something was. Of the project as well: a declaration is what `suggested` it, or it is of the `family` of members that fit the
 * part of a name that is known.
 */
export const Evidence = z.enum([
  "tracked",
  "open",
  "name",
  "outside",
  "outside-open",
  "outside-name",
  "beside",
  "suggested",
  "family",
]);
export type Evidence = z.infer<typeof Evidence>;

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const inside = z.number().gt(0).lt(1);

/** One bucket of edges: those that were one of at least `from` candidates, and fewer than the next bucket's `from`. */
export const FittedBucket = z.strictObject({
  from: z.int().min(1),
  edges: count,
  right: count,
  /** Share of right edges with the weights of the corpora; null without edges. */
  share: share.nullable(),
  /** The share, drawn towards that of the bucket before, and never above it. */
  probability: inside,
});
export type FittedBucket = z.infer<typeof FittedBucket>;

/** What edges of one corpus the figures rest on. */
export const CalibrationCorpus = z.strictObject({
  id: z.string(),
  version: z.string(),
  /** Labelled at sites whose set of targets is closed. */
  closed: count,
  /** Labelled at sites whose set is open and that ran: entered or not. */
  ran: count,
  /** Not entered there, and by no other site either; such edges count nowhere else. */
  unentered: count,
  right: count,
});
export type CalibrationCorpus = z.infer<typeof CalibrationCorpus>;

/** `calibration fit`: the table from which the engine reads its probabilities. */
export const FittedTable = z.strictObject({
  schemaVersion: z.literal(1),
  /** Makes this file again. */
  command: z.string(),
  corpora: z.array(CalibrationCorpus).min(1),
  /** Buckets by kind of evidence, `from` ascending from 1. */
  evidence: z.record(Evidence, z.array(FittedBucket).min(1)),
});
export type FittedTable = z.infer<typeof FittedTable>;

/** A figure with its 95 % interval; null ends where it cannot be had. */
const Interval = z.strictObject({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

/** One bin of the reliability diagram: edges whose stated probability lies in [low, high), the last one [low, high]. */
export const ReliabilityBin = z.strictObject({
  low: share,
  high: share,
  edges: count,
  right: count,
  /** Mean stated probability, with the weights of the corpora. */
  stated: share,
  /** Share of right edges, with the weights of the corpora. */
  observed: Interval,
  /**
   * Consistency band: where `observed` lies in 95 of 100 draws in which every edge is right with just its probability.
   * Records from before there were bands do not have it.
   */
  band: z.strictObject({ low: share, high: share }).optional(),
});
export type ReliabilityBin = z.infer<typeof ReliabilityBin>;

/** Brier score of some edges, and what it is made of. All are means over corpora. */
export const BrierFigures = z.strictObject({
  corpora: count,
  edges: count,
  right: count,
  /** Mean of (stated − right)². */
  brier: Interval,
  /** The same, had every edge been given the share of right edges on the corpora of split `fit`. */
  constant: z.number(),
  /** 1 − brier / constant. */
  skill: Interval,
  /** Brier = miscalibration − discrimination + uncertainty (CORP). */
  miscalibration: z.number(),
  discrimination: z.number(),
  uncertainty: z.number(),
  /** Mean of −ln(probability given to what is true), in nats. */
  logLoss: z.number(),
  /** Mean over corpora of the Brier score, with Student's t interval for corpora not seen; null for fewer than 5. */
  newCorpora: Interval.nullable(),
});
export type BrierFigures = z.infer<typeof BrierFigures>;

/** `calibration show`: the same probabilities on corpora of split `report`. */
export const CalibrationOutput = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  /** Makes this record again. */
  command: z.string(),
  seed: z.int(),
  resamples: count,
  /** Share of right edges on split `fit`: what the constant baseline says everywhere. */
  fitShare: share,
  corpora: z.array(
    z.strictObject({ ...CalibrationCorpus.shape, kind: z.enum(["real", "synthetic"]), brier: z.number() }),
  ),
  /** Real corpora: all labelled edges, those at closed sites alone, and those at open sites that ran. */
  all: BrierFigures,
  closed: BrierFigures.nullable(),
  ran: BrierFigures.nullable(),
  /** The latter, were every edge wrong whose target no site entered. */
  atWorst: BrierFigures.nullable(),
  synthetic: BrierFigures.nullable(),
  /** Of the edges of real corpora. */
  reliability: z.array(ReliabilityBin),
  /**
   * Of the same edges, the most probable first: the share of wrong ones among the first `coverage` of all, both with the
   * weights of the corpora. Records from before there was a curve do not have it.
   */
  risk: z.array(z.strictObject({ coverage: share, risk: share })).optional(),
  /** The same by how the edge was found. */
  evidence: z.array(z.strictObject({ evidence: Evidence, edges: count, right: count, stated: share, observed: share })),
});
export type CalibrationOutput = z.infer<typeof CalibrationOutput>;

/** How a call site can be answered so that what is not listed is said not to be reached. */
export const ANSWERED = ["certain", "likely", "external"] as const;

const countedStatements = z.strictObject({
  /** Statements of split `fit` whose target is not listed at a site that is answered so, and how many of them are true. */
  statements: z.int().nonnegative(),
  correct: z.int().nonnegative(),
  /** (correct + 1) / (statements + 2), Laplace's rule of succession. */
  probability: z.number().min(0).max(1),
});

/** How probable it is that a call reaches what Drift does not list: `calibration unlisted`. */
export const UnlistedTable = z.strictObject({
  schemaVersion: z.literal(1),
  command: z.string(),
  /** The corpora that it was counted on. */
  corpora: z.array(z.strictObject({ id: z.string(), version: z.string(), statements: z.int().nonnegative() })),
  answered: z.strictObject({ certain: countedStatements, likely: countedStatements, external: countedStatements }),
});
export type UnlistedTable = z.infer<typeof UnlistedTable>;
