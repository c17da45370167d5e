/** What the history endures: writers that are killed, and a million measurements. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";
import { exportLines, pruneRaw } from "../store/history-files.ts";
import type { HistoryStore } from "../store/history-store.ts";
import { openPerformanceHistory } from "../store/open-history.ts";
import { checkStore } from "../store/open.ts";
import { type ResultPaths, sha256 } from "../store/result-paths.ts";
import { madeUpEntry } from "./made-up-history.ts";

const WRITER = join(import.meta.dirname, "history-writer.ts");

export interface KillResult {
  writes: number;
  kills: number;
  /** Ids that a writer called published and that the reopened database lacks. */
  lost: string[];
  /** Openings after which SQLite found damage or a broken reference. */
  damaged: number;
  /** Whether a database made from the files alone exports the same lines. */
  rebuildEqual: boolean;
}

/**
 * Starts a writer, kills it with SIGKILL after a random number of published records, opens the history, and goes on until
 * `writes` records were published. At last the database is made again from the files.
 *
 * @param copy of the same results without a database, to rebuild in
 */
export async function killWriters(
  paths: ResultPaths,
  options: {
    writes: number;
    seed: number;
    now: Date;
    copyFiles: () => ResultPaths;
    onKill: (published: number) => void;
  },
): Promise<KillResult> {
  const { writes, seed, now, copyFiles, onKill } = options;
  const random = xoroshiro128plus(seed);
  const published = new Set<string>();
  const result: KillResult = { writes: 0, kills: 0, lost: [], damaged: 0, rebuildEqual: false };
  while (published.size < writes) {
    const said = await writeUntilKilled(paths, { first: published.size, seed, after: uniformInt(random, 1, 40) });
    for (const id of said) published.add(id);
    result.kills += 1;
    const { store } = await openPerformanceHistory(paths, { url: null, now });
    const there = new Set([...(await store.entryIds()), ...(await store.events()).map(({ id }) => id)]);
    await store.close();
    result.lost = [...published].filter((id) => !there.has(id));
    if (!checkStore(paths.db)) result.damaged += 1;
    onKill(published.size);
    if (result.lost.length > 0) break;
  }
  result.writes = published.size;
  const digests = [await digest(paths, now), await digest(copyFiles(), now)];
  return { ...result, rebuildEqual: digests[0] === digests[1] };
}

/** @returns what the writer said was published, until the kill reached it */
async function writeUntilKilled(
  paths: ResultPaths,
  { first, seed, after }: { first: number; seed: number; after: number },
): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, join(paths.db, ".."), String(first), String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === after) child.kill("SIGKILL");
  }
  await exit;
  return said;
}

/** Of all that is exported, once old samples are gone: a kill may have left them in one of two places. */
async function digest(paths: ResultPaths, now: Date): Promise<string> {
  const { store } = await openPerformanceHistory(paths, { url: null, now });
  await pruneRaw(store, paths.history, now);
  const lines: string[] = [];
  for await (const line of exportLines(store)) lines.push(sha256(line));
  await store.close();
  return sha256(lines.join(""));
}

export interface SizeResult {
  measurements: number;
  series: number;
  pointsPerSeries: number;
  /** Of the database, all of its files together. */
  bytes: number;
  /** Median and largest of the queries of whole series, in milliseconds. */
  queryMs: { median: number; largest: number; queries: number };
  insertMs: number;
}

/** A history of `measurements` values of 500 cases, and how long it takes to read whole series. */
export async function measureSize(
  store: HistoryStore,
  {
    measurements,
    db,
    clock,
    onEntry,
  }: { measurements: number; db: string; clock: () => number; onEntry: (n: number) => void },
): Promise<SizeResult> {
  const cases = 500;
  const entries = Math.ceil(measurements / cases);
  const began = clock();
  for (let n = 0; n < entries; n++) {
    await store.add({ ...madeUpEntry(n, { cases, processes: 12 }), raw: null });
    onEntry((n + 1) * cases);
  }
  const insertMs = clock() - began;
  const series = await store.series();
  const times: number[] = [];
  for (let i = 0; i < 100; i++) {
    const one = series[(i * 37) % series.length];
    const before = clock();
    await store.points(one?.id ?? 0);
    times.push(clock() - before);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    measurements: entries * cases,
    series: series.length,
    pointsPerSeries: entries,
    bytes: ["", "-wal"].reduce((sum, suffix) => sum + (statSync(db + suffix, { throwIfNoEntry: false })?.size ?? 0), 0),
    queryMs: { median: quantileSorted(sorted, 0.5), largest: sorted.at(-1) ?? 0, queries: times.length },
    insertMs,
  };
}
