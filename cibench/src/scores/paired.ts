/** The paired test of ranks between one run and many others that differ from it in some items. */
import type { ItemOutcome } from "../schema/score.ts";
import type { Category } from "../schema/task.ts";
import { fileCounts, RESAMPLES } from "./bootstrap.ts";
import type { JudgedCorpus } from "./category-score.ts";
import {
  addOutcome,
  type EdgeTable,
  edgeTable,
  figures,
  isStratumAveraged,
  macroF1Draws,
  totals,
} from "./edge-table.ts";
import { pairedP } from "./rank.ts";
import { type Scoring, scoringOf } from "./scoring.ts";

/** What became of one item in the one run and in the other. */
export interface ChangedItem {
  corpus: string;
  before: ItemOutcome;
  after: ItemOutcome;
}

/** One run, prepared to be compared. */
export interface PairedTest {
  raw: number;
  /** Raw of a run in which these items are changed and all others are the same, and the p of `rankReports` between the two. */
  against: (changed: readonly ChangedItem[]) => { raw: number; p: number };
}

/**
 * Draws the files of each corpus once, as `rawOf` does, and then adds to the sums of each draw what changed: so a comparison costs
 * as much as there are files in which something did.
 *
 * @param corpora at least one
 */
export function pairedTest(
  category: Category,
  corpora: readonly Pick<JudgedCorpus, "id" | "outcomes">[],
  seed: number,
): PairedTest {
  const scoring = scoringOf(category);
  const tables = corpora.map(({ id, outcomes }): Drawn => {
    const table = edgeTable(outcomes, scoring);
    return { id, table, counts: fileCounts(id, table.files.length, seed) };
  });
  const groups = (scoring.raw === "all" ? [tables] : tables.map((one) => [one])).map(groupOf);
  const base = groups.map((group) => macroF1Draws(group.drawn, isStratumAveraged(group.sums, scoring), scoring));
  const files = groups.map(({ tables: own }) => own.reduce((sum, { table }) => sum + table.files.length, 0));
  return {
    raw: mean(groups.map(({ sums }) => macroF1(sums, scoring))),
    against: (changed) => {
      const now = groups.map((group) => changeGroup(group, changed, scoring));
      const draws = now.map(({ drawn, sums }, index) =>
        drawn === groups[index]?.drawn
          ? (base[index] as Float64Array)
          : macroF1Draws(drawn, isStratumAveraged(sums, scoring), scoring),
      );
      const at = (of: readonly Float64Array[], draw: number) => mean(of.map((one) => one[draw] as number));
      const differences = Float64Array.from({ length: RESAMPLES }, (_, draw) => at(base, draw) - at(draws, draw));
      return { raw: mean(now.map(({ sums }) => macroF1(sums, scoring))), p: pairedP(differences, Math.min(...files)) };
    },
  };
}

/** The files of one corpus, and how often each draw has each of them. */
interface Drawn {
  id: string;
  table: EdgeTable;
  counts: readonly Uint16Array[];
}

/** Corpora whose items are taken together: sums of all files, and of each draw, column by column. */
interface Group {
  tables: readonly Drawn[];
  sums: Float64Array;
  drawn: readonly Float64Array[];
}

function groupOf(tables: readonly Drawn[]): Group {
  const { width } = (tables[0] as Drawn).table;
  const sums = new Float64Array(width);
  const drawn = Array.from({ length: width }, () => new Float64Array(RESAMPLES));
  for (const one of tables) {
    totals(one.table).forEach((sum, column) => (sums[column] = (sums[column] as number) + sum));
    addRows(one, one.table.rows, (column) => drawn[column] as Float64Array);
  }
  return { tables, sums, drawn };
}

function changeGroup(group: Group, changed: readonly ChangedItem[], scoring: Scoring): Pick<Group, "sums" | "drawn"> {
  const own = group.tables.flatMap((one) => {
    const items = changed.filter(({ corpus }) => corpus === one.id);
    return items.length === 0 ? [] : [{ one, rows: changedRows(one.table, items, scoring) }];
  });
  if (own.length === 0) return group;
  const sums = group.sums.slice();
  const drawn = [...group.drawn];
  for (const { one, rows } of own) {
    rows.forEach((value, index) => {
      const column = index % one.table.width;
      sums[column] = (sums[column] as number) + value;
    });
    addRows(one, rows, (column) => {
      if (drawn[column] === group.drawn[column]) drawn[column] = (group.drawn[column] as Float64Array).slice();
      return drawn[column] as Float64Array;
    });
  }
  return { sums, drawn };
}

/** By how much each row differs. */
function changedRows({ files, width }: EdgeTable, items: readonly ChangedItem[], scoring: Scoring): Float64Array {
  const rowOf = new Map(files.map((file, index) => [file, index * width]));
  const [before, after] = [new Float64Array(files.length * width), new Float64Array(files.length * width)];
  for (const item of items) {
    const row = rowOf.get(item.before.file) as number;
    addOutcome(before, row, item.before, scoring);
    addOutcome(after, row, item.after, scoring);
  }
  return after.map((value, index) => value - (before[index] as number));
}

/** Adds rows, as often as each draw has their file; of those with nothing in them no column is touched. */
function addRows({ table, counts }: Drawn, rows: Float64Array, columnOf: (column: number) => Float64Array): void {
  for (let index = 0; index < rows.length; index++) {
    const value = rows[index] as number;
    if (value === 0) continue;
    const column = columnOf(index % table.width);
    const times = counts[Math.floor(index / table.width)] as Uint16Array;
    for (let draw = 0; draw < RESAMPLES; draw++)
      column[draw] = (column[draw] as number) + (times[draw] as number) * value;
  }
}

function macroF1(sums: Float64Array, scoring: Scoring): number {
  return figures(sums, isStratumAveraged(sums, scoring), scoring).macroF1;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
