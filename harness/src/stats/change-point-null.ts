/** How clear the best split of a series is when its level never changes: simulated once, kept as a table. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { bestSplit, winsorized } from "./best-split.ts";
import { autoregressive, normalSource } from "./noise.ts";

/** Quantiles of the largest statistic, by length of the series and first-order autocorrelation. */
export interface NullTable {
  /** What wrote the file. */
  command: string;
  draws: number;
  seed: number;
  /** Ascending. */
  lengths: number[];
  phis: number[];
  /** Descending, in (0, 1). */
  probabilities: number[];
  /** `quantiles[length][phi][probability]`: what the statistic exceeds with that probability. */
  quantiles: number[][][];
}

/** The grid: lengths in tens up to 200 and wider beyond, autocorrelation in steps of .05. */
const LENGTHS = [...Array.from({ length: 20 }, (_, i) => 10 * (i + 1)), 250, 300, 400, 500, 700, 1_000];
const PHIS = Array.from({ length: 20 }, (_, i) => i / 20);
const PROBABILITIES = [
  0.5, 0.2, 0.1, 0.05, 0.03, 0.02, 0.015, 0.01, 0.0075, 0.005, 0.0035, 0.0025, 0.0015, 0.001, 0.0005, 0.0002, 0.0001,
];

/** Simulates every cell of the grid, a seed for each. @param options.lengths of the series; a test may take fewer */
export function simulateNullTable(options: {
  draws: number;
  seed: number;
  command: string;
  lengths?: number[];
  onLength: (length: number) => void;
}): NullTable {
  const { draws, seed, command, onLength, lengths = LENGTHS } = options;
  const quantiles = lengths.map((length, i) => {
    onLength(length);
    return PHIS.map((phi, j) => {
      const statistics = simulate({ length, phi, draws, seed: seed + i * PHIS.length + j });
      return PROBABILITIES.map((p) => Number((statistics[Math.floor((1 - p) * draws)] as number).toFixed(3)));
    });
  });
  return { command, draws, seed, lengths, phis: PHIS, probabilities: PROBABILITIES, quantiles };
}

/** Statistics of series without a change, ascending. */
function simulate({ length, phi, draws, seed }: { length: number; phi: number; draws: number; seed: number }) {
  const normal = normalSource(xoroshiro128plus(seed));
  return Float64Array.from({ length: draws }, () => {
    const next = autoregressive(phi, normal);
    return bestSplit(winsorized(Float64Array.from({ length }, next))).statistic;
  }).sort();
}

/** `npm run drift-bench -- changepoints --table <draws>` writes it anew. */
export const TABLE_FILE = join(import.meta.dirname, "change-point-null.json");

let table: NullTable | undefined;

/**
 * The probability of a statistic as large in a series without a change. Read from the table by linear interpolation of
 * quantiles over length (its logarithm) and autocorrelation, and of the logarithm of p over the statistic. Longer series
 * than the longest simulated one count as worth more independent looks, whose number grows with the logarithm of the
 * length (Darling and Erdős, 1956).
 *
 * @param n at least 10
 * @param phi any; what lies outside the grid counts as its nearest edge
 * @returns in (0, 1]; no less than what the number of draws can tell
 */
export function nullProbability(statistic: number, n: number, phi: number): number {
  table ??= JSON.parse(readFileSync(TABLE_FILE, "utf8")) as NullTable;
  const { lengths, phis, probabilities, quantiles, draws } = table;
  const longest = lengths.at(-1) as number;
  const looks = Math.max(1, Math.log(n) / Math.log(longest));
  const row = position(lengths, n, Math.log);
  const column = position(phis, phi, (value) => value);
  const at = (k: number): number => {
    const along = (i: number): number =>
      mix(quantiles[i]?.[column.low]?.[k], quantiles[i]?.[column.high]?.[k], column.share);
    return mix(along(row.low), along(row.high), row.share);
  };
  const least = 1 / (draws + 1);
  let before = { statistic: 0, p: 1 };
  for (const [k, p] of probabilities.entries()) {
    const here = { statistic: at(k), p };
    if (statistic < here.statistic) {
      const share = (statistic - before.statistic) / (here.statistic - before.statistic);
      return Math.min(1, looks * Math.exp(mix(Math.log(before.p), Math.log(p), share)));
    }
    before = here;
  }
  return Math.min(1, looks * least);
}

/** Between which two entries a value lies, and how far along. */
function position(grid: readonly number[], value: number, scale: (value: number) => number) {
  const high = grid.findIndex((entry) => entry >= value);
  if (high === 0) return { low: 0, high: 0, share: 0 };
  if (high === -1) return { low: grid.length - 1, high: grid.length - 1, share: 0 };
  const [a, b] = [scale(grid[high - 1] as number), scale(grid[high] as number)];
  return { low: high - 1, high, share: (scale(value) - a) / (b - a) };
}

function mix(a = NaN, b = NaN, share = 0): number {
  return a + (b - a) * share;
}
