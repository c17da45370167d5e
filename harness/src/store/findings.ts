/** The history as it is shown: files read in, changes of level found, alerts folded from their events. */
import { nominate } from "../nominate.ts";
import { alertsOf } from "./alert.ts";
import { importHistoryFiles } from "./history-files.ts";
import { sqliteDriver } from "./history-sqlite.ts";
import { HistoryStore } from "./history-store.ts";
import type { Store } from "./open.ts";
import type { ResultPaths } from "./result-paths.ts";
import { asStorageError } from "./storage-error.ts";

/** What was read in and found. */
export interface HistoryFindings {
  /** Entries and events that files had and the store lacked. */
  added: number;
  changePoints: number;
  alerts: number;
}

/**
 * Reads in what the history's files have, and writes what is found in the whole of it.
 *
 * @throws DriftError `HISTORY_FILE_INVALID`, and what storage throws
 */
export async function bringHistoryIn(db: Store, paths: ResultPaths): Promise<HistoryFindings> {
  const store = new HistoryStore(sqliteDriver(db));
  const added = await importHistoryFiles(store, paths.history);
  const { nominations } = await nominate(store);
  const alerts = alertsOf(await store.events());
  try {
    db.transaction(() => {
      db.exec("DELETE FROM change_point; DELETE FROM alert;");
      const point = db.prepare(
        `INSERT INTO change_point (series_id, place, commit_hash, before_hash, p, adjusted_p, effect, worse)
         VALUES (@id, @index, @commit, @before, @p, @adjustedP, @effect, @worse)`,
      );
      for (const { series, worse, ...one } of nominations) point.run({ ...one, id: series.id, worse: Number(worse) });
      const alert = db.prepare(
        `INSERT INTO alert (id, state, commit_hash, parent_hash, environment_id, reference, opened_at, reason, reproduce)
         VALUES (@id, @state, @commit, @parent, @environmentId, @reference, @openedAt, @reason, @reproduce)`,
      );
      const convicted = db.prepare(
        `INSERT INTO alert_series (alert_id, case_id, metric, unit, direction, effect, ratio, low, high)
         VALUES (@alert, @caseId, @metric, @unit, @direction, @effect, @ratio, @low, @high)`,
      );
      for (const { series, ...one } of alerts) {
        alert.run({ ...one, reference: one.reference ?? "" });
        for (const { p: _p, ...said } of series) convicted.run({ ...said, alert: one.id });
      }
    })();
  } catch (error) {
    throw asStorageError("the history", error);
  }
  return { added, changePoints: nominations.length, alerts: alerts.length };
}
