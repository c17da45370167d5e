/** Where the level of a series changed, with p-values that know of the search and of autocorrelation. */
import { bestSplit, mean, MINIMUM_SEGMENT, winsorized } from "./best-split.ts";
import { nullProbability } from "./change-point-null.ts";

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
  /** Least change of level, as a share; of series that reach 0 or below only {@link minimumSigmas} counts. */
  minimumEffect: number;
  /** Least change of level in standard deviations of what remains when both levels are taken away. */
  minimumSigmas: number;
}

export const CHANGE_POINT_DEFAULTS: ChangePointOptions = { alpha: 0.005, minimumEffect: 0.02, minimumSigmas: 1 };

/**
 * Autocorrelation is taken to be so many standard errors above what was measured, since a series that by chance seems calmer
 * than it is gives the false points. Chosen on simulated series and on the labelled ones of half `tune`.
 */
const PHI_ERRORS = 0.2;
/** Of the place of a step: autocorrelation above this would take a series for a random walk. */
const LARGEST_PHI = 0.95;
/** Places of a step this far apart and farther say nothing for each other. */
const PLACE_WIDTH = 9;
/** Longer series are searched in blocks of this length, so that the work grows with the length and not its square. */
const BLOCK = 2_000;
/** Steps below this share of the largest value are rounding. */
const ROUNDING = 1e-9;

/**
 * Binary segmentation on logs. The split is where the difference of means is largest for its variance; its p is the share
 * of simulated first-order autoregressive series of that length and autocorrelation whose own best split is as clear.
 * Each point found is at last placed and tested again between its neighbours, and leaves if it does not hold there.
 *
 * @param values finite, in order of time, of magnitudes between 1e-150 and 1e150 (or 0)
 * @returns ascending; empty when there are fewer than two segments' worth of values
 * @see Page, "Continuous Inspection Schemes", 1954 (the statistic); Robbins et al., "Mean Shift Testing in Correlated
 *   Data", Journal of Time Series Analysis 32, 2011 (the null under autocorrelation)
 */
export function findChangePoints(values: readonly number[], options: ChangePointOptions): ChangePoint[] {
  const isRatio = values.every((value) => value > 0);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = isRatio || largest === 0 ? 1 : largest;
  const series = Float64Array.from(values, (value) => (isRatio ? Math.log(value) : value / scale));
  const blocks = Math.max(1, Math.ceil(series.length / BLOCK));
  const rules = {
    leastStep: isRatio ? Math.log1p(options.minimumEffect) : ROUNDING,
    minimumSigmas: options.minimumSigmas,
    // Every block is a search of its own.
    alpha: options.alpha / blocks,
  };
  const known = new Map<string, Tested | null>();
  const test = (from: number, to: number): Tested | null => {
    const key = `${from} ${to}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const tested = testSegment(series.subarray(from, to), rules);
    const moved = tested && { ...tested, split: tested.split + from, index: tested.index + from };
    known.set(key, moved);
    return moved;
  };
  const found = settled(candidates(series.length, blocks, test), series.length, test);
  return found.map(({ index, p, step }) => ({ index, p, effect: isRatio ? Math.expm1(step) : step * scale }));
}

interface Tested {
  /** Where the difference of means is clearest: the bounds of neighbouring segments. */
  split: number;
  /** Where the step most likely happened. */
  index: number;
  p: number;
  /** Level after minus level before. */
  step: number;
  /** Whether a line that may bend once explains the segment better than two levels: then no place in it is a step. */
  isSlope: boolean;
}

type Test = (from: number, to: number) => Tested | null;

interface Candidate {
  split: number;
  p: number;
}

/** Splits found within blocks, and the blocks' borders, which have yet to hold. */
function candidates(length: number, blocks: number, test: Test): Candidate[] {
  return Array.from({ length: blocks }, (_, i) => {
    const [from, to] = [Math.floor((i * length) / blocks), Math.floor(((i + 1) * length) / blocks)];
    return [...(i === 0 ? [] : [{ split: from, p: 1 }]), ...segment(from, to, test)];
  }).flat();
}

function segment(from: number, to: number, test: Test): Candidate[] {
  const point = test(from, to);
  return point === null ? [] : [...segment(from, point.split, test), point, ...segment(point.split, to, test)];
}

/** Tests each between its neighbours; while some do not hold, the weakest of these leaves, since without it others may. */
function settled(candidates: readonly Candidate[], length: number, test: Test): Tested[] {
  const left = [...candidates];
  const testAt = (i: number): Tested | null => {
    const { split } = left[i] as Candidate;
    const tested = test(
      Math.max(left[i - 1]?.split ?? 0, split - BLOCK),
      Math.min(left[i + 1]?.split ?? length, split + BLOCK),
    );
    return tested !== null && tested.isSlope ? null : tested;
  };
  const placed = left.map((_, i) => testAt(i));
  for (;;) {
    const fallen = placed.reduce(
      (weakest, point, i) => (point === null && (left[i]?.p ?? 0) > (left[weakest]?.p ?? 0) ? i : weakest),
      -1,
    );
    if (fallen === -1) return placed.flatMap((point) => (point === null ? [] : [point]));
    left.splice(fallen, 1);
    placed.splice(fallen, 1);
    for (const i of [fallen - 1, fallen]) if (i >= 0 && i < left.length) placed[i] = testAt(i);
  }
}

interface Rules {
  alpha: number;
  leastStep: number;
  minimumSigmas: number;
}

function testSegment(raw: Float64Array, { alpha, leastStep, minimumSigmas }: Rules): Tested | null {
  const n = raw.length;
  if (n < 2 * MINIMUM_SEGMENT) return null;
  const values = winsorized(raw);
  const { tau, sd, lag, statistic } = bestSplit(values);
  // Each side about its own middle: about that of the whole segment the shorter level would count as an outlier.
  const [before, after] = [raw.subarray(0, tau), raw.subarray(tau)];
  const step = mean(winsorized(after)) - mean(winsorized(before));
  if (Math.abs(step) < Math.max(leastStep, minimumSigmas * sd)) return null;
  // The estimate is too low by about (1 + 3φ) / n for each level that is taken away (Kendall; Marriott and Pope, 1954).
  const phi = lag + (1 + 3 * lag) / n;
  const error = Math.sqrt(Math.max(0, 1 - phi * phi) / n);
  const p = nullProbability(statistic, n, phi + PHI_ERRORS * error);
  if (p > alpha) return null;
  const isSlope = isBentLine(raw, squaresOfLevel(before) + squaresOfLevel(after));
  return { split: tau, index: likeliestSplit(values, phi), p, step, isSlope };
}

/**
 * Whether a line that may bend once explains the values better than two levels, by Schwarz's criterion for as many independent
 * values as these are worth, their autocorrelation being that about the line. The bend costs two numbers, how much and where.
 */
function isBentLine(values: Float64Array, squaresAboutLevels: number): boolean {
  const residuals = residualsAboutBentLine(values);
  const squares = squaresOf(residuals);
  const lag = squares === 0 ? 0 : productOf(residuals.subarray(1), residuals) / squares;
  const kept = Math.min(LARGEST_PHI, Math.max(0, lag));
  const independent = Math.max(2, (values.length * (1 - kept)) / (1 + kept));
  return squares * Math.exp((2 * Math.log(independent)) / independent) < squaresAboutLevels;
}

/** Bends of a line are tried at so many places. */
const BENDS = 20;

/**
 * What a line leaves that may bend once, at the place where that is least: with the bend at k, the residuals of the straight
 * line are regressed on those of max(0, i - k).
 */
function residualsAboutBentLine(values: Float64Array): Float64Array {
  const n = values.length;
  const about = residualsAboutLine(values);
  let [most, best] = [0, about];
  for (let bend = 1; bend <= BENDS; bend++) {
    const k = Math.round((bend * (n - 1)) / (BENDS + 1));
    const hinge = residualsAboutLine(Float64Array.from({ length: n }, (_, i) => Math.max(0, i - k)));
    const [size, product] = [squaresOf(hinge), productOf(hinge, about)];
    if (size === 0 || (product * product) / size <= most) continue;
    most = (product * product) / size;
    best = about.map((value, i) => value - (product / size) * (hinge[i] as number));
  }
  return best;
}

function residualsAboutLine(values: Float64Array): Float64Array {
  const n = values.length;
  const centre = (n - 1) / 2;
  let sum = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    sum += values[i] as number;
    products += (values[i] as number) * (i - centre);
  }
  const slope = products / ((n * (n * n - 1)) / 12);
  return values.map((value, i) => value - sum / n - slope * (i - centre));
}

function squaresOf(values: Float64Array): number {
  return productOf(values, values);
}

function squaresOfLevel(values: Float64Array): number {
  const level = mean(values);
  return squaresOf(values.map((value) => value - level));
}

function productOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Where the step of first-order autoregressive values most probably happened, give or take a few values. Least squares on
 * values from which φ times the value before is taken say how probable each place is: a step shows in the jump itself more
 * sharply than in the means around it. Where neighbouring places are about as probable, the middle of them is nearer to the
 * truth than the likeliest of them, so places count for their neighbours, less with the distance.
 *
 * @returns how many values stand before the step
 * @see Bai, "Least Squares Estimation of a Shift in Linear Processes", Journal of Time Series Analysis 15, 1994
 */
function likeliestSplit(values: Float64Array, phi: number): number {
  const { explained, best, variance } = explainedBySplit(values, Math.min(LARGEST_PHI, Math.max(0, phi)));
  const probable = explained.map((one) =>
    variance === 0 ? Number(one === best) : Math.exp((one - best) / (2 * variance)),
  );
  let most = 0;
  let tau = MINIMUM_SEGMENT;
  for (let i = MINIMUM_SEGMENT; i <= values.length - MINIMUM_SEGMENT; i++) {
    let mass = 0;
    for (let k = 1 - PLACE_WIDTH; k < PLACE_WIDTH; k++)
      mass += (1 - Math.abs(k) / PLACE_WIDTH) * (probable[i + k] ?? 0);
    if (mass > most) {
      most = mass;
      tau = i;
    }
  }
  return tau;
}

/** Squares that a step at each place explains, the most of them, and the variance of the innovations that remains then. */
function explainedBySplit(values: Float64Array, phi: number) {
  const n = values.length;
  const after = 1 - phi;
  const innovation = (i: number): number => (values[i] as number) - phi * (values[i - 1] as number);
  let rest = 0;
  for (let i = 1; i < n; i++) rest += innovation(i);
  const centre = rest / (n - 1);
  let squares = 0;
  for (let i = 1; i < n; i++) squares += (innovation(i) - centre) ** 2;
  // Least squares with two columns: the level, `after` everywhere, and the step, 1 where it happens and `after` later.
  const level = (n - 1) * after * after;
  const levelSum = after * rest;
  const explained = new Float64Array(n).fill(-Infinity);
  let best = -Infinity;
  for (let i = 1; i <= n - MINIMUM_SEGMENT; i++) {
    rest -= innovation(i);
    if (i < MINIMUM_SEGMENT) continue;
    const later = n - 1 - i;
    const both = after * (1 + after * later);
    const step = 1 + after * after * later;
    const stepSum = innovation(i) + after * rest;
    const left = stepSum - (both * levelSum) / level;
    explained[i] = (left * left) / (step - (both * both) / level);
    best = Math.max(best, explained[i] as number);
  }
  return { explained, best, variance: Math.max(0, squares - best) / Math.max(1, n - 3) };
}
