/** Ranks and the paired tests behind them, as stored. */
import { z } from "zod";
import { flag, type Store } from "./open.ts";

/** What a ranking is about: one suite, one category, one kind of corpora. */
export interface RankingKey {
  suiteHash: string;
  category: string;
  kind: "real" | "synthetic";
}

const RankRow = z.object({ runId: z.string(), rank: z.number().nullable(), reason: z.string().nullable() });
/** The rank of one run, or why it has none. Runs that nothing separates share a rank. */
export type Rank = z.infer<typeof RankRow>;

/** The stored ranks by run id; empty when the suite was not ranked. */
export function readRanks(store: Store, key: RankingKey): Map<string, Rank> {
  const rows = store.rows(
    RankRow,
    `SELECT run_id AS runId, rank, reason FROM "rank" WHERE suite_hash = ? AND category = ? AND kind = ?`,
    key.suiteHash,
    key.category,
    key.kind,
  );
  return new Map(rows.map((row) => [row.runId, row]));
}

const PairRow = z.object({
  runA: z.string(),
  runB: z.string(),
  toolA: z.string(),
  toolB: z.string(),
  difference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number(),
  p: z.number(),
  q: z.number(),
  separated: flag,
  falseDiscovery: z.number(),
});
/** Two tools on the same items: raw of A minus raw of B, and whether more than chance separates them. */
export type PairComparison = z.infer<typeof PairRow>;

/** The paired tests of one ranking, by tool names. */
export function listPairs(store: Store, key: RankingKey): PairComparison[] {
  return store.rows(
    PairRow,
    `SELECT c.run_a AS runA, c.run_b AS runB, a.subject_name AS toolA, b.subject_name AS toolB, c.difference,
       c.difference_low AS low, c.difference_high AS high, c.difference_n AS n, c.p, c.q, c.separated,
       c.false_discovery AS falseDiscovery
     FROM pair_comparison AS c JOIN run AS a ON a.id = c.run_a JOIN run AS b ON b.id = c.run_b
     WHERE c.suite_hash = ? AND c.category = ? AND c.kind = ? ORDER BY toolA, toolB`,
    key.suiteHash,
    key.category,
    key.kind,
  );
}
