/** How small a difference the benchmark tells apart: what `cibench resolution` prints. */
import { z } from "zod";
import { Category } from "./task.ts";

/** What was done to answers; `src/resolution/damage.ts` says how. */
export const DamageKind = z.enum(["drop", "swap", "flatten"]);
export type DamageKind = z.infer<typeof DamageKind>;

const share = z.number().min(0).max(1);

/** What became of the score at one dose, over all seeds. */
export const DoseResult = z.strictObject({
  /** Share of what the answers claim that was damaged. */
  dose: share,
  /** The same as a number of parts (edges, choices, excerpts, verdicts, probabilities), in the mean over seeds. */
  parts: z.number().nonnegative(),
  /** Mean of the score and its standard deviation over seeds; `least` and `most` of all seeds. */
  mean: z.number(),
  deviation: z.number().nonnegative(),
  least: z.number(),
  most: z.number(),
  /** Share of seeds in which the paired test of the ranks puts the damaged answers below the others. */
  toldApart: share,
});
export type DoseResult = z.infer<typeof DoseResult>;

export const ResolutionEntry = z.strictObject({
  category: Category,
  /** The corpora whose score counts with the weight of the category, of those that were asked for. */
  corpora: z.array(z.string()),
  /** Whose answers were damaged. */
  of: z.string(),
  damage: DamageKind,
  /** All that these answers claim. */
  parts: z.int().nonnegative(),
  /** The score without damage. */
  score: z.number(),
  doses: z.array(DoseResult),
  /** Whether the mean is lower at each dose than at the one before, and at the first than without damage. */
  monotone: z.boolean(),
  /** The smallest dose from which on, at every dose, the damaged answers are told apart in at least `needed` of the seeds; null: none. */
  resolution: share.nullable(),
  /** By how much the mean score is lower at that dose: the smallest difference that is told apart. */
  difference: z.number().nullable(),
});
export type ResolutionEntry = z.infer<typeof ResolutionEntry>;

export const ResolutionOutput = z.strictObject({
  schemaVersion: z.literal(1),
  command: z.string(),
  /** Of the code that scored; null where it was not said. */
  commit: z.string().nullable(),
  /** Version and rules of the suite. */
  suiteVersion: z.string(),
  /** Runs whose stored answers were damaged. */
  runs: z.array(z.string()),
  /** Seed of the resamples, and how many times answers were damaged: with the seeds 1 to `seeds`. */
  seed: z.int(),
  seeds: z.int().positive(),
  /** p up to which two runs are told apart, and the share of seeds in which they have to be. */
  level: share,
  needed: share,
  entries: z.array(ResolutionEntry),
});
export type ResolutionOutput = z.infer<typeof ResolutionOutput>;
