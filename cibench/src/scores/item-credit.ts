/** What a single item is worth, for who looks at which items changed. */
import type { ItemOutcome } from "../schema/score.ts";

/**
 * In [0, 1]: 1 for an item that is right, else 2TP / (2TP + FP + FN) of its own edges (0 where it has none). Null where
 * truth says nothing about the item, so that nobody can win or lose it.
 */
export function itemCredit({ outcome, counts }: Pick<ItemOutcome, "outcome" | "counts">): number | null {
  if (outcome === "unjudged") return null;
  if (outcome === "right") return 1;
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
  return tp === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn);
}
