/** What other names and comments do to a tool. */
import { VariantKind } from "@drift/corpora";
import { z } from "zod";
import { Estimate } from "./estimate.ts";
import { Category } from "./task.ts";

const count = z.int().min(0);

/**
 * One category of one tool on one kind of corpora: the signed score on the corpora as they are minus that on their variants, over the
 * same questions. Above 0 the variant took something away.
 */
export const RobustnessDrop = z.strictObject({
  tool: z.string(),
  variant: VariantKind,
  category: Category,
  kind: z.enum(["real", "synthetic"]),
  corpora: z.array(z.string()).min(1),
  /** Questions that were compared, and those that only one of the two has, since which are drawn can depend on names. */
  items: count,
  unpaired: count,
  /** The two scores; null where a corpus of split `fit` is among them, whose scores are not published. */
  original: Estimate.nullable(),
  varied: Estimate.nullable(),
  drop: Estimate,
});
export type RobustnessDrop = z.infer<typeof RobustnessDrop>;

/** How much of a corpus a variant changes. */
export const VariantOf = z.strictObject({
  corpus: z.string(),
  variant: VariantKind,
  /** Places with another name, of all places with names. */
  renamed: count,
  names: count,
  comments: z.strictObject({ changed: count, added: count, kept: count }),
  /** Files in which no name changes, because they ask for names while they run or are not understood: not compared. */
  leftOut: count,
});
export type VariantOf = z.infer<typeof VariantOf>;

/** What `robustness` prints, and what `--record <file>` adds up: the drops of each tool for each seed, the last of each. */
export const RobustnessRecord = z.strictObject({
  schemaVersion: z.literal(1),
  entries: z.array(
    z.strictObject({
      tool: z.string(),
      toolVersion: z.string(),
      /** What the variants are drawn by. */
      seed: count,
      /** Makes it again. */
      command: z.string(),
      suiteVersion: z.string(),
      /** When the run on the corpora as they are began. */
      startedAt: z.iso.datetime(),
      variants: z.array(VariantOf),
      drops: z.array(RobustnessDrop),
    }),
  ),
});
export type RobustnessRecord = z.infer<typeof RobustnessRecord>;
