/** Which tools differ by more than chance. */
import { z } from "zod";
import { Estimate } from "./estimate.ts";
import { Category } from "./task.ts";

/** Two tools on the same items. */
export const PairComparison = z.strictObject({
  a: z.string(),
  b: z.string(),
  /** raw of `a` minus raw of `b`; paired: both are resampled with the same files. */
  difference: Estimate,
  /** Two-sided bootstrap p-value, at least 2 / 2,001. */
  p: z.number().min(0).max(1),
  /** `p` after Benjamini-Hochberg over all pairs of the ranking. */
  q: z.number().min(0).max(1),
  /** True when `q` is at most the ranking's false-discovery rate. */
  separated: z.boolean(),
});
export type PairComparison = z.infer<typeof PairComparison>;

export const RankedRun = z.strictObject({
  runId: z.string(),
  tool: z.string(),
  score: Estimate,
  /** 1 + the number of tools that are separated from this one and better; tools that nothing separates share a rank. */
  rank: z.int().min(1),
  /** Runs of this ranking from which this one is not separated. */
  tiedWith: z.array(z.string()),
});
export type RankedRun = z.infer<typeof RankedRun>;

/** An order of the contestants of one suite, only as fine as the data. */
export const Ranking = z.strictObject({
  category: Category,
  kind: z.enum(["real", "synthetic"]),
  suiteHash: z.string().nullable(),
  falseDiscovery: z.number().gt(0).lt(1),
  seed: z.int(),
  /** Best rank first, equal ranks by score. */
  ranked: z.array(RankedRun),
  pairs: z.array(PairComparison),
  notRanked: z.array(z.strictObject({ runId: z.string(), tool: z.string(), reason: z.string() })),
});
export type Ranking = z.infer<typeof Ranking>;
