/** How hard a corpus is: what tools that understand nothing reach there, and how many items everybody gets right. */
import { z } from "zod";
import { type Board, readLeaderboard } from "./board.ts";
import { oncePerStore, type Store } from "./open.ts";

/** The newest board results of one corpus in one category. */
export interface CorpusResult {
  board: Board;
  /** Items whose truth is known, and those that every contestant got right; null when no items are stored. */
  easy: { judged: number; byAll: number; byNone: number } | null;
}

/** Each category that was measured on a corpus, in the order of the boards. */
export function resultsOn(store: Store, corpus: string): CorpusResult[] {
  return readLeaderboard(store)
    .boards.filter(({ corpora }) => corpora.includes(corpus))
    .map((board) => ({ board, easy: easyItems(store, corpus, board) }));
}

const EasyRow = z.object({ judged: z.number(), byAll: z.number().nullable(), byNone: z.number().nullable() });

function easyItems(store: Store, corpus: string, board: Board): CorpusResult["easy"] {
  const runs = board.contestants.filter(({ score }) => score.state === "scored").map(({ run }) => run.id);
  if (runs.length === 0) return null;
  return countEasy(store, JSON.stringify(runs), corpus, board.category);
}

const countEasy = oncePerStore((store: Store, runs: string, corpus: string, category: string): CorpusResult["easy"] => {
  const [row] = store.rows(
    EasyRow,
    `WITH kinds AS (SELECT DISTINCT stratum FROM stratum_score
       WHERE corpus = ? AND category = ? AND run_id IN (SELECT value FROM json_each(?))),
     judged AS (SELECT item_id, sum(outcome = 'right') AS "right", count(*) AS "all" FROM item
       WHERE corpus = ? AND run_id IN (SELECT value FROM json_each(?)) AND outcome <> 'unjudged' AND stratum IN kinds
       GROUP BY item_id)
     SELECT count(*) AS judged, sum("right" = "all") AS byAll, sum("right" = 0) AS byNone FROM judged`,
    ...[corpus, category, runs],
    ...[corpus, runs],
  );
  if (row === undefined || row.judged === 0) return null;
  return { judged: row.judged, byAll: row.byAll ?? 0, byNone: row.byNone ?? 0 };
});
