/** The history's statements in SQLite: one writer, whose transactions follow one another. */
import type { SqlDriver, SqlSession, SqlValue } from "./history-store.ts";
import type { Store } from "./open.ts";
import { asStorageError } from "./storage-error.ts";

/** @param db open with the current tables; closed with the driver */
export function sqliteDriver(db: Store): SqlDriver {
  const session: SqlSession = {
    query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
      try {
        const statement = prepare(db, sql);
        const values = Object.fromEntries(parameters.map((value, i) => [String(i + 1), value]));
        if (statement.reader) return Promise.resolve(statement.all(values) as Row[]);
        statement.run(values);
        return Promise.resolve([]);
      } catch (error) {
        return Promise.reject(asStorageError("the history", error));
      }
    },
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...session,
    transaction<T>(work: (within: SqlSession) => Promise<T>): Promise<T> {
      const next = last.then(async () => {
        try {
          db.exec("BEGIN IMMEDIATE");
          const result = await work(session);
          db.exec("COMMIT");
          return result;
        } catch (error) {
          if (db.inTransaction) db.exec("ROLLBACK");
          throw asStorageError("the history", error);
        }
      });
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      await last;
      db.close();
    },
  };
}

type Statement = ReturnType<Store["prepare"]>;
const statements = new WeakMap<Store, Map<string, Statement>>();

function prepare(db: Store, sql: string): Statement {
  const known = statements.get(db) ?? new Map<string, Statement>();
  statements.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  known.set(sql, statement);
  return statement;
}
