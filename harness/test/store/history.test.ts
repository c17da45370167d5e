/** The performance history, the same in SQLite and in a real PostgreSQL. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nominate } from "../../src/nominate.ts";
import { alertsOf } from "../../src/store/alert.ts";
import {
  exportLines,
  importHistoryFiles,
  importLines,
  pruneRaw,
  publishEntry,
  publishEvent,
} from "../../src/store/history-files.ts";
import { completeEvent, entryOfGate } from "../../src/store/history-schema.ts";
import { sqliteDriver } from "../../src/store/history-sqlite.ts";
import { HistoryStore } from "../../src/store/history-store.ts";
import { openPerformanceHistory } from "../../src/store/open-history.ts";
import { openStore } from "../../src/store/open.ts";
import { postgresDriver } from "../../src/store/postgres.ts";
import { NOW, temporaryFolder, temporaryResults } from "../fixtures.ts";
import { commitHash, entryAt, openedAt, REFERENCE } from "./history-fixtures.ts";
import { type PostgresServer, postgresBinaries, startPostgres } from "./postgres-server.ts";

async function textOf(store: HistoryStore): Promise<string> {
  const lines: string[] = [];
  for await (const line of exportLines(store)) lines.push(line);
  return lines.join("");
}

function sqlite(): HistoryStore {
  return new HistoryStore(sqliteDriver(openStore(join(temporaryFolder(), "history.db"), { now: NOW }).db));
}

const binaries = postgresBinaries();
let server: PostgresServer | undefined;
let databases = 0;
beforeAll(async () => {
  if (binaries !== null) server = await startPostgres(binaries);
});
afterAll(() => server?.stop());

/** A new database on the server. */
async function postgresUrl(): Promise<string> {
  const admin = await postgresDriver((server as PostgresServer).url);
  const name = `history_${(databases += 1)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  return (server as PostgresServer).url.replace("/postgres?", `/${name}?`);
}

const STORES: [string, () => Promise<HistoryStore>][] = [["SQLite", async () => sqlite()]];
if (binaries !== null)
  STORES.push(["PostgreSQL", async () => new HistoryStore(await postgresDriver(await postgresUrl()))]);

test("PostgreSQL is tested where it is installed", (context) => {
  if (binaries === null)
    context.skip("not run: initdb and postgres are not installed (Debian: apt-get install postgresql)");
  expect(server?.url).toContain("postgres://");
});

describe.each(STORES)("a history in %s", (_, open) => {
  test("gives back what was stored, once", async () => {
    const store = await open();
    const stored = entryAt(1, { "engine/scan": 1.1, "engine/parse": 0.9 });
    expect([await store.add(stored), await store.add(stored)]).toEqual([true, false]);
    expect(await store.entry(stored.entry.id)).toEqual(stored);
    expect(await store.entry("0".repeat(32))).toBeNull();
    const [parse, scan] = await store.series();
    expect([parse?.caseId, scan?.caseId, scan?.reference, scan?.points]).toEqual([
      "engine/parse",
      "engine/scan",
      REFERENCE,
      1,
    ]);
    const [point] = await store.points(scan?.id ?? 0);
    expect(point).toMatchObject({ commit: commitHash(1), entryId: stored.entry.id });
    expect(point?.value).toBeCloseTo(1.102, 2);
    expect(point?.low).toBeLessThanOrEqual(point?.value ?? 0);
    await store.close();
  });

  test("starts a new series where the testbed changes, and keeps values in order of the commits", async () => {
    const store = await open();
    for (const n of [3, 1, 2]) await store.add(entryAt(n, { "engine/scan": 1 }));
    await store.add(entryAt(4, { "engine/scan": 1 }, { cores: 64 }));
    const series = await store.series();
    expect(new Set(series.map(({ points }) => points))).toEqual(new Set([1, 3]));
    const long = series.find(({ points }) => points === 3);
    expect((await store.points(long?.id ?? 0)).map(({ commit }) => commit)).toEqual([1, 2, 3].map(commitHash));
    await store.close();
  });

  test("is carried elsewhere line by line, and a changed line is refused before anything is stored", async () => {
    const [from, to] = [await open(), sqlite()];
    for (const n of [1, 2, 3]) await from.add(entryAt(n, { "engine/scan": 1 }));
    await from.addEvent(openedAt(2, "engine/scan"));
    const text = await textOf(from);
    const changed = text.replace('"seed":2', '"seed":7');
    await expect(importLines(to, null, changed)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(importLines(to, null, `${text}{`)).rejects.toThrow("line 5");
    expect(await to.entryIds()).toEqual([]);
    expect(await importLines(to, null, text)).toEqual({ lines: 4, added: 4 });
    expect(await importLines(to, null, text)).toEqual({ lines: 4, added: 0 });
    expect(await textOf(to)).toBe(text);
    await Promise.all([from.close(), to.close()]);
  });

  test("drops old samples and keeps medians", async () => {
    const store = await open();
    const [old, young] = [entryAt(0, { "engine/scan": 1 }), entryAt(24 * 300, { "engine/scan": 1 })];
    for (const one of [old, young]) await store.add(one);
    expect(await pruneRaw(store, null, new Date("2026-11-23T00:00:00Z"))).toBe(1);
    expect(await store.entry(old.entry.id)).toEqual({ entry: old.entry, raw: null });
    expect(await store.entry(young.entry.id)).toEqual(young);
    await store.close();
  });

  test("keeps all of an entry or nothing of it", async () => {
    const store = await open();
    const { entry, raw } = entryAt(1, { "engine/scan": 1, "engine/parse": 1 });
    const twice = { ...entry, series: [...entry.series, ...entry.series] };
    await expect(store.add({ entry: twice, raw })).rejects.toThrow(/unique|UNIQUE/);
    expect([await store.entryIds(), await store.series()]).toEqual([[], []]);
    await store.close();
  });

  test("takes writers at the same time", async () => {
    const store = await open();
    const entries = Array.from({ length: 40 }, (__, n) =>
      entryAt(n % 20, { "engine/scan": 1, [`engine/case-${n % 3}`]: 1 }),
    );
    const added = await Promise.all(entries.map((one) => store.add(one)));
    expect(added.filter(Boolean).length).toBe(new Set(entries.map(({ entry }) => entry.id)).size);
    expect((await store.series()).length).toBe(4);
    await store.close();
  });
});

describe.runIf(binaries !== null)("many machines with one PostgreSQL", () => {
  test("set up the tables together and store each entry once", async () => {
    const url = await postgresUrl();
    const stores = await Promise.all([1, 2, 3, 4].map(async () => new HistoryStore(await postgresDriver(url))));
    const added = await Promise.all(
      stores.flatMap((store) =>
        [1, 2, 3, 4, 5].map((n) => store.add(entryAt(n, { "engine/scan": 1, "engine/parse": 1 }))),
      ),
    );
    expect(added.filter(Boolean).length).toBe(5);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a server that is not there is one sentence without the address", async () => {
    const refused = postgresDriver("postgres://drift:secret@/postgres?host=/nonexistent");
    await expect(refused).rejects.toMatchObject({ code: "HISTORY_UNREACHABLE" });
    await expect(refused).rejects.not.toThrow("secret");
  });
});

describe("files of the history", () => {
  test("make the database again, samples included", async () => {
    const paths = temporaryResults();
    const first = await openPerformanceHistory(paths, { url: null, now: NOW });
    for (let n = 0; n < 12; n++)
      await publishEntry(first.store, paths.history, entryAt(n, { "engine/scan": 1, "engine/parse": 1 }));
    await publishEvent(first.store, paths.history, openedAt(4, "engine/scan"));
    const before = await textOf(first.store);
    await first.store.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(paths.db + suffix, { force: true });
    const again = await openPerformanceHistory(paths, { url: null, now: NOW });
    expect(await textOf(again.store)).toBe(before);
    expect(await importHistoryFiles(again.store, paths.history)).toBe(0);
    await again.store.close();
  });

  test("that were changed are refused by name", async () => {
    const paths = temporaryResults();
    const { store } = await openPerformanceHistory(paths, { url: null, now: NOW });
    await publishEntry(store, paths.history, entryAt(1, { "engine/scan": 1 }));
    await store.close();
    const month = join(paths.history, "entries", "2026-01");
    const [name = ""] = readdirSync(month);
    writeFileSync(join(month, name), readFileSync(join(month, name), "utf8").replace('"seed":1', '"seed":2'));
    rmSync(paths.db);
    await expect(openPerformanceHistory(paths, { url: null, now: NOW })).rejects.toMatchObject({
      code: "HISTORY_FILE_INVALID",
    });
    mkdirSync(join(paths.history, "events"), { recursive: true });
    writeFileSync(join(month, name), "{");
    await expect(openPerformanceHistory(paths, { url: null, now: NOW })).rejects.toThrow(name);
  });
});

describe("what the history nominates", () => {
  /** 60 commits, 10 % slower in one case from the 40th on; nothing changes in the other. */
  async function withStep(): Promise<HistoryStore> {
    const store = sqlite();
    for (let n = 0; n < 60; n++)
      await store.add(
        entryAt(n, {
          "engine/scan": (n < 40 ? 1 : 1.1) * (1 + ((n * 37) % 11) / 1000),
          "engine/parse": 1 + ((n * 53) % 13) / 1000,
        }),
      );
    return store;
  }

  test("is the commit of a step, with the one before it", async () => {
    const store = await withStep();
    const { series, nominations } = await nominate(store);
    expect([series, nominations.length]).toEqual([2, 1]);
    expect(nominations[0]).toMatchObject({ commit: commitHash(40), before: commitHash(39), index: 40, worse: true });
    expect(nominations[0]?.effect).toBeCloseTo(0.1, 2);
    expect(nominations[0]?.adjustedP).toBeGreaterThan(nominations[0]?.p ?? 1);
    await store.close();
  });

  test("is not what people or the gate have judged; an accepted level starts a segment", async () => {
    const store = await withStep();
    const opened = openedAt(40, "engine/scan");
    await store.addEvent(opened);
    expect(alertsOf(await store.events())).toMatchObject([{ id: opened.alert, state: "untriaged", reason: null }]);
    expect((await nominate(store)).nominations).toEqual([]);
    await store.addEvent(
      completeEvent({ kind: "accepted", at: "2026-02-01T00:00:00Z", alert: opened.alert, reason: "a check was added" }),
    );
    expect(alertsOf(await store.events())).toMatchObject([{ state: "accepted", reason: "a check was added" }]);
    expect((await nominate(store)).nominations).toEqual([]);
    // The same step called invalid is not nominated again either, though the series goes on through it.
    await store.addEvent(
      completeEvent({ kind: "invalid", at: "2026-02-02T00:00:00Z", alert: opened.alert, reason: null }),
    );
    expect((await nominate(store)).nominations).toEqual([]);
    await store.close();
  });
});

test("a gate against a reference build becomes an entry: its pairs are process medians", () => {
  const { entry } = entryAt(1, { "engine/scan": 1 });
  const one = { value: 10, samples: [9, 10, 11], warmupCapped: false };
  const pair = { stage: "screen" as const, round: 0, headFirst: true, base: one, head: { ...one, value: 12 } };
  const key = { metric: "time", unit: "ns", direction: "lower" } as const;
  const stored = entryOfGate(
    {
      schemaVersion: 1,
      verdict: "inconclusive",
      base: { ref: "v1", commit: REFERENCE },
      head: { ref: "HEAD", commit: entry.commit },
      environment: entry.environment,
      loadAverage: 0.1,
      settings: {
        seed: 5,
        margin: 0.02,
        q: 0.05,
        unchangedWithin: 0.05,
        screenAlpha: 0.05,
        screenPairs: 12,
        confirmPairs: 20,
        mostPairs: 40,
        budgetMs: 1000,
        countMargin: 0.005,
        scoreFall: 0.003,
      },
      startedAt: "2026-11-23T12:00:00.000Z",
      endedAt: "2026-11-23T12:01:00.000Z",
      measuredMs: 1000,
      cases: [],
      scores: [],
      samples: [
        { ...key, caseId: "a/b", pairs: [pair] },
        { ...key, caseId: "a/never", pairs: [] },
      ],
      notCompared: [],
      falseAlarms: null,
      reproduce: "drift-bench gate",
    },
    { commit: entry.commit, parents: [], committedAt: entry.committedAt, harnessVersion: "0.1.0" },
  );
  expect(stored.entry.series).toEqual([
    { ...key, caseId: "a/b", processes: [{ headFirst: true, reference: 10, value: 12 }] },
  ]);
  expect(stored.raw).toEqual([[{ reference: [9, 10, 11], value: [9, 10, 11] }]]);
  expect([stored.entry.reference, stored.entry.seed]).toEqual([REFERENCE, 5]);
});
