/** Where the level of a series changed, with p-values that know of the search and of autocorrelation. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** One change of level. */
export interface ChangePoint {
  /** 0-based: the first value after the change. */
  index: number;
  /** How probable a step as clear as this is anywhere in its segment if the level never changed there; in (0, 1]. */
  p: number;
  /** Mean after over mean before, minus 1 (geometric means); where values reach 0 or below, the difference of means. */
  effect: number;
}

export interface ChangePointOptions {
  /** A step whose p is above this is none. */
  alpha: number;
  /** Values that a level must last on either side. */
  minimumSegment: number;
  /** Least change of level, as a share; of series that reach 0 or below only {@link minimumSigmas} counts. */
  minimumEffect: number;
  /** Least change of level in standard deviations of what remains when both levels are taken away. */
  minimumSigmas: number;
  /** Series simulated for each null distribution. */
  draws: number;
  seed: number;
}

export const CHANGE_POINT_DEFAULTS: ChangePointOptions = {
  alpha: 0.005,
  minimumSegment: 5,
  minimumEffect: 0.02,
  minimumSigmas: 1,
  draws: 10_000,
  seed: 1,
};

/** Values further than so many scaled median deviations from the median count as if they were there. */
const WINSOR_DEVIATIONS = 3;
const MAD_TO_SD = 1.4826;
/** The null distribution is simulated on this grid: lengths in tens, autocorrelation in steps of .05. */
const LENGTH_STEP = 10;
const PHI_STEP = 0.05;
const LARGEST_PHI = 0.95;
/** The longest series that is simulated; see {@link nullExceedance}. */
const LONGEST = 1_000;

/**
 * Binary segmentation on logs. The split is where the difference of means is largest for its variance; its p is the share
 * of simulated first-order autoregressive series of that length and autocorrelation whose own best split is as clear.
 * Each point found is at last placed and tested again between its neighbours, and leaves if it does not hold there.
 *
 * @param values finite, in order of time
 * @returns ascending; empty when there are fewer than two segments' worth of values
 * @see Page, "Continuous Inspection Schemes", 1954 (the statistic); Robbins et al., "Mean Shift Testing in Correlated
 *   Data", Journal of Time Series Analysis 32, 2011 (the null under autocorrelation)
 */
export function findChangePoints(values: readonly number[], options: ChangePointOptions): ChangePoint[] {
  const isRatio = values.every((value) => value > 0);
  const series = Float64Array.from(values, (value) => (isRatio ? Math.log(value) : value));
  const leastStep = isRatio ? Math.log1p(options.minimumEffect) : 0;
  const test = (from: number, to: number): Tested | null => testSegment(series, { from, to, leastStep }, options);
  let points = segment(0, series.length, test);
  for (;;) {
    const placed = points.map((_, i) => test(points[i - 1]?.split ?? 0, points[i + 1]?.split ?? series.length));
    const held = placed.flatMap((point) => (point === null ? [] : [point]));
    if (held.length === points.length) {
      return held.map(({ index, p, step }) => ({ index, p, effect: isRatio ? Math.expm1(step) : step }));
    }
    // The weakest leaves alone: without it the others may hold.
    const weakest = points.map((point, i) => placed[i]?.p ?? 1 + point.p);
    points = points.toSpliced(weakest.indexOf(Math.max(...weakest)), 1);
  }
}

interface Tested {
  /** Where the difference of means is clearest: the bounds of neighbouring segments. */
  split: number;
  /** Where the step most likely happened. */
  index: number;
  p: number;
  /** Level after minus level before. */
  step: number;
}

function segment(from: number, to: number, test: (from: number, to: number) => Tested | null): Tested[] {
  const point = test(from, to);
  return point === null ? [] : [...segment(from, point.split, test), point, ...segment(point.split, to, test)];
}

function testSegment(
  series: Float64Array,
  { from, to, leastStep }: { from: number; to: number; leastStep: number },
  options: ChangePointOptions,
): Tested | null {
  const n = to - from;
  if (n < 2 * options.minimumSegment) return null;
  const values = winsorized(series.subarray(from, to));
  const split = bestSplit(values, options.minimumSegment);
  const { step, sd, statistic } = split;
  if (Math.abs(step) < Math.max(leastStep, options.minimumSigmas * sd) || step === 0) return null;
  const p = nullExceedance(statistic, n, split.phi, options);
  if (p > options.alpha) return null;
  const likeliest = likeliestSplit(values, split.phi, options.minimumSegment);
  return { split: from + split.tau, index: from + likeliest, p, step };
}

interface Split {
  /** Values before the change. */
  tau: number;
  step: number;
  /** Standard deviation about the two levels. */
  sd: number;
  /** Lag-1 autocorrelation about the two levels, corrected for its bias in short series. */
  phi: number;
  /** |step| √(τ (n - τ) / n) / sd; infinite where both levels are exact. */
  statistic: number;
}

function bestSplit(values: Float64Array, minimumSegment: number): Split {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  let before = 0;
  let best = 0;
  let tau = minimumSegment;
  for (let i = 1; i <= n - minimumSegment; i++) {
    before += values[i - 1] as number;
    if (i < minimumSegment) continue;
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
  const lag = squares === 0 ? 0 : products / squares;
  // The estimate is too low by about (1 + 3φ) / n for each level that is taken away (Kendall; Marriott and Pope, 1954).
  return { tau, step: right - left, sd, phi: lag + (1 + 3 * lag) / n, statistic: best / sd };
}

/**
 * Where a step explains most of first-order autoregressive values, by least squares on values from which φ times the
 * value before is taken: the place of a step shows in the jump itself more sharply than in the means around it.
 *
 * @returns how many values stand before the step
 * @see Bai, "Least Squares Estimation of a Shift in Linear Processes", Journal of Time Series Analysis 15, 1994
 */
function likeliestSplit(values: Float64Array, phi: number, minimumSegment: number): number {
  const n = values.length;
  const kept = Math.min(LARGEST_PHI, Math.max(0, phi));
  const after = 1 - kept;
  const innovation = (i: number): number => (values[i] as number) - kept * (values[i - 1] as number);
  let rest = 0;
  for (let i = 1; i < n; i++) rest += innovation(i);
  // Least squares with two columns: the level, `after` everywhere, and the step, 1 where it happens and `after` later.
  const level = (n - 1) * after * after;
  const levelSum = after * rest;
  let best = -Infinity;
  let tau = minimumSegment;
  for (let i = 1; i <= n - minimumSegment; i++) {
    rest -= innovation(i);
    if (i < minimumSegment) continue;
    const later = n - 1 - i;
    const both = after * (1 + after * later);
    const step = 1 + after * after * later;
    const stepSum = innovation(i) + after * rest;
    const left = stepSum - (both * levelSum) / level;
    const explained = (left * left) / (step - (both * both) / level);
    if (explained > best) {
      best = explained;
      tau = i;
    }
  }
  return tau;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function winsorized(values: Float64Array): Float64Array {
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

const nulls = new Map<string, Float64Array>();

/**
 * (1 + how many simulated statistics are as large) / (1 + draws). The search of a longer series than {@link LONGEST} is
 * worth more independent looks, whose number grows with the logarithm of the length (Darling and Erdős, 1956).
 */
function nullExceedance(statistic: number, n: number, phi: number, options: ChangePointOptions): number {
  const { minimumSegment, draws, seed } = options;
  const length = Math.min(LONGEST, Math.max(2 * minimumSegment, Math.round(n / LENGTH_STEP) * LENGTH_STEP));
  const looks = Math.max(1, Math.log(n) / Math.log(LONGEST));
  const steps = Math.round(Math.min(LARGEST_PHI, Math.max(0, phi)) / PHI_STEP);
  const key = [length, steps, minimumSegment, draws, seed].join(" ");
  const known = nulls.get(key) ?? simulateNull({ length, phi: steps * PHI_STEP, minimumSegment, draws, seed });
  nulls.set(key, known);
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((known[middle] as number) < statistic) low = middle + 1;
    else high = middle;
  }
  return Math.min(1, (looks * (1 + known.length - low)) / (1 + known.length));
}

/** Statistics of series without a change, ascending. */
function simulateNull(of: {
  length: number;
  phi: number;
  minimumSegment: number;
  draws: number;
  seed: number;
}): Float64Array {
  const random = xoroshiro128plus(of.seed);
  const innovation = Math.sqrt(1 - of.phi * of.phi);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  return Float64Array.from({ length: of.draws }, () => {
    let state = normal();
    const series = Float64Array.from({ length: of.length }, () => {
      const value = state;
      state = of.phi * state + innovation * normal();
      return value;
    });
    return bestSplit(winsorized(series), of.minimumSegment).statistic;
  }).sort();
}
