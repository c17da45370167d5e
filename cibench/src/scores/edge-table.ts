/** Counts per file: all that scores and their intervals need. */
import type { EdgeCounts, ItemOutcome, StratumScore } from "../schema/score.ts";
import { itemCredit } from "./item-credit.ts";
import { type Scoring, scoringOf } from "./scoring.ts";

/** Columns of a stratum: TP, FP, FN, then what its judged items are worth together, and how many these are. */
const COLUMNS = 5;

/**
 * Which strata count in the macro mean: those with at least 10 *must* edges (or items, where these are averaged), or, where
 * none has as many, those with any. In a mean over strata a single edge would weigh as much as a thousand others.
 *
 * @param amounts per stratum
 */
export function averagedStrata(amounts: readonly number[]): boolean[] {
  const fewest = amounts.some((amount) => amount >= 10) ? 10 : 1;
  return amounts.map((amount) => amount >= fewest);
}

/** One row of counts per file of one corpus, files sorted; rows are what resampling draws. */
export interface EdgeTable {
  scoring: Scoring;
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

/**
 * @param outcomes of one corpus and of the category whose `scoring` it is
 * @param files those of the outcomes, sorted, and maybe others
 */
export function edgeTable(
  outcomes: readonly ItemOutcome[],
  scoring: Scoring,
  files: readonly string[] = [...new Set(outcomes.map((outcome) => outcome.file))].sort(),
): EdgeTable {
  const { width } = layout(scoring);
  const rowOf = new Map(files.map((file, index) => [file, index * width]));
  const rows = new Float64Array(files.length * width);
  for (const outcome of outcomes) addOutcome(rows, rowOf.get(outcome.file) as number, outcome, scoring);
  return { scoring, files, width, rows };
}

/** What an item adds to the row of its file, which begins at `row`. */
export function addOutcome(rows: Float64Array, row: number, outcome: ItemOutcome, scoring: Scoring): void {
  const { traced, found } = layout(scoring);
  const column = row + scoring.strata.indexOf(outcome.stratum) * COLUMNS;
  add(rows, column, outcome.counts.truePositives);
  add(rows, column + 1, outcome.counts.falsePositives);
  add(rows, column + 2, outcome.counts.falseNegatives);
  const credit = itemCredit(outcome);
  if (credit !== null) {
    add(rows, column + 3, credit);
    add(rows, column + 4, 1);
  }
  add(rows, row + traced, outcome.traced.edges);
  add(rows, row + found, outcome.traced.found);
}

/** What is averaged per stratum: *must* edges (TP + FN), or judged items. */
export function amountsOf(sums: Float64Array, { strata, stratumF1 }: Scoring): number[] {
  return strata.map((_, index) => {
    const column = index * COLUMNS;
    return stratumF1 === "items"
      ? (sums[column + 4] as number)
      : (sums[column] as number) + (sums[column + 2] as number);
  });
}

/** F1 of a stratum as `part` / `whole`: 2TP of 2TP + FP + FN, or what its items are worth of how many there are. */
export function stratumRatio(
  sums: Float64Array,
  stratum: number,
  { stratumF1 }: Scoring,
): { part: number; whole: number } {
  const [tp, fp, fn, credit, items] = sums.subarray(stratum * COLUMNS, (stratum + 1) * COLUMNS) as unknown as Sums;
  return stratumF1 === "items" ? { part: credit, whole: items } : { part: 2 * tp, whole: 2 * tp + fp + fn };
}

type Sums = [tp: number, fp: number, fn: number, credit: number, items: number];

/** The strata that count in macro F1: as {@link averagedStrata}, or all that have an item where they weigh as many as they have. */
export function isStratumAveraged(sums: Float64Array, scoring: Scoring): boolean[] {
  const amounts = amountsOf(sums, scoring);
  return scoring.strataWeigh === "items" ? amounts.map((amount) => amount > 0) : averagedStrata(amounts);
}

/** The sum of all rows. */
export function totals(table: EdgeTable): Float64Array {
  const sums = new Float64Array(table.width);
  for (let index = 0; index < table.rows.length; index++) add(sums, index % table.width, table.rows[index] as number);
  return sums;
}

/**
 * Figures from summed counts: P = TP / (TP + FP), R = TP / (TP + FN), F1 = 2TP / (2TP + FP + FN), pooled over
 * strata; macroF1 = mean F1 of the strata that `isAveraged` (in a resample: of those that still have an edge or item), weighted
 * as the category says.
 */
export function figures(sums: Float64Array, isAveraged: readonly boolean[], scoring: Scoring): EdgeFigures {
  const { traced, found } = layout(scoring);
  let [tp, fp, fn, f1Sum, weights] = [0, 0, 0, 0, 0];
  for (let column = 0; column < traced; column += COLUMNS) {
    const [t, f, n] = [sums[column] as number, sums[column + 1] as number, sums[column + 2] as number];
    const [credit, items] = [sums[column + 3] as number, sums[column + 4] as number];
    tp += t;
    fp += f;
    fn += n;
    const amount = scoring.stratumF1 === "items" ? items : t + n;
    if (amount === 0 || isAveraged[column / COLUMNS] !== true) continue;
    const f1 = scoring.stratumF1 === "items" ? credit / items : (2 * t) / (2 * t + f + n);
    const weight = scoring.strataWeigh === "items" ? items : 1;
    weights += weight;
    f1Sum += weight * f1;
  }
  return {
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    f1: (2 * tp) / (2 * tp + fp + fn),
    macroF1: f1Sum / weights,
    traceRecall: (sums[found] as number) / (sums[traced] as number),
  };
}

/**
 * macroF1 as in {@link figures} of many sums at once.
 *
 * @param columns of the sums: one value per draw each
 */
export function macroF1Draws(
  columns: readonly Float64Array[],
  isAveraged: readonly boolean[],
  scoring: Scoring,
): Float64Array {
  const draws = columns[0]?.length ?? 0;
  const [f1Sum, weights] = [new Float64Array(draws), new Float64Array(draws)];
  scoring.strata.forEach((_, stratum) => {
    if (isAveraged[stratum] !== true) return;
    const [tp, fp, fn, credit, items] = columns.slice(stratum * COLUMNS, (stratum + 1) * COLUMNS) as Columns;
    for (let draw = 0; draw < draws; draw++) {
      const [t, n, i] = [tp[draw] as number, fn[draw] as number, items[draw] as number];
      const amount = scoring.stratumF1 === "items" ? i : t + n;
      if (amount === 0) continue;
      const f1 =
        scoring.stratumF1 === "items" ? (credit[draw] as number) / i : (2 * t) / (2 * t + (fp[draw] as number) + n);
      const weight = scoring.strataWeigh === "items" ? i : 1;
      weights[draw] = (weights[draw] as number) + weight;
      f1Sum[draw] = (f1Sum[draw] as number) + weight * f1;
    }
  });
  return f1Sum.map((sum, draw) => sum / (weights[draw] as number));
}

type Columns = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** macroF1 of items of one corpus and category, without an interval; NaN where no stratum has anything to count. */
export function macroF1Of(outcomes: readonly ItemOutcome[]): number {
  const [first] = outcomes;
  if (first === undefined) return Number.NaN;
  const scoring = scoringOf(first.category);
  const sums = totals(edgeTable(outcomes, scoring));
  return figures(sums, isStratumAveraged(sums, scoring), scoring).macroF1;
}

/** What each figure was counted over. */
export function denominators(sums: Float64Array, scoring: Scoring): Record<keyof EdgeFigures, number> {
  const { traced } = layout(scoring);
  const over = (column: number): number =>
    scoring.strata.reduce((sum, _, index) => sum + (sums[index * COLUMNS + column] as number), 0);
  const [tp, fp, fn] = [over(0), over(1), over(2)];
  return {
    precision: tp + fp,
    recall: tp + fn,
    f1: tp + fp + fn,
    macroF1: scoring.strataWeigh === "items" ? over(4) : isStratumAveraged(sums, scoring).filter(Boolean).length,
    traceRecall: sums[traced] as number,
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

/** One row per stratum that has an item, in the order of the category. */
export function stratumScores(outcomes: readonly ItemOutcome[], { strata, stratumF1 }: Scoring): StratumScore[] {
  const groups = Map.groupBy(outcomes, (outcome) => outcome.stratum);
  return strata
    .filter((stratum) => groups.has(stratum))
    .map((stratum) => {
      const group = groups.get(stratum) as ItemOutcome[];
      const counts = sumCounts(group);
      const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
      const credits = group.map(itemCredit).filter((credit) => credit !== null);
      return {
        stratum,
        sites: group.length,
        counts,
        precision: ratio(tp, tp + fp),
        recall: ratio(tp, tp + fn),
        f1:
          stratumF1 === "items"
            ? ratio(
                credits.reduce((sum, credit) => sum + credit, 0),
                credits.length,
              )
            : ratio(2 * tp, 2 * tp + fp + fn),
      };
    });
}

/** Where the columns lie that are not of a stratum. */
function layout({ strata }: Scoring): { traced: number; found: number; width: number } {
  const traced = strata.length * COLUMNS;
  return { traced, found: traced + 1, width: traced + 2 };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function add(array: Float64Array, index: number, value: number): void {
  array[index] = (array[index] as number) + value;
}
