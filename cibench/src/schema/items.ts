/** How hard the items of the suite are and how well they tell tools apart: what `cibench items` prints. */
import { z } from "zod";
import { Category } from "./task.ts";

/**
 * - `negative`: tools that are better at all else are worse at it, so its truth or its question may be wrong.
 * - `all-right`, `all-wrong`: it tells no tools apart; of themselves fine, for tools to come may differ.
 */
export const ItemFlag = z.enum(["negative", "all-right", "all-wrong"]);
export type ItemFlag = z.infer<typeof ItemFlag>;

export const FlaggedItem = z.strictObject({
  category: Category,
  kind: z.enum(["real", "synthetic"]),
  corpus: z.string(),
  itemId: z.string(),
  flag: ItemFlag,
  /** Mean over tools of what their answers are worth: the classical difficulty, high where it is easy. */
  difficulty: z.number(),
  /** Correlation over tools of what the item is worth with what their other items are, in [−1, 1]; null where tools do not differ or are too few. */
  discrimination: z.number().min(-1).max(1).nullable(),
  /** What the item is worth to each tool, by its name. */
  credits: z.record(z.string(), z.number()),
});
export type FlaggedItem = z.infer<typeof FlaggedItem>;

/** Items of one category that the same tools were asked. */
export const ItemGroup = z.strictObject({
  category: Category,
  kind: z.enum(["real", "synthetic"]),
  tools: z.array(z.string()),
  items: z.int().nonnegative(),
  /** Mean over items; null where there is none. */
  difficulty: z.number().nullable(),
  /** Mean over items that have one; null where none has. */
  discrimination: z.number().nullable(),
  flagged: z.record(ItemFlag, z.int().nonnegative()),
  /** How many would be `negative` if each item were worth the same, but to tools drawn by lot. */
  negativeByChance: z.number().nonnegative(),
});
export type ItemGroup = z.infer<typeof ItemGroup>;

/** The rule of `cibench/RETIREMENT.md`. */
export const RetirementRule = z.strictObject({
  version: z.int().min(1),
  fewestTools: z.int(),
  discrimination: z.number(),
  largestShare: z.number(),
  /** Tools whose answers decide nothing. */
  leftOut: z.array(z.string()),
});
export type RetirementRule = z.infer<typeof RetirementRule>;

export const ItemsOutput = z.strictObject({
  schemaVersion: z.literal(1),
  command: z.string(),
  suiteHash: z.string(),
  suiteVersion: z.string(),
  /** Whose answers were looked at, by run. */
  runs: z.array(z.string()),
  rule: RetirementRule,
  groups: z.array(ItemGroup),
  flagged: z.array(FlaggedItem),
  /** Items that the rule lets be retired in the next version of the suite: `category/corpus/itemId`. */
  mayRetire: z.array(z.string()),
  /** Why there are none; null where there are. */
  reason: z.string().nullable(),
});
export type ItemsOutput = z.infer<typeof ItemsOutput>;
