/**
 * An exact test of repeated runs: had base and head been the same, whichever runs of a cluster are called base would be
 * chance, so relabelling them shows what chance gives. Runs of one cluster share its items, so labels move with whole runs.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** One value per run, at least one on each side. */
export interface Cluster {
  base: readonly number[];
  head: readonly number[];
}

export interface Relabelled {
  /** Mean over clusters of mean head minus mean base. */
  difference: number;
  /** One-sided p of "head is above base by more than `margin`". */
  p: (margin: number) => number;
  /** The largest margin that is rejected at `alpha`; null when so few labellings reject none. */
  lowerBound: (alpha: number) => number | null;
}

/** All labellings are looked at where there are no more than this; else as many are drawn. */
const MOST_LABELLINGS = 20_000;

/**
 * The statistic of a labelling is linear in the margin, so each labelling has one margin from which on it is as extreme as
 * what was seen; p is the share of labellings that are past theirs, and bounds are order statistics of these margins.
 *
 * @param clusters at least one
 */
export function relabel(clusters: readonly Cluster[], seed: number): Relabelled {
  const difference = mean(clusters.map(({ base, head }) => mean(head) - mean(base)));
  const thresholds = Float64Array.from(labellings(clusters, seed), ({ value, moved }) =>
    moved < 1e-12 ? -Infinity : (difference - value) / moved,
  ).sort();
  const n = thresholds.length;
  return {
    difference,
    // Sums of the same values in another order differ in their last bits.
    p: (margin) => thresholds.filter((one) => one <= margin + 1e-12).length / n,
    lowerBound: (alpha) => {
      const rejected = Math.floor(alpha * n + 1e-9);
      const bound = thresholds[Math.min(rejected, n - 1)] as number;
      return Number.isFinite(bound) ? bound : null;
    },
  };
}

/** What a labelling says: its difference, and how much of a shift between the sides it undoes, from 0 (none) to 2 (twice). */
interface Labelling {
  value: number;
  moved: number;
}

function labellings(clusters: readonly Cluster[], seed: number): Labelling[] {
  const counts = clusters.map(({ base, head }) => choose(base.length + head.length, base.length));
  const all = counts.reduce((product, count) => product * count, 1);
  const found: Labelling[] = [];
  const add = (chosen: readonly (readonly number[])[]): void => {
    const parts = clusters.map((cluster, i) => labelled(cluster, chosen[i] as readonly number[]));
    found.push({ value: mean(parts.map(({ value }) => value)), moved: mean(parts.map(({ moved }) => moved)) });
  };
  if (all <= MOST_LABELLINGS) {
    const subsets = clusters.map(({ base, head }) => subsetsOf(base.length + head.length, base.length));
    const visit = (at: number, chosen: readonly (readonly number[])[]): void => {
      if (at === subsets.length) return add(chosen);
      for (const one of subsets[at] as readonly (readonly number[])[]) visit(at + 1, [...chosen, one]);
    };
    visit(0, []);
  } else {
    add(clusters.map(({ base }) => base.map((_, i) => i)));
    const random = xoroshiro128plus(seed);
    while (found.length < MOST_LABELLINGS)
      add(
        clusters.map(({ base, head }) => {
          const order = Array.from({ length: base.length + head.length }, (_, i) => i);
          for (let i = 0; i < base.length; i++) {
            const j = uniformInt(random, i, order.length - 1);
            [order[i], order[j]] = [order[j] as number, order[i] as number];
          }
          return order.slice(0, base.length);
        }),
      );
  }
  return found;
}

/** @param asBase places, in base followed by head, that are called base */
function labelled({ base, head }: Cluster, asBase: readonly number[]): Labelling {
  const values = [...base, ...head];
  const chosen = new Set(asBase);
  let [baseSum, headSum, headsAsBase] = [0, 0, 0];
  values.forEach((value, i) => {
    if (!chosen.has(i)) headSum += value;
    else {
      baseSum += value;
      if (i >= base.length) headsAsBase++;
    }
  });
  return {
    value: headSum / head.length - baseSum / base.length,
    moved: headsAsBase / head.length + headsAsBase / base.length,
  };
}

function subsetsOf(n: number, size: number): number[][] {
  const found: number[][] = [];
  const visit = (from: number, chosen: number[]): void => {
    if (chosen.length === size) found.push(chosen);
    else for (let i = from; i < n; i++) visit(i + 1, [...chosen, i]);
  };
  visit(0, []);
  return found;
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
