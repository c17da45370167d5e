/**
 * Where a shown figure is stored. A page writes the address beside the figure, as `data-figure="score.raw?category=…"`,
 * and `npm run site:check` reads the store again at that address and compares what stands there with what is shown.
 */
import { z } from "zod";
import {
  formatCount,
  formatDollars,
  formatDuration,
  formatPercent,
  formatPoints,
  formatQuantity,
  formatShare,
} from "../format.ts";
import type { Store } from "./open.ts";

/** The tables that pages show figures of, with the columns that name one row. */
const KEYS = {
  run: ["id"],
  score: ["run_id", "category", "kind"],
  corpus_score: ["run_id", "category", "corpus"],
  stratum_score: ["run_id", "category", "corpus", "stratum"],
  level_score: ["run_id", "level"],
  run_corpus: ["run_id", "corpus"],
  corpus_cost: ["run_id", "corpus"],
  run_cost: ["run_id", "kind"],
  pair_comparison: ["category", "kind", "run_a", "run_b"],
} as const;
type Table = keyof typeof KEYS;

/** How a stored number is written. `clipped` shows negative ones as 0, as the board does. */
export const FORMS = {
  share: (value: number | null) => formatShare(value),
  clipped: (value: number | null) => formatShare(value === null ? null : Math.max(0, value)),
  percent: (value: number | null) => formatPercent(value),
  points: (value: number | null) => (value === null ? "–" : formatPoints(value)),
  count: (value: number | null) => (value === null ? "–" : formatCount(value)),
  ms: (value: number | null) => (value === null ? "–" : formatDuration(value)),
  bytes: (value: number | null) => (value === null ? "–" : formatQuantity(value, "bytes")),
  dollars: (value: number | null) => (value === null ? "–" : formatDollars(value)),
} as const;
export type Form = keyof typeof FORMS;

/** The address of one figure. `keys` names the row by the table's key columns. */
export function figureAddress<T extends Table>(
  table: T,
  column: string,
  keys: Record<(typeof KEYS)[T][number], string>,
): string {
  return `${table}.${column}?${new URLSearchParams(keys).toString()}`;
}

const Row = z.object({ figure: z.number().nullable() });

/**
 * What the store holds at an address; undefined when there is no such row.
 *
 * @throws DriftError `STORE_UNREADABLE` when there is no such column
 */
export function readFigure(store: Store, address: string): number | null | undefined {
  const [, table, column, query = ""] = /^([a-z_]+)\.([a-z_0-9]+)\?(.*)$/.exec(address) ?? [];
  if (table === undefined || !Object.hasOwn(KEYS, table)) return undefined;
  const keys: readonly string[] = KEYS[table as Table];
  const values = new URLSearchParams(query);
  const where = keys.map((key) => `${key} = ?`).join(" AND ");
  const rows = store.rows(
    Row,
    `SELECT ${column} AS figure FROM ${table} WHERE ${where}`,
    ...keys.map((key) => values.get(key) ?? ""),
  );
  return rows.length === 1 ? rows[0]?.figure : undefined;
}
