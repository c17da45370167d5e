/** Edge counts per file: all that scores and their intervals need. */
import { Stratum } from "@drift/corpora/truth";
import type { EdgeCounts, ItemOutcome, StratumScore } from "../schema/score.ts";

const STRATA = Stratum.options;
/** Columns of a row: TP, FP, FN for each stratum, then traced edges and those found. */
const TRACED = STRATA.length * 3;
const FOUND = TRACED + 1;
const WIDTH = FOUND + 1;

/**
 * Which strata count in the macro mean of a corpus: those with at least 10 *must* edges, or, in a corpus so small that
 * none has as many, those with any. In a mean over strata a single edge would weigh as much as a thousand others.
 *
 * @param mustEdges per stratum
 */
export function averagedStrata(mustEdges: readonly number[]): boolean[] {
  const fewest = mustEdges.some((edges) => edges >= 10) ? 10 : 1;
  return mustEdges.map((edges) => edges >= fewest);
}

/** One row of counts per file of one corpus, files sorted; rows are what resampling draws. */
export interface EdgeTable {
  files: readonly string[];
  width: number;
  rows: Float64Array;
}

/** The figures of a set of files; NaN where the denominator is 0. */
export interface EdgeFigures {
  precision: number;
  recall: number;
  f1: number;
  macroF1: number;
  traceRecall: number;
}

export function edgeTable(outcomes: readonly ItemOutcome[]): EdgeTable {
  const files = [...new Set(outcomes.map((outcome) => outcome.file))].sort();
  const rowOf = new Map(files.map((file, index) => [file, index * WIDTH]));
  const rows = new Float64Array(files.length * WIDTH);
  for (const { file, stratum, counts, traced } of outcomes) {
    const row = rowOf.get(file) as number;
    const column = row + STRATA.indexOf(stratum) * 3;
    add(rows, column, counts.truePositives);
    add(rows, column + 1, counts.falsePositives);
    add(rows, column + 2, counts.falseNegatives);
    add(rows, row + TRACED, traced.edges);
    add(rows, row + FOUND, traced.found);
  }
  return { files, width: WIDTH, rows };
}

/** *Must* edges per stratum: TP + FN. */
export function mustEdgesOf(sums: Float64Array): number[] {
  return STRATA.map((_, index) => (sums[index * 3] as number) + (sums[index * 3 + 2] as number));
}

/** The sum of all rows. */
export function totals(table: EdgeTable): Float64Array {
  const sums = new Float64Array(WIDTH);
  for (let index = 0; index < table.rows.length; index++) add(sums, index % WIDTH, table.rows[index] as number);
  return sums;
}

/**
 * Figures from summed counts: P = TP / (TP + FP), R = TP / (TP + FN), F1 = 2TP / (2TP + FP + FN), pooled over
 * strata; macroF1 = mean F1 of the strata that `isAveraged` (in a resample: of those that still have an edge).
 */
export function figures(sums: Float64Array, isAveraged: readonly boolean[]): EdgeFigures {
  let [tp, fp, fn, f1Sum, scoredStrata] = [0, 0, 0, 0, 0];
  for (let column = 0; column < TRACED; column += 3) {
    const [t, f, n] = [sums[column] as number, sums[column + 1] as number, sums[column + 2] as number];
    tp += t;
    fp += f;
    fn += n;
    if (t + n === 0 || isAveraged[column / 3] !== true) continue;
    scoredStrata++;
    f1Sum += (2 * t) / (2 * t + f + n);
  }
  return {
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    f1: (2 * tp) / (2 * tp + fp + fn),
    macroF1: f1Sum / scoredStrata,
    traceRecall: (sums[FOUND] as number) / (sums[TRACED] as number),
  };
}

/** macroF1 of the items of one corpus, without an interval; NaN where no stratum has a *must* edge. */
export function macroF1Of(outcomes: readonly ItemOutcome[]): number {
  const sums = totals(edgeTable(outcomes));
  return figures(sums, averagedStrata(mustEdgesOf(sums))).macroF1;
}

/** What each figure was counted over. */
export function denominators(sums: Float64Array): Record<keyof EdgeFigures, number> {
  const strata = STRATA.map(
    (_, index) => sums.subarray(index * 3, index * 3 + 3) as unknown as [number, number, number],
  );
  const [tp, fp, fn] = [0, 1, 2].map((column) => strata.reduce((sum, row) => sum + (row[column] as number), 0)) as [
    number,
    number,
    number,
  ];
  return {
    precision: tp + fp,
    recall: tp + fn,
    f1: tp + fp + fn,
    macroF1: averagedStrata(mustEdgesOf(sums)).filter(Boolean).length,
    traceRecall: sums[TRACED] as number,
  };
}

/** Pooled counts over a whole corpus. */
export function sumCounts(outcomes: readonly ItemOutcome[]): EdgeCounts {
  const sum = { truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0 };
  for (const { counts } of outcomes) {
    sum.truePositives += counts.truePositives;
    sum.falsePositives += counts.falsePositives;
    sum.falseNegatives += counts.falseNegatives;
    sum.onUnknown += counts.onUnknown;
  }
  return sum;
}

/** One row per stratum that has a site, in the order of the schema. */
export function stratumScores(outcomes: readonly ItemOutcome[]): StratumScore[] {
  const groups = Map.groupBy(outcomes, (outcome) => outcome.stratum);
  return STRATA.filter((stratum) => groups.has(stratum)).map((stratum) => {
    const group = groups.get(stratum) as ItemOutcome[];
    const counts = sumCounts(group);
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
    return {
      stratum,
      sites: group.length,
      counts,
      precision: ratio(tp, tp + fp),
      recall: ratio(tp, tp + fn),
      f1: ratio(2 * tp, 2 * tp + fp + fn),
    };
  });
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function add(array: Float64Array, index: number, value: number): void {
  array[index] = (array[index] as number) + value;
}
