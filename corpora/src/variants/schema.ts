/** What a variant of a corpus is, and the record of how it differs. */
import { z } from "zod";
import { CANARY } from "../truth/canary.ts";

/**
 * `renamed`: names that mean nothing. `misleading`: names of each other. `uncommented`: without comments. `lying`: comments of other
 * places, and false ones at functions.
 */
export const VariantKind = z.enum(["renamed", "misleading", "uncommented", "lying"]);
export type VariantKind = z.infer<typeof VariantKind>;

const count = z.int().nonnegative();

/**
 * How a variant differs from its corpus. Nothing moves: a new name is as long as the old one, and comments only fill what was there
 * or stand at ends of lines. So what is true at a place of the one is true at the same place of the other.
 */
export const VariantTable = z.strictObject({
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  corpus: z.string(),
  corpusVersion: z.string(),
  kind: VariantKind,
  seed: z.int().nonnegative(),
  /** Names that all files share, before and after, by the name before. */
  shared: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  /** Names of one scope, by where they stand first (1-based, columns in UTF-16 units). */
  bindings: z.array(
    z.strictObject({ file: z.string(), line: z.int(), column: z.int(), from: z.string(), to: z.string() }),
  ),
  /** Places at which another name stands now. */
  renamed: count,
  /** Places of names in all files that were read. */
  names: count,
  /** Words and bindings that keep their names, by the reason. */
  left: z.record(z.string(), count),
  comments: z.strictObject({ changed: count, added: count, kept: count }),
  /** Files that differ from the corpus. */
  changed: z.array(z.string()),
  /** Source files in which no name changes, each with its reason. */
  leftOut: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
});
export type VariantTable = z.infer<typeof VariantTable>;
