/** The history's statements in PostgreSQL, for many writers at once. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DriftError } from "@drift/engine";
import pg from "pg";
import type { SqlDriver, SqlSession, SqlValue } from "./history-store.ts";

/** Writers that set up the tables at the same time wait for each other on this lock ("DRFT"). */
const MIGRATION_LOCK = 0x44524654;
const MIGRATIONS = join(import.meta.dirname, "migrations-postgres");
const CONNECT_MS = 10_000;

/**
 * Connects and brings the tables to the current version.
 *
 * @param url `postgres://user:password@host/database`; never part of a message
 * @throws DriftError `HISTORY_UNREACHABLE`, `STORE_NEWER`
 */
export async function postgresDriver(url: string): Promise<SqlDriver> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    // Counts and ids are far below 2^53.
    types: {
      getTypeParser: (oid, format): unknown =>
        oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  pool.on("error", () => undefined); // An idle connection that ends is replaced; a query on it fails by itself.
  try {
    await inTransaction(pool, migrate);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    ...sessionOf(pool),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

function sessionOf(client: pg.Pool | pg.PoolClient): SqlSession {
  return {
    async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
      const { rows } = await client.query(sql, [...parameters]);
      return rows as Row[];
    },
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (session: SqlSession) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  try {
    await client.query("BEGIN");
    const result = await work(sessionOf(client));
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    // A connection whose rollback fails is broken, and not used again.
    await client.query("ROLLBACK").then(
      () => client.release(),
      (broken: unknown) => client.release(broken instanceof Error ? broken : true),
    );
    throw error;
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw new DriftError("HISTORY_UNREACHABLE", "the history's PostgreSQL cannot be reached", {
      hint: "Check the address in --store or DRIFT_HISTORY_URL, and that the server runs.",
      cause,
    });
  }
}

async function migrate(session: SqlSession): Promise<void> {
  await session.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  await session.query("CREATE TABLE IF NOT EXISTS drift_version (version bigint NOT NULL)");
  const [row] = await session.query<{ version: number }>("SELECT version FROM drift_version");
  const from = row?.version ?? 0;
  const steps = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  if (from > steps.length) {
    throw new DriftError("STORE_NEWER", `the history has version ${from}, written by a newer Drift`, {
      hint: "Update this checkout.",
    });
  }
  if (row === undefined) await session.query("INSERT INTO drift_version (version) VALUES (0)");
  for (const name of steps.slice(from)) await session.query(readFileSync(join(MIGRATIONS, name), "utf8"));
  await session.query("UPDATE drift_version SET version = $1", [steps.length]);
}
