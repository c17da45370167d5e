/** Intervals "on these corpora": the files of each corpus are resampled, because items of one file are alike. */
import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Estimate } from "../schema/estimate.ts";
import { type EdgeFigures, type EdgeTable, denominators, figures, isStratumAveraged, totals } from "./edge-table.ts";
import { PERCENTILE_TAIL } from "./influence.ts";

export const RESAMPLES = 2_000;

/** A figure of one corpus, and the same figure in each resample (NaN where its denominator was 0). */
export interface Resampled {
  value: number;
  n: number;
  /** Files that were resampled; with fewer than two there is no interval. */
  clusters: number;
  draws: Float64Array;
}

/**
 * All figures of some corpora, taken together, under `RESAMPLES` seeded draws of the files of each with replacement. Two
 * tools judged on the same corpora with the same seed see the same draws, so differences of their `draws` are paired.
 *
 * @param tables at least one, all of one category
 */
export function resample(
  tables: readonly { corpus: string; table: EdgeTable }[],
  seed: number,
): Record<keyof EdgeFigures, Resampled> {
  const { scoring, width } = (tables[0] as { table: EdgeTable }).table;
  const sums = new Float64Array(width);
  for (const { table } of tables)
    totals(table).forEach((sum, column) => (sums[column] = (sums[column] as number) + sum));
  const isAveraged = isStratumAveraged(sums, scoring);
  const drawn = new Float64Array(RESAMPLES * width);
  for (const { corpus, table } of tables) drawInto(drawn, table, mixSeed(seed, corpus));
  const values = figures(sums, isAveraged, scoring);
  const n = denominators(sums, scoring);
  const names = Object.keys(values) as (keyof EdgeFigures)[];
  const draws = names.map(() => new Float64Array(RESAMPLES));
  for (let draw = 0; draw < RESAMPLES; draw++) {
    const drawnFigures = figures(drawn.subarray(draw * width, (draw + 1) * width), isAveraged, scoring);
    names.forEach((name, index) => ((draws[index] as Float64Array)[draw] = drawnFigures[name]));
  }
  const clusters = tables.reduce((sum, { table }) => sum + table.files.length, 0);
  const entries = names.map((name, index) => [
    name,
    { value: values[name], n: n[name], clusters, draws: draws[index] as Float64Array },
  ]);
  return Object.fromEntries(entries) as Record<keyof EdgeFigures, Resampled>;
}

/** Adds to each draw the sum of as many files as the table has, drawn with replacement. */
function drawInto(drawn: Float64Array, { rows, width, files }: EdgeTable, seed: number): void {
  const rng = xoroshiro128plus(seed);
  for (let to = 0; to < drawn.length; to += width) {
    for (let pick = 0; pick < files.length; pick++) {
      const from = uniformInt(rng, 0, files.length - 1) * width;
      for (let column = 0; column < width; column++) {
        drawn[to + column] = (drawn[to + column] as number) + (rows[from + column] as number);
      }
    }
  }
}

/**
 * How often {@link resample} draws each file: for each file, one count per draw.
 *
 * @param files how many the corpus has
 */
export function fileCounts(corpus: string, files: number, seed: number): Uint16Array[] {
  const rng = xoroshiro128plus(mixSeed(seed, corpus));
  const counts = Array.from({ length: files }, () => new Uint16Array(RESAMPLES));
  for (let draw = 0; draw < RESAMPLES; draw++) {
    for (let pick = 0; pick < files; pick++) {
      const own = counts[uniformInt(rng, 0, files - 1)] as Uint16Array;
      own[draw] = (own[draw] as number) + 1;
    }
  }
  return counts;
}

/** The mean over corpora, resample by resample; NaN in one corpus is NaN in the mean. `n` is the number of corpora. */
export function meanOf(parts: readonly Resampled[]): Resampled {
  const draws = Float64Array.from({ length: RESAMPLES }, (_, draw) =>
    mean(parts.map((part) => part.draws[draw] as number)),
  );
  return {
    value: mean(parts.map((part) => part.value)),
    n: parts.length,
    clusters: Math.min(...parts.map((part) => part.clusters)),
    draws,
  };
}

/** Applies a monotone function to a figure and to its interval. */
export function mapResampled(from: Resampled, change: (value: number) => number): Resampled {
  return { ...from, value: change(from.value), draws: from.draws.map(change) };
}

/**
 * The value with its 95 % interval: percentiles of the resamples.
 *
 * @param tail share of the resamples beyond each end: that of plain percentiles, or one that makes up for few files (`influence.ts`)
 */
export function estimate({ value, n, clusters, draws }: Resampled, tail = PERCENTILE_TAIL): Estimate {
  if (Number.isNaN(value)) return { value: null, low: null, high: null, n };
  const usable = draws.filter((draw) => !Number.isNaN(draw)).sort();
  if (clusters < 2 || usable.length === 0) return { value, low: null, high: null, n };
  return { value, low: quantile(usable, tail), high: quantile(usable, 1 - tail), n };
}

/** A 32-bit seed from the run's seed and what it is used for, so that adding a corpus does not move another's draws. */
export function mixSeed(seed: number, purpose: string): number {
  return createHash("sha256").update(`${seed}\n${purpose}`).digest().readInt32LE(0);
}

/** Linear interpolation between order statistics (Hyndman and Fan, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position % 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
