/** How often the most probable forecasts are wrong. Pure. */
import type { CalibrationOutput } from "../schema/calibration.ts";
import type { Forecast } from "./brier.ts";
import { type Group, riskAt } from "./lines/ordered.ts";

const COVERAGES = Array.from({ length: 20 }, (_, index) => (index + 1) / 20);

/**
 * The risk-coverage curve: at each twentieth, the share of wrong ones among the most probable forecasts that make up such
 * a share of all, both with the weights of the forecasts. Within one probability the order is random, and the
 * expectation counts. At 1 it is the share of wrong ones.
 *
 * @param forecasts at least one
 * @see Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017
 */
export function riskCurve(forecasts: readonly Forecast[]): NonNullable<CalibrationOutput["risk"]> {
  // Weights on the scale of counts, which is what coverage is rounded to.
  const scale = forecasts.length / forecasts.reduce((sum, { weight }) => sum + weight, 0);
  const groups: Group[] = [];
  let last = Number.NaN;
  for (const { probability, right, weight } of forecasts.toSorted((a, b) => b.probability - a.probability)) {
    if (probability !== last) groups.push({ correct: 0, wrong: 0 });
    last = probability;
    (groups.at(-1) as Group)[right ? "correct" : "wrong"] += weight * scale;
  }
  // Sums of scaled weights may be off by their last digit.
  return COVERAGES.map((coverage) => ({ coverage, risk: Math.min(1, riskAt(groups, coverage)) }));
}
