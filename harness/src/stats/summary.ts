/** Figures of a list of samples. Pure: numbers and a seed in, numbers out; nothing is dropped as an outlier. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { max, median, medianAbsoluteDeviation, min, quantileSorted } from "simple-statistics";

/** What the store keeps about a list of samples, in the samples' own unit. */
export interface Summary {
  sampleCount: number;
  median: number;
  /** 95 % seeded percentile-bootstrap interval of the median; null with fewer than two samples. */
  medianLow: number | null;
  medianHigh: number | null;
  /** Median absolute deviation from the median, not scaled. */
  mad: number;
  minimum: number;
  maximum: number;
}

/** Resamples behind every interval, and the share that an interval covers. */
const RESAMPLES = 2_000;
const LEVEL = 0.95;

/**
 * Summarizes samples of which the order does not matter.
 *
 * @param samples at least one, finite
 */
export function summarize(samples: readonly number[], options: { seed: number }): Summary {
  const values = samples.toSorted((a, b) => a - b);
  const interval =
    values.length < 2
      ? { low: null, high: null }
      : bootstrapInterval(values.length, (rows) => medianOf(values, rows), options);
  return {
    sampleCount: values.length,
    median: median(values),
    medianLow: interval.low,
    medianHigh: interval.high,
    mad: medianAbsoluteDeviation(values),
    minimum: min(values),
    maximum: max(values),
  };
}

/**
 * The ratio of the medians of two tools that ran in the same rounds, `numerator[i]` beside `denominator[i]`.
 * Whole rounds are resampled, so what slowed both in one round cancels.
 *
 * @param numerator at least one sample; as long as `denominator`
 * @param denominator above 0
 */
export function ratioOfMedians(
  numerator: readonly number[],
  denominator: readonly number[],
  options: { seed: number },
): { value: number; low: number | null; high: number | null } {
  const value = median([...numerator]) / median([...denominator]);
  if (numerator.length < 2) return { value, low: null, high: null };
  return {
    value,
    ...bootstrapInterval(numerator.length, (rows) => medianOf(numerator, rows) / medianOf(denominator, rows), options),
  };
}

/**
 * The percentile-bootstrap interval of a statistic over `n` rows: rows are drawn with replacement, the statistic is
 * taken of each draw, and the interval runs between the (1 ± level) / 2 quantiles of those values.
 *
 * @see Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3
 */
export function bootstrapInterval(
  n: number,
  statistic: (rows: Uint32Array) => number,
  options: { seed: number; resamples?: number; level?: number },
): { low: number; high: number } {
  const { seed, resamples = RESAMPLES, level = LEVEL } = options;
  const random = xoroshiro128plus(seed);
  const rows = new Uint32Array(n);
  const values = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) rows[i] = uniformInt(random, 0, n - 1);
    return statistic(rows);
  });
  const sorted = [...values.sort()];
  return { low: quantileSorted(sorted, (1 - level) / 2), high: quantileSorted(sorted, (1 + level) / 2) };
}

function medianOf(values: readonly number[], rows: Uint32Array): number {
  const drawn = Float64Array.from(rows, (row) => values[row] as number).sort();
  const middle = drawn.length >> 1;
  const upper = drawn[middle] as number;
  return drawn.length % 2 === 1 ? upper : ((drawn[middle - 1] as number) + upper) / 2;
}
