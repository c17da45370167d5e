/** Brier score, its parts, and log loss of stated probabilities. Pure. */
import { nonIncreasing } from "./non-increasing.ts";

/** A stated probability and what was true; `weight` above 0, on any scale. */
export interface Forecast {
  probability: number;
  right: boolean;
  weight: number;
}

/** Brier = miscalibration − discrimination + uncertainty. */
export interface BrierParts {
  brier: number;
  miscalibration: number;
  discrimination: number;
  uncertainty: number;
}

/**
 * Brier score and its CORP decomposition.
 *
 * brier = Σ w (p − y)² / Σ w, with y = 1 for right and 0 for wrong. Let B₁ be the same after p was replaced by the best
 * non-decreasing function of p (isotonic regression), and B₀ with the overall share of right ones instead of p. Then
 * miscalibration = brier − B₁, discrimination = B₀ − B₁, uncertainty = B₀.
 *
 * @param forecasts at least one, probabilities in [0, 1]
 * @returns brier, miscalibration and discrimination in [0, 1], uncertainty in [0, 1/4]
 * @see Brier, Monthly Weather Review 78 (1950); Dimitriadis, Gneiting and Jordan, PNAS 118 (2021)
 */
export function brierParts(forecasts: readonly Forecast[]): BrierParts {
  const share = mean(forecasts, ({ right }) => Number(right));
  const recalibrated = isotonic(forecasts);
  const brier = mean(forecasts, ({ probability, right }) => (probability - Number(right)) ** 2);
  const best = mean(forecasts, ({ probability, right }) => {
    return ((recalibrated.get(probability) as number) - Number(right)) ** 2;
  });
  const uncertainty = share * (1 - share);
  return { brier, miscalibration: brier - best, discrimination: uncertainty - best, uncertainty };
}

/** Mean of −ln of the probability that was given to what is true, in nats; infinite where that was 0. */
export function logLoss(forecasts: readonly Forecast[]): number {
  return mean(forecasts, ({ probability, right }) => -Math.log(right ? probability : 1 - probability));
}

/** Mean of something over forecasts with their weights. */
export function mean(forecasts: readonly Forecast[], of: (forecast: Forecast) => number): number {
  let [sum, weights] = [0, 0];
  for (const forecast of forecasts) {
    sum += forecast.weight * of(forecast);
    weights += forecast.weight;
  }
  return sum / weights;
}

/** The best non-decreasing function of the stated probability, by that probability. */
function isotonic(forecasts: readonly Forecast[]): Map<number, number> {
  const groups = Map.groupBy(forecasts, ({ probability }) => probability);
  const stated = [...groups.keys()].toSorted((a, b) => b - a);
  const values = stated.map((probability) => {
    const group = groups.get(probability) as Forecast[];
    return {
      value: mean(group, ({ right }) => Number(right)),
      weight: group.reduce((sum, { weight }) => sum + weight, 0),
    };
  });
  const fitted = nonIncreasing(values);
  return new Map(stated.map((probability, index) => [probability, fitted[index] as number]));
}
