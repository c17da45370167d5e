/** Items of one corpus with what each tool said: those where tools differ most, of every kind. */
import { z } from "zod";
import { readLeaderboard } from "./board.ts";
import { categoriesOfKinds, type Item, listItems, listRunsWithEvidence } from "./evidence.ts";
import { COMPARED_ITEMS } from "./limits.ts";
import { oncePerStore, type Store } from "./open.ts";
import type { Run } from "./runs.ts";

/** One item, and the answers of tools; equal answers stand together. */
export interface ComparedItem {
  category: string;
  item: Item;
  answers: { tools: string[]; item: Item }[];
}

const Row = z.object({ itemId: z.string(), stratum: z.string() });

/**
 * Up to {@link COMPARED_ITEMS} items on which contestants came to different outcomes; each kind of item has its turn.
 * Empty when fewer than two contestants have stored items.
 */
export const listComparedItems = oncePerStore((store: Store, corpus: string): ComparedItem[] => {
  const runs = contestantsWithItems(store);
  if (runs.length < 2) return [];
  const rows = store.rows(
    Row,
    `SELECT item_id AS itemId, min(stratum) AS stratum FROM item
     WHERE corpus = ? AND run_id IN (SELECT value FROM json_each(?)) AND outcome <> 'unjudged'
     GROUP BY item_id HAVING count(DISTINCT outcome) > 1 ORDER BY count(DISTINCT outcome) DESC, item_id`,
    corpus,
    JSON.stringify(runs.map(({ id }) => id)),
  );
  const byKind = [...Map.groupBy(rows, ({ stratum }) => stratum).values()];
  const longest = Math.max(0, ...byKind.map(({ length }) => length));
  const chosen = Array.from({ length: longest }, (_, turn) => byKind.flatMap((kind) => kind.slice(turn, turn + 1)))
    .flat()
    .slice(0, COMPARED_ITEMS);
  const itemsOf = runs.map((run) => ({
    tool: run.tool,
    kinds: categoriesOfKinds(store, run.id, corpus),
    byId: new Map(listItems(store, run.id, corpus).map((item) => [item.itemId, item])),
  }));
  return chosen.flatMap(({ itemId, stratum }) => {
    const said = itemsOf.flatMap(({ tool, byId }) => {
      const item = byId.get(itemId);
      return item === undefined ? [] : [{ tool, item }];
    });
    const [first] = said;
    if (first === undefined) return [];
    const groups = Map.groupBy(said, ({ item }) => JSON.stringify([item.outcome, item.status, item.predicted]));
    const answers = [...groups.values()].flatMap((group) =>
      group.slice(0, 1).map(({ item }) => ({ tools: group.map(({ tool }) => tool), item })),
    );
    return [{ category: itemsOf[0]?.kinds.get(stratum) ?? "", item: first.item, answers }];
  });
});

function contestantsWithItems(store: Store): Run[] {
  const stored = new Set(listRunsWithEvidence(store).map(({ id }) => id));
  const runs = readLeaderboard(store).boards.flatMap(({ contestants }) => contestants.map(({ run }) => run));
  return [...new Map(runs.map((run) => [run.id, run])).values()].filter(({ id }) => stored.has(id));
}
