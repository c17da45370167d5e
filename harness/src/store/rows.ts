/** One row at a time: the only place that writes INSERT statements from columns. */
import type { Store } from "./open.ts";

export type Value = string | number | null;

/** Inserts one row whose columns are the keys of `row`. @returns its row id */
export function insert(db: Store, table: string, row: Record<string, Value>, conflict = ""): number {
  const columns = Object.keys(row);
  const statement = `INSERT ${conflict} INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  return Number(prepared(db, statement).run(Object.values(row)).lastInsertRowid);
}

const statements = new WeakMap<Store, Map<string, ReturnType<Store["prepare"]>>>();

function prepared(db: Store, sql: string): ReturnType<Store["prepare"]> {
  const cache = statements.get(db) ?? new Map<string, ReturnType<Store["prepare"]>>();
  statements.set(db, cache);
  const statement = cache.get(sql) ?? db.prepare(sql);
  cache.set(sql, statement);
  return statement;
}

/** The lines of a raw file; none when it is not on this machine. */
export function linesOf(text: string | null): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}
