/** What a single item is worth, for who looks at which items changed. */
import { areaUnder } from "../evaluators/context.ts";
import { repaired } from "../evaluators/refinement.ts";
import type { ItemOutcome } from "../schema/score.ts";
import { BASE_ERROR } from "./scoring.ts";

/**
 * Of what was read the area under recall, of a draft the share of what it lacks that was repaired, both in [0, 1]. Of a forecast 1 − (p − truth)² / {@link BASE_ERROR}, at most 1 and at least −3. Of an undecidable statement,
 * to who abstains, what its decided partner is worth, in [0, 1]. Else in [0, 1]: 1 for an item that is right, else 2TP / (2TP + FP + FN) of its own edges (0 where it has none). Null where
 * truth says nothing about the item, so that nobody can win or lose it.
 */
export function itemCredit({
  outcome,
  counts,
  forecast,
  reading,
  refinement,
  abstention,
}: Pick<ItemOutcome, "outcome" | "counts" | "forecast" | "reading" | "refinement" | "abstention">): number | null {
  if (outcome === "unjudged") return null;
  if (reading !== undefined) return areaUnder(reading.recalls);
  if (refinement !== undefined) return repaired(refinement.draft, refinement.rounds.at(-1) ?? 0);
  if (forecast !== undefined) return 1 - (forecast.probability - Number(forecast.isTrue)) ** 2 / BASE_ERROR;
  if (abstention !== undefined) return abstention.abstains ? abstention.worth : 0;
  if (outcome === "right") return 1;
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
  return tp === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn);
}
