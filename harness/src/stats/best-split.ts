/** The clearest split of a series into two levels. */

/** Values that a level must last on either side. */
export const MINIMUM_SEGMENT = 5;

/** Values further than so many scaled median deviations from the median count as if they were there. */
const WINSOR_DEVIATIONS = 3;
const MAD_TO_SD = 1.4826;

export interface Split {
  /** Values before the change. */
  tau: number;
  /** Mean after minus mean before. */
  step: number;
  /** Standard deviation about the two levels. */
  sd: number;
  /** Lag-1 autocorrelation about the two levels, as it was measured: too low in short series. */
  lag: number;
  /** |step| √(τ (n - τ) / n) / sd; infinite where both levels are exact, 0 where there is no step. */
  statistic: number;
}

/** @param values at least two segments' worth */
export function bestSplit(values: Float64Array): Split {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  let before = 0;
  let best = 0;
  let tau = MINIMUM_SEGMENT;
  for (let i = 1; i <= n - MINIMUM_SEGMENT; i++) {
    before += values[i - 1] as number;
    if (i < MINIMUM_SEGMENT) continue;
    const gap = Math.abs(before / i - (sum - before) / (n - i)) * Math.sqrt((i * (n - i)) / n);
    if (gap > best) {
      best = gap;
      tau = i;
    }
  }
  const left = mean(values.subarray(0, tau));
  const right = mean(values.subarray(tau));
  let squares = 0;
  let products = 0;
  let last = 0;
  for (let i = 0; i < n; i++) {
    const residual = (values[i] as number) - (i < tau ? left : right);
    squares += residual * residual;
    if (i > 0) products += residual * last;
    last = residual;
  }
  const sd = Math.sqrt(squares / (n - 2));
  return {
    tau,
    step: right - left,
    sd,
    lag: squares === 0 ? 0 : products / squares,
    statistic: best === 0 ? 0 : best / sd,
  };
}

/** @returns the values themselves where more than half of them are equal, since then none stands out by degree */
export function winsorized(values: Float64Array): Float64Array {
  const middle = medianOfSorted(values.slice().sort());
  const spread = medianOfSorted(values.map((value) => Math.abs(value - middle)).sort());
  if (spread === 0) return values;
  const limit = WINSOR_DEVIATIONS * MAD_TO_SD * spread;
  return values.map((value) => Math.min(middle + limit, Math.max(middle - limit, value)));
}

function medianOfSorted(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
