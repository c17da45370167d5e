/** Intervals "on these corpora": the files of each corpus are resampled, because items of one file are alike. */
import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Estimate } from "../schema/score.ts";
import {
  averagedStrata,
  type EdgeFigures,
  type EdgeTable,
  denominators,
  figures,
  mustEdgesOf,
  totals,
} from "./edge-table.ts";

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
 * All figures of one corpus under `RESAMPLES` seeded draws of its files with replacement. Two tools judged on the same
 * corpus with the same seed see the same draws, so differences of their `draws` are paired.
 */
export function resample(table: EdgeTable, seed: number, corpus: string): Record<keyof EdgeFigures, Resampled> {
  const sums = totals(table);
  const isAveraged = averagedStrata(mustEdgesOf(sums));
  const values = figures(sums, isAveraged);
  const n = denominators(sums);
  const names = Object.keys(values) as (keyof EdgeFigures)[];
  const draws = names.map(() => new Float64Array(RESAMPLES));
  const rng = xoroshiro128plus(mixSeed(seed, corpus));
  const fileCount = table.files.length;
  const drawn = new Float64Array(table.width);
  for (let draw = 0; draw < RESAMPLES; draw++) {
    drawn.fill(0);
    for (let pick = 0; pick < fileCount; pick++) {
      const start = uniformInt(rng, 0, fileCount - 1) * table.width;
      for (let column = 0; column < table.width; column++) {
        drawn[column] = (drawn[column] as number) + (table.rows[start + column] as number);
      }
    }
    const drawnFigures = figures(drawn, isAveraged);
    names.forEach((name, index) => ((draws[index] as Float64Array)[draw] = drawnFigures[name]));
  }
  const entries = names.map((name, index) => [
    name,
    { value: values[name], n: n[name], clusters: fileCount, draws: draws[index] as Float64Array },
  ]);
  return Object.fromEntries(entries) as Record<keyof EdgeFigures, Resampled>;
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

/** The value with its 95 % percentile interval. */
export function estimate({ value, n, clusters, draws }: Resampled): Estimate {
  if (Number.isNaN(value)) return { value: null, low: null, high: null, n };
  const usable = draws.filter((draw) => !Number.isNaN(draw)).sort();
  if (clusters < 2 || usable.length === 0) return { value, low: null, high: null, n };
  return { value, low: quantile(usable, 0.025), high: quantile(usable, 0.975), n };
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
