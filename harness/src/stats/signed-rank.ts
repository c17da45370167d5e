/** Wilcoxon's signed-rank test, exact under ties and zeros too, and what follows from it. Pure: numbers in, numbers out. */
import { errorFunction } from "simple-statistics";

/** Pairs up to which the null distribution is exact; past it, normal with a correction for ties and continuity. */
export const EXACT_PAIRS = 500;

/** The upper tail of a statistic: how probable a value of `statistic` or more is. */
type UpperTail = (statistic: number) => number;

/**
 * One-sided test of whether differences tend to be above 0.
 *
 * Zeros are dropped and ties share their mid-rank; p is the share of all 2^n assignments of signs to those ranks whose sum
 * of positive ranks is as large or larger, which holds whatever the differences' distribution, if each sign is a fair coin.
 *
 * @param differences finite; order is irrelevant
 * @returns p in (0, 1]; 1 when nothing but zeros is left
 * @see Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1, 1945; ties: Pratt and Gibbons,
 *   "Concepts of Nonparametric Theory", 1981, section 3.7
 */
export function signedRankP(differences: readonly number[]): number {
  const { ranks, statistic, tied } = doubledSignedRanks(differences);
  if (ranks.length === 0) return 1;
  return (tied ? upperTail(ranks) : untiedTail(ranks.length))(statistic);
}

/**
 * {@link signedRankP} made continuous: of the probability of the observed sum only the share `uniform` counts. When every
 * sign is a fair coin it is uniform on (0, 1), which shows whether the test is exact; it is no p to decide with.
 *
 * @param uniform in [0, 1), drawn at random
 */
export function randomizedSignedRankP(differences: readonly number[], uniform: number): number {
  const { ranks, statistic, tied } = doubledSignedRanks(differences);
  if (ranks.length === 0) return uniform;
  const tail = tied ? upperTail(ranks) : untiedTail(ranks.length);
  const above = tail(statistic + 1);
  return above + uniform * (tail(statistic) - above);
}

/**
 * The Hodges-Lehmann estimate of a centre: the median of the averages of all pairs, each with itself too, with its exact
 * interval between two of those averages.
 *
 * @param differences at least one, finite; order is irrelevant
 * @param level wanted coverage in (0, 1)
 * @returns `level`: the coverage reached, which is below the wanted one when there are too few differences for it
 * @see Hodges and Lehmann, "Estimates of Location Based on Rank Tests", 1963; Hollander, Wolfe and Chicken,
 *   "Nonparametric Statistical Methods", 2014, sections 3.2 and 3.3
 */
export function hodgesLehmann(
  differences: readonly number[],
  level: number,
): { estimate: number; low: number; high: number; level: number } {
  const sorted = Float64Array.from(differences).sort();
  const n = sorted.length;
  const count = (n * (n + 1)) / 2;
  const lowerMiddle = walshAverage(sorted, Math.ceil(count / 2));
  const estimate = count % 2 === 1 ? lowerMiddle : (lowerMiddle + walshAverage(sorted, count / 2 + 1)) / 2;
  const k = Math.max(1, lowerBoundRank(n, (1 - level) / 2));
  const missed = 2 * untiedTail(n)(2 * (count - k + 1));
  return { estimate, low: walshAverage(sorted, k), high: walshAverage(sorted, count + 1 - k), level: 1 - missed };
}

/**
 * The lower confidence bound that belongs to {@link signedRankP} at `alpha`: the test against a margin below it rejects.
 *
 * @returns null when so few differences can't reject at `alpha` whatever they are
 */
export function lowerBound(differences: readonly number[], alpha: number): number | null {
  const k = lowerBoundRank(differences.length, alpha);
  return k === 0 ? null : walshAverage(Float64Array.from(differences).sort(), k);
}

/** Which average in ascending order is the lower bound: the most for which fewer positive ranks have at most `alpha`. */
function lowerBoundRank(n: number, alpha: number): number {
  const count = (n * (n + 1)) / 2;
  const tail = untiedTail(n);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (tail(2 * (count - middle + 1)) <= alpha) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The `k`-th least, from 1, of (x_i + x_j) / 2 over i <= j, found by halving: O(n) for each bit of the answer. */
function walshAverage(sorted: Float64Array, k: number): number {
  let low = sorted[0] as number;
  let high = sorted.at(-1) as number;
  if (averagesUpTo(sorted, low) >= k) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (averagesUpTo(sorted, middle) >= k) high = middle;
    else low = middle;
  }
}

function averagesUpTo(sorted: Float64Array, limit: number): number {
  let count = 0;
  let j = sorted.length - 1;
  for (let i = 0; i < sorted.length; i++) {
    while (j >= i && ((sorted[i] as number) + (sorted[j] as number)) / 2 > limit) j--;
    if (j < i) break;
    count += j - i + 1;
  }
  return count;
}

/** Mid-ranks of the absolute values without zeros, doubled so that they are whole, and the sum of the positive ones. */
function doubledSignedRanks(differences: readonly number[]): { ranks: number[]; statistic: number; tied: boolean } {
  const sorted = differences.filter((d) => d !== 0).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const ranks: number[] = [];
  let statistic = 0;
  let tied = false;
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && Math.abs(sorted[to] as number) === Math.abs(sorted[from] as number)) to++;
    tied ||= to > from + 1;
    for (let i = from; i < to; i++) {
      ranks.push(from + 1 + to);
      if ((sorted[i] as number) > 0) statistic += from + 1 + to;
    }
    from = to;
  }
  return { ranks, statistic, tied };
}

const untied = new Map<number, UpperTail>();

function untiedTail(n: number): UpperTail {
  const known = untied.get(n) ?? upperTail(Array.from({ length: n }, (_, i) => 2 * (i + 1)));
  untied.set(n, known);
  return known;
}

/** The upper tail of the sum of those `ranks` whose fair coin shows heads. */
function upperTail(ranks: readonly number[]): UpperTail {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  if (ranks.length > EXACT_PAIRS) {
    const sd = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0)) / 2;
    // The statistic of doubled ranks moves in steps of 2, so the correction for continuity is 1.
    return (statistic) => (1 - errorFunction((statistic - 1 - total / 2) / (sd * Math.SQRT2))) / 2;
  }
  let mass = new Float64Array(total + 1);
  mass[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    const next = new Float64Array(total + 1);
    for (let sum = 0; sum <= reached; sum++) {
      const half = (mass[sum] as number) / 2;
      next[sum] = (next[sum] as number) + half;
      next[sum + rank] = half;
    }
    reached += rank;
    mass = next;
  }
  for (let sum = total - 1; sum >= 0; sum--) mass[sum] = (mass[sum] as number) + (mass[sum + 1] as number);
  return (statistic) => (statistic > total ? 0 : Math.min(1, mass[Math.max(0, statistic)] as number));
}
