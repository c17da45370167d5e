/** How often intervals hold what is true, in made-up corpora: what `cibench coverage` prints. */
import { z } from "zod";
import { Category } from "./task.ts";

const share = z.number().min(0).max(1);

/** Of one kind of interval, over all repeats in which it was printed. */
export const Held = z.strictObject({
  /** Share of the intervals in which the true value lies. */
  coverage: share,
  /** Mean width, in points of raw. */
  width: z.number().nonnegative(),
});
export type Held = z.infer<typeof Held>;

export const CoverageEntry = z.strictObject({
  /** Whose formula makes one number of the made-up items. */
  category: Category,
  /** How many corpora each repeat has. */
  corpora: z.int().positive(),
  /** On these corpora, as reports print it: expanded percentiles. */
  onThese: Held,
  /** The same with plain percentiles, as reports had it before. */
  percentile: Held,
  /** For new corpora; null where it is not printed. */
  newCorpora: Held.nullable(),
});
export type CoverageEntry = z.infer<typeof CoverageEntry>;

export const CoverageOutput = z.strictObject({
  schemaVersion: z.literal(1),
  command: z.string(),
  /** Of the code that made the intervals; null where it was not said. */
  commit: z.string().nullable(),
  seed: z.int(),
  /** How many sets of corpora were made for each entry. */
  repeats: z.int().positive(),
  /** What intervals promise, and between what shares they are taken to keep it. */
  nominal: share,
  kept: z.strictObject({ from: share, to: share }),
  entries: z.array(CoverageEntry),
});
export type CoverageOutput = z.infer<typeof CoverageOutput>;
