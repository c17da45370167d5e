/** Opens the working store: one SQLite file, brought to the current tables, or moved aside when it is not ours. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import Database from "better-sqlite3";
import { withStorageErrors } from "./storage-error.ts";

/** Marks the file as Drift's ("DRFT"), so that a foreign database is never written into. */
export const APPLICATION_ID = 0x44524654;

export type Store = Database.Database;

/** What became of the file that was there before. */
export interface Opened {
  db: Store;
  /** Name of the file that was moved aside because it was corrupt or foreign; null when there was none. */
  movedAside: string | null;
  /** True when the store began empty: the run files must be read in again. */
  empty: boolean;
}

/**
 * Opens the store for writing, making it when absent. A corrupt or foreign file is moved aside, never deleted.
 *
 * @throws DriftError `STORE_NEWER` when a newer Drift wrote it; `DISK_FULL`, `DISK_READ_ONLY`, `STORE_BUSY`
 */
export function openStore(file: string, options: { now: Date }): Opened {
  return withStorageErrors(path.basename(file), () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const existed = fs.existsSync(file);
    const movedAside = existed && !isOurs(file) ? moveAside(file, options.now) : null;
    const db = new Database(file);
    try {
      prepare(db);
      migrate(db, MIGRATIONS);
    } catch (error) {
      db.close();
      throw error;
    }
    return { db, movedAside, empty: db.prepare("SELECT 1 FROM run LIMIT 1").get() === undefined };
  });
}

/** Opens the store for reading only; it must exist. @throws DriftError `STORE_MISSING` */
export function openStoreForReading(file: string): Store {
  if (!fs.existsSync(file)) {
    throw new DriftError("STORE_MISSING", "there are no results yet", {
      hint: 'Run "npm start", or "npm run results -- rebuild" to read the published ones.',
    });
  }
  const db = new Database(file, { readonly: true });
  db.pragma("foreign_keys = ON");
  return db;
}

/** Whether SQLite finds the whole file sound, references included. Slow: it reads everything. */
export function checkStore(file: string): boolean {
  const db = openStoreForReading(file);
  try {
    const sound = db.pragma("integrity_check", { simple: true }) === "ok";
    return sound && (db.pragma("foreign_key_check") as unknown[]).length === 0;
  } finally {
    db.close();
  }
}

/** One numbered step of the tables; `version` is the `user_version` that it leads to. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** All steps, in order: `migrations/NNN_what.sql`. */
export const MIGRATIONS: readonly Migration[] = readMigrations(path.join(import.meta.dirname, "migrations"));

/**
 * Brings a database from its `user_version` to the newest one, each step in its own transaction.
 *
 * @throws DriftError `STORE_NEWER` when it is beyond the newest step
 */
export function migrate(db: Store, migrations: readonly Migration[]): void {
  const from = userVersion(db);
  if (from > (migrations.at(-1)?.version ?? 0)) {
    throw new DriftError("STORE_NEWER", `the store has version ${from}, written by a newer Drift`, {
      hint: 'Update this checkout, or delete results/history.db and run "npm run results -- rebuild".',
    });
  }
  for (const step of migrations.filter(({ version }) => version > from)) {
    db.transaction(() => {
      db.exec(step.sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${step.version}`);
    })();
  }
}

function readMigrations(folder: string): Migration[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.sort().map((name, index) => ({
    version: index + 1,
    name,
    sql: fs.readFileSync(path.join(folder, name), "utf8"),
  }));
}

function prepare(db: Store): void {
  db.pragma("busy_timeout = 5000");
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
}

/** Whether the file is an undamaged store of Drift's, or an empty file that may become one. */
function isOurs(file: string): boolean {
  if (fs.statSync(file).size === 0) return true;
  let db: Store | undefined;
  try {
    db = new Database(file);
    db.pragma("busy_timeout = 5000");
    if (db.pragma("application_id", { simple: true }) !== APPLICATION_ID) return hasNoTables(db);
    return db.pragma("quick_check(1)", { simple: true }) === "ok";
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    db?.close();
  }
}

/** A process that was killed before its first migration leaves a database without tables. */
function hasNoTables(db: Store): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() === undefined && userVersion(db) === 0;
}

function userVersion(db: Store): number {
  return db.pragma("user_version", { simple: true }) as number;
}

function isDamage(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code === "SQLITE_NOTADB" || error.code.startsWith("SQLITE_CORRUPT");
}

function moveAside(file: string, now: Date): string {
  const aside = `${file}.aside-${now.toISOString().replaceAll(/[-:.]/g, "")}`;
  fs.renameSync(file, aside);
  for (const suffix of ["-wal", "-shm"]) {
    if (fs.existsSync(file + suffix)) fs.renameSync(file + suffix, aside + suffix);
  }
  return path.basename(aside);
}
