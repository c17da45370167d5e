/** Items: what a tool said about each, and what is true about it. */
import { z } from "zod";
import { readLeaderboard } from "./board.ts";
import { oncePerStore, type Store, textList } from "./open.ts";
import { ITEM_PAGES, LIST_PAGES } from "./limits.ts";
import { listRunCorpora, type Run } from "./runs.ts";
import { listStratumScores } from "./scores.ts";

/** Outcomes in the order a doubting reader wants them: what went wrong first. */
export const OUTCOMES = ["wrong", "partly", "abstained", "right", "unjudged"] as const;
export type Outcome = (typeof OUTCOMES)[number];

const ItemRow = z.object({
  itemId: z.string(),
  corpus: z.string(),
  file: z.string(),
  line: z.number(),
  column: z.number(),
  callee: z.string().nullable(),
  syntax: z.string(),
  stratum: z.string(),
  outcome: z.enum(OUTCOMES),
  truePositives: z.number(),
  falsePositives: z.number(),
  falseNegatives: z.number(),
  onUnknown: z.number(),
  tracedEdges: z.number(),
  tracedFound: z.number(),
  status: z.string(),
  predicted: textList,
  must: textList,
  may: textList,
  by: textList,
  answer: z.string().nullable(),
});
/** One item, what the tool predicted, and the three-valued truth. */
export type Item = z.infer<typeof ItemRow>;

const CountRow = z.object({
  corpus: z.string(),
  stratum: z.string(),
  outcome: z.enum(OUTCOMES),
  count: z.number(),
});
/** How many items of one kind ended in one outcome. */
export type OutcomeCount = z.infer<typeof CountRow>;

/** Counts by corpus, kind of item and outcome. */
export const countOutcomes = oncePerStore((store: Store, runId: string): OutcomeCount[] => {
  return store.rows(
    CountRow,
    `SELECT corpus, stratum, outcome, count(*) AS count FROM item WHERE run_id = ?
     GROUP BY corpus, stratum, outcome ORDER BY corpus, stratum, outcome`,
    runId,
  );
});

/** Every item of one corpus in a run: wrong first, then by kind of site and place. */
export const listItems = oncePerStore((store: Store, runId: string, corpus: string): Item[] => {
  const items = store.rows(
    ItemRow,
    `SELECT item_id AS itemId, corpus, file, start_line AS line, start_column AS "column", callee, syntax, stratum,
       outcome, true_positives AS truePositives, false_positives AS falsePositives, false_negatives AS falseNegatives,
       on_unknown AS onUnknown, traced_edges AS tracedEdges, traced_found AS tracedFound, status, predicted, must, may,
       decided_by AS "by", answer
     FROM item WHERE run_id = ? AND corpus = ? ORDER BY stratum, file, start_line, start_column, item_id`,
    runId,
    corpus,
  );
  return items.toSorted((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome));
});

/** The runs whose items get pages: those on a board, if their items are stored. Older runs keep their figures. */
export const listRunsWithEvidence = oncePerStore((store: Store): Run[] => {
  const withItems = new Set(
    store.rows(z.object({ id: z.string() }), "SELECT DISTINCT run_id AS id FROM item").map(({ id }) => id),
  );
  const onBoard = new Map(
    readLeaderboard(store)
      .boards.flatMap((board) => [...board.contestants, ...board.selfChecks])
      .map(({ run }) => [run.id, run]),
  );
  return [...onBoard.values()].filter(({ id }) => withItems.has(id));
});

/** A list of items under one filter: its address part, its name, and which items are in it. */
export interface ItemList {
  key: string;
  label: string;
  items: Item[];
}

/**
 * The lists that a corpus's items fall into: all, one per outcome, one per kind of site, and one per pair of both.
 * Lists without items are left out.
 */
export function listsOf(items: Item[]): ItemList[] {
  const lists = new Map<string, ItemList>();
  const add = (key: string, label: string, item: Item): void => {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, { key, label, items: [item] });
    else list.items.push(item);
  };
  for (const item of items) {
    add("all", "all items", item);
    add(item.outcome, item.outcome, item);
    add(item.stratum, `kind ${item.stratum}`, item);
    add(listKey(item.outcome, item.stratum), `${item.outcome}, kind ${item.stratum}`, item);
  }
  return [...lists.values()];
}

/** The key of the list of one outcome in one kind of site. */
export const listKey = (outcome: string, stratum: string): string => `${outcome}.${stratum}`;

/** Items on one page. */
export const PAGE_SIZE = 100;

/** The pages of a list that get built: at most `limit`, each with its number from 1. */
export function paginate(items: Item[], limit: number): { page: number; items: Item[] }[] {
  const pages = Math.min(limit, Math.ceil(items.length / PAGE_SIZE));
  return Array.from({ length: pages }, (_, index) => ({
    page: index + 1,
    items: items.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE),
  }));
}

/** Pages of item lists that each run and corpus may have, so that the site stays small however many there are. */
export const pagesEach = oncePerStore((store: Store): number => {
  const pairs = listRunsWithEvidence(store).reduce((sum, { id }) => sum + listRunCorpora(store, id).length, 0);
  return pairs === 0 ? 0 : Math.max(2, Math.floor(ITEM_PAGES / pairs));
});

/**
 * How many pages each list of a corpus's items gets, by key: the first page of every list before the second of any,
 * what went wrong before what went right, large lists before small ones. A list that is left out has no entry.
 */
export const plannedPages = oncePerStore((store: Store, runId: string, corpus: string): Map<string, number> => {
  const counts = countOutcomes(store, runId).filter((count) => count.corpus === corpus);
  return planPages(counts, pagesEach(store));
});

/** As {@link plannedPages}, for any counts and number of pages. */
export function planPages(counts: readonly Omit<OutcomeCount, "corpus">[], pages: number): Map<string, number> {
  const sizes = new Map<string, { size: number; order: number }>();
  const add = (key: string, order: number, count: number): void => {
    sizes.set(key, { size: (sizes.get(key)?.size ?? 0) + count, order });
  };
  for (const { stratum, outcome, count } of counts) {
    const place = OUTCOMES.indexOf(outcome);
    add("all", 0, count);
    add(outcome, place < 3 ? 1 + place : 6, count);
    add(listKey(outcome, stratum), place < 3 ? 4 : 7, count);
    add(stratum, 5, count);
  }
  const ordered = [...sizes].toSorted(([, a], [, b]) => a.order - b.order || b.size - a.size);
  const planned = new Map<string, number>();
  let left = pages;
  for (let round = 1; round <= LIST_PAGES && left > 0; round += 1) {
    for (const [key, { size }] of ordered) {
      if (left === 0) break;
      if (size <= (round - 1) * PAGE_SIZE) continue;
      planned.set(key, round);
      left -= 1;
    }
  }
  return planned;
}

/** The category that each kind of item of a corpus belongs to, as the run's scores say. */
export const categoriesOfKinds = oncePerStore((store: Store, runId: string, corpus: string): Map<string, string> => {
  const scores = listStratumScores(store, runId).filter((score) => score.corpus === corpus);
  return new Map(scores.toReversed().map(({ stratum, category }) => [stratum, category]));
});
