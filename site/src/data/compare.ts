/** Two tools side by side: stored paired tests, differences of stored figures, and items that one has and the other has not. */
import { z } from "zod";
import { type Board, readLeaderboard } from "./board.ts";
import { COMPARE_PAGES, COMPARE_ROWS, COMPARE_SAMPLE, WEAK_KIND_ITEMS } from "./limits.ts";
import { oncePerStore, type Store } from "./open.ts";
import type { PairComparison } from "./ranks.ts";
import type { Run } from "./runs.ts";
import { type CorpusScore, listCorpusScores, listStratumScores, type StratumScore } from "./scores.ts";

/** Two contestants of the board, the one with more points first. */
export interface Pair {
  a: Run;
  b: Run;
}

/** The pairs that get a page: contestants of the same suite, those with most points first. */
export const listComparePairs = oncePerStore((store: Store): Pair[] => {
  const runs = new Map(
    readLeaderboard(store).boards.flatMap(({ contestants }) => contestants.map(({ run }) => [run.id, run] as const)),
  );
  const ordered = [...runs.values()].toSorted(
    (x, y) => (y.points ?? -1) - (x.points ?? -1) || x.tool.localeCompare(y.tool, "en"),
  );
  return ordered
    .flatMap((b, place) => ordered.slice(0, place).map((a) => ({ a, b })))
    .filter(({ a, b }) => a.suiteHash === b.suiteHash)
    .slice(0, COMPARE_PAGES);
});

/** A figure of both; `effect` is A minus B. */
export interface Difference<Score> {
  a: Score;
  b: Score;
  effect: number;
}

/** One category on one kind of corpora. */
export interface CategoryComparison {
  board: Board;
  /** The stored paired test, turned so that its difference is A minus B; null when none is stored. */
  test: PairComparison | null;
  /** By corpus: raw figures, the largest difference first. */
  corpora: Difference<CorpusScore>[];
  /** By kind of item within a corpus, of kinds with enough items: F1, the largest difference first. */
  kinds: Difference<StratumScore>[];
  /** How many such kinds there are in all. */
  kindCount: number;
}

/** What sets two runs apart, board by board. */
export function compareRuns(store: Store, { a, b }: Pair): CategoryComparison[] {
  return readLeaderboard(store)
    .boards.filter(({ contestants }) => [a, b].every(({ id }) => contestants.some(({ run }) => run.id === id)))
    .map((board) => {
      const isOwn = (score: { category: string; corpus: string }): boolean =>
        score.category === board.category && board.corpora.includes(score.corpus);
      const corpora = differences(
        listCorpusScores(store, a.id).filter(isOwn),
        listCorpusScores(store, b.id).filter(isOwn),
        ({ corpus }) => corpus,
        ({ macroF1 }) => macroF1.value,
      );
      const kinds = differences(
        listStratumScores(store, a.id).filter((score) => isOwn(score) && score.sites >= WEAK_KIND_ITEMS),
        listStratumScores(store, b.id).filter(isOwn),
        ({ corpus, stratum }) => JSON.stringify([corpus, stratum]),
        ({ f1 }) => f1,
      );
      return {
        board,
        test: testOf(board, a, b),
        corpora,
        kinds: kinds.slice(0, COMPARE_ROWS),
        kindCount: kinds.length,
      };
    });
}

function testOf({ pairs }: Board, a: Run, b: Run): PairComparison | null {
  const pair = pairs.find(({ runA, runB }) => [a.id, b.id].includes(runA) && [a.id, b.id].includes(runB));
  if (pair === undefined || pair.runA === a.id) return pair ?? null;
  const negative = (value: number | null): number | null => (value === null ? null : -value);
  return {
    ...pair,
    ...{ runA: pair.runB, runB: pair.runA, toolA: pair.toolB, toolB: pair.toolA },
    ...{ difference: negative(pair.difference), low: negative(pair.high), high: negative(pair.low) },
  };
}

/** Pairs of equal key with both figures there, the largest difference first, then by key. */
export function differences<Score>(
  ofA: readonly Score[],
  ofB: readonly Score[],
  keyOf: (score: Score) => string,
  figureOf: (score: Score) => number | null,
): Difference<Score>[] {
  const byKey = new Map(ofB.map((score) => [keyOf(score), score]));
  return ofA
    .flatMap((a) => {
      const b = byKey.get(keyOf(a));
      if (b === undefined) return [];
      const [x, y] = [figureOf(a), figureOf(b)];
      return x === null || y === null ? [] : [{ a, b, effect: x - y }];
    })
    .toSorted((x, y) => Math.abs(y.effect) - Math.abs(x.effect) || (keyOf(x.a) < keyOf(y.a) ? -1 : 1));
}

const CountRow = z.object({
  corpus: z.string(),
  onlyA: z.number(),
  onlyB: z.number(),
  both: z.number(),
  neither: z.number(),
});
/** Judged items of one corpus by who got them right. */
export type SharedCount = z.infer<typeof CountRow>;

/** Items that both were asked and judged on, by corpus; empty when the items of one are not stored. */
export function countShared(store: Store, { a, b }: Pair): SharedCount[] {
  return store.rows(
    CountRow,
    `SELECT x.corpus, sum(x.outcome = 'right' AND y.outcome <> 'right') AS onlyA,
       sum(x.outcome <> 'right' AND y.outcome = 'right') AS onlyB, sum(x.outcome = 'right' AND y.outcome = 'right') AS both,
       sum(x.outcome <> 'right' AND y.outcome <> 'right') AS neither
     FROM item AS x JOIN item AS y ON y.run_id = ? AND y.corpus = x.corpus AND y.item_id = x.item_id
     WHERE x.run_id = ? AND x.outcome <> 'unjudged' AND y.outcome <> 'unjudged'
     GROUP BY x.corpus ORDER BY sum((x.outcome = 'right') <> (y.outcome = 'right')) DESC, x.corpus`,
    b.id,
    a.id,
  );
}

const SampleRow = z.object({
  corpus: z.string(),
  file: z.string(),
  line: z.number(),
  callee: z.string().nullable(),
  syntax: z.string(),
  stratum: z.string(),
  outcome: z.string(),
  otherOutcome: z.string(),
});
/** One item that one of two runs got right and the other did not. */
export type SharedItem = z.infer<typeof SampleRow>;

/** Items that `one` got right and `other` did not: up to two of each kind and corpus, and so many in all. */
export function sampleOnly(store: Store, one: Run, other: Run): SharedItem[] {
  return store.rows(
    SampleRow,
    `SELECT corpus, file, line, callee, syntax, stratum, outcome, otherOutcome FROM (
       SELECT x.corpus, x.file, x.start_line AS line, x.callee, x.syntax, x.stratum, x.outcome, y.outcome AS otherOutcome,
         row_number() OVER (PARTITION BY x.corpus, x.stratum ORDER BY x.item_id) AS place, x.item_id AS id
       FROM item AS x JOIN item AS y ON y.run_id = ? AND y.corpus = x.corpus AND y.item_id = x.item_id
       WHERE x.run_id = ? AND x.outcome = 'right' AND y.outcome NOT IN ('right', 'unjudged'))
     WHERE place <= 2 ORDER BY place, stratum, corpus, id LIMIT ?`,
    other.id,
    one.id,
    COMPARE_SAMPLE,
  );
}
