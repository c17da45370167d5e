/** What is found in a history is stored beside it, and made again from files alone. */
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { completeEvent } from "../../src/store/history-schema.ts";
import { publishEntry, publishEvent } from "../../src/store/history-files.ts";
import { openPerformanceHistory } from "../../src/store/open-history.ts";
import { rebuildStore } from "../../src/store/publish.ts";
import { NOW, temporaryResults } from "../fixtures.ts";
import { commitHash, entryAt, openedAt } from "./history-fixtures.ts";

const AT = { now: NOW };

/** 40 commits; from the 20th on one case takes a fifth more. The 3rd was convicted, and its level is accepted. */
async function published() {
  const paths = temporaryResults();
  const { store } = await openPerformanceHistory(paths, { url: null, ...AT });
  for (let n = 0; n < 40; n++)
    await publishEntry(
      store,
      paths.history,
      entryAt(n, { "a/steady": 1 + ((n * 5) % 7) / 1000, "a/step": (n < 20 ? 1 : 1.2) * (1 + ((n * 7) % 5) / 1000) }),
    );
  const opened = openedAt(3, "a/steady");
  await publishEvent(store, paths.history, opened);
  const accepted = { kind: "accepted" as const, at: NOW.toISOString(), alert: opened.alert, reason: "more checks" };
  await publishEvent(store, paths.history, completeEvent(accepted));
  await store.close();
  return { paths, alert: opened.alert };
}

/** Everything that the history holds, row by row. */
function rowsOf(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  const tables = ["history_entry", "series", "point", "history_event", "change_point", "alert", "alert_series"];
  const rows = tables.map((name) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()] as const);
  db.close();
  return Object.fromEntries(rows);
}

test("a store that is made again holds the history, its changes of level and its alerts", async () => {
  const { paths, alert } = await published();
  expect(await rebuildStore(paths, AT)).toEqual({ runs: 0, history: 42 });
  const rows = rowsOf(paths.db);
  expect([rows["history_entry"]?.length, rows["point"]?.length]).toEqual([40, 80]);
  expect(rows["change_point"]).toMatchObject([
    {
      ...{ place: 20, commit_hash: commitHash(20), before_hash: commitHash(19), worse: 1 },
      effect: expect.closeTo(0.2, 2) as number,
    },
  ]);
  expect(rows["alert"]).toMatchObject([{ id: alert, state: "accepted", reason: "more checks" }]);
  expect(rows["alert_series"]).toMatchObject([{ alert_id: alert, case_id: "a/steady", ratio: 1.1 }]);
  expect(await rebuildStore(paths, AT)).toEqual({ runs: 0, history: 42 });
  expect(rowsOf(paths.db)).toEqual(rows);
});

test("an alert about a change of level leaves no nomination of it behind", async () => {
  const { paths } = await published();
  const { store } = await openPerformanceHistory(paths, { url: null, ...AT });
  await publishEvent(store, paths.history, openedAt(20, "a/step"));
  await store.close();
  await rebuildStore(paths, AT);
  const { change_point: points, alert: alerts } = rowsOf(paths.db);
  expect([points?.length, alerts?.length]).toEqual([0, 2]);
});
