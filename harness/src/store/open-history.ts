/** Opens the performance history where it is kept: beside the results of this checkout, or in a PostgreSQL. */
import { importHistoryFiles } from "./history-files.ts";
import { sqliteDriver } from "./history-sqlite.ts";
import { HistoryStore } from "./history-store.ts";
import { openStore } from "./open.ts";
import { postgresDriver } from "./postgres.ts";
import type { ResultPaths } from "./result-paths.ts";

export interface OpenedHistory {
  store: HistoryStore;
  /** Where entries and events are published as files; null for a PostgreSQL, which is exported instead. */
  folder: string | null;
}

/** @param url of a PostgreSQL; null for the store of this checkout, which first reads in what its files have */
export async function openPerformanceHistory(
  paths: ResultPaths,
  { url, now }: { url: string | null; now: Date },
): Promise<OpenedHistory> {
  if (url !== null) return { store: new HistoryStore(await postgresDriver(url)), folder: null };
  const store = new HistoryStore(sqliteDriver(openStore(paths.db, { now }).db));
  try {
    await importHistoryFiles(store, paths.history);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, folder: paths.history };
}
