/** The store as the site sees it: read-only rows, each checked once where it enters. */
import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { z } from "zod";
import { DriftError } from "../errors.ts";

/** A store that can only be read. `null` stands for a store that does not exist yet: nothing was measured. */
export class Store {
  readonly #db: Database.Database | null;

  private constructor(db: Database.Database | null) {
    this.#db = db;
  }

  /**
   * Opens the results at `file`; a missing file or one without tables is an empty store.
   *
   * @throws DriftError `STORE_UNREADABLE` when the file is there and is not a results database
   */
  static open(file: string): Store {
    if (!existsSync(file)) return new Store(null);
    let db: Database.Database | undefined;
    try {
      db = new Database(file, { readonly: true, fileMustExist: true });
      db.pragma("query_only = on");
      const tables = db.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get();
      if (tables === 0) {
        db.close();
        return new Store(null);
      }
      db.prepare("SELECT id FROM run LIMIT 0").all();
      return new Store(db);
    } catch (cause) {
      db?.close();
      throw unreadable(cause);
    }
  }

  /**
   * All rows of a query, in its order; none when the store is empty.
   *
   * @throws DriftError `STORE_UNREADABLE` when the query fails or a row is not what the schema says
   */
  rows<Row extends z.ZodType>(schema: Row, sql: string, ...parameters: (string | number)[]): z.infer<Row>[] {
    if (this.#db === null) return [];
    try {
      const rows = this.#db.prepare(sql).all(...parameters);
      return rows.map((row) => schema.parse(row));
    } catch (cause) {
      throw unreadable(cause);
    }
  }

  /** Frees the file. */
  close(): void {
    this.#db?.close();
  }
}

function unreadable(cause: unknown): DriftError {
  const why = cause instanceof z.ZodError ? "a row is not what this version of Drift writes" : String(cause);
  return new DriftError("STORE_UNREADABLE", `the results database cannot be read (${why})`, {
    hint: 'Rebuild it from the run files with "npm run results -- rebuild".',
    cause,
  });
}

/**
 * A query whose answer is kept as long as its store: many pages ask the same, and a store does not change while the
 * site is built from it. Callers must not change what they get.
 */
export function oncePerStore<Arguments extends string[], Answer>(
  query: (store: Store, ...parameters: Arguments) => Answer,
): (store: Store, ...parameters: Arguments) => Answer {
  const answers = new WeakMap<Store, Map<string, Answer>>();
  return (store, ...parameters) => {
    const known = answers.get(store) ?? new Map<string, Answer>();
    answers.set(store, known);
    const key = JSON.stringify(parameters);
    const answer = known.get(key) ?? query(store, ...parameters);
    known.set(key, answer);
    return answer;
  };
}

/** A JSON column that holds a list of texts. There are millions of them, so that no schema is made for each. */
export const textList = z.string().transform((text, ctx) => {
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list) && list.every((entry): entry is string => typeof entry === "string")) return list;
  ctx.addIssue("not a list of texts");
  return z.NEVER;
});

/** A 0/1 column, or NULL when it is not known. */
export const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);
