/** How far from the diagonal a reliability diagram may lie by chance alone. Pure. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { estimate, mixSeed } from "../scores/bootstrap.ts";
import type { Forecast } from "./brier.ts";

/** Draws of as many forecasts as there are. */
export const BAND_DRAWS = 1_000;

/** Where the share of right forecasts of a bin lies in 95 of 100 draws, were every probability right. */
export interface Band {
  low: number;
  high: number;
}

/**
 * The consistency band of each bin that has a forecast.
 *
 * In each of 1,000 draws as many forecasts as there are are taken with replacement, and each comes true with just its
 * stated probability; the band holds the percentiles 2.5 to 97.5 of the share of a bin that came true, with the weights of
 * the forecasts. Draws that leave a bin empty do not count for it. Forecasts come true independently here: where truths
 * hang together, what is right strays further than the band says.
 *
 * @param binOf index of the bin of a probability
 * @see Bröcker and Smith, "Increasing the Reliability of Reliability Diagrams", Weather and Forecasting 22 (2007)
 */
export function consistencyBands(
  forecasts: readonly Forecast[],
  binOf: (probability: number) => number,
  seed: number,
): Map<number, Band> {
  const binAt = forecasts.map(({ probability }) => binOf(probability));
  const bins = [...new Set(binAt)].toSorted((a, b) => a - b);
  const draws = new Map(bins.map((one) => [one, new Float64Array(BAND_DRAWS)]));
  const rng = xoroshiro128plus(mixSeed(seed, "consistency bands"));
  const width = Math.max(0, ...bins) + 1;
  for (let draw = 0; draw < BAND_DRAWS; draw++) {
    const [weights, right] = [new Float64Array(width), new Float64Array(width)];
    for (let pick = 0; pick < forecasts.length; pick++) {
      const index = uniformInt(rng, 0, forecasts.length - 1);
      const { probability, weight } = forecasts[index] as Forecast;
      const at = binAt[index] as number;
      weights[at] = (weights[at] as number) + weight;
      if (uniformFloat64(rng) < probability) right[at] = (right[at] as number) + weight;
    }
    for (const [at, shares] of draws) shares[draw] = (right[at] as number) / (weights[at] as number);
  }
  return new Map(
    bins.map((one) => {
      const shares = draws.get(one) as Float64Array;
      const { low, high } = estimate({ value: 0, n: BAND_DRAWS, clusters: BAND_DRAWS, draws: shares });
      return [one, { low: low ?? 0, high: high ?? 1 }];
    }),
  );
}
