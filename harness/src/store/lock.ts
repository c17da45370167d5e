/** One job at a time. The lock is the system's own on an open file, so it ends with the process, however that ends. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import Database from "better-sqlite3";
import { withStorageErrors } from "./storage-error.ts";

/** A held lock; `release` is for the end of the job. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock or says that it is taken. An exclusive SQLite transaction carries it: portable, and gone with the
 * process after a crash or `kill -9`.
 *
 * @param options.what is under way when the lock is taken, for the message
 * @param options.waitMs how long to stand still for another holder; by default not at all
 * @throws DriftError `ALREADY_RUNNING`; `DISK_READ_ONLY`, `DISK_FULL`
 */
export function takeLock(file: string, { what, waitMs = 0 }: { what: string; waitMs?: number }): Lock {
  return withStorageErrors(path.basename(file), () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const db = new Database(file, { timeout: waitMs });
    try {
      db.exec("BEGIN EXCLUSIVE");
    } catch (cause) {
      db.close();
      if (!(cause instanceof Database.SqliteError) || cause.code !== "SQLITE_BUSY") throw cause;
      throw new DriftError("ALREADY_RUNNING", `another ${what} is running in this checkout`, {
        hint: "Wait until it has finished, or stop it; its state stays usable.",
        cause,
      });
    }
    return { release: () => db.close() };
  });
}
