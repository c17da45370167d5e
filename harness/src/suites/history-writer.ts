/**
 * Process entry of `history stress`: writes entries and events of a made-up history without end, and says each one when it
 * is published. Somebody else kills it.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { publishEntry, publishEvent, pruneRaw } from "../store/history-files.ts";
import { completeEvent } from "../store/history-schema.ts";
import { openPerformanceHistory } from "../store/open-history.ts";
import { resultPaths } from "../store/result-paths.ts";
import { madeUpAlert, madeUpEntry } from "./made-up-history.ts";

const [results = "", first = "0", seed = "1"] = process.argv.slice(2);
const now = new Date("2026-06-01T00:00:00Z");
const random = xoroshiro128plus(Number(seed) + Number(first));
const { store } = await openPerformanceHistory(resultPaths(results), { url: null, now });
const folder = resultPaths(results).history;

for (let n = Number(first); ; n++) {
  const what = uniformInt(random, 0, 9);
  if (what === 0) await pruneRaw(store, folder, now);
  const stored = madeUpEntry(n, { cases: uniformInt(random, 1, 8), processes: uniformInt(random, 1, 20) });
  await publishEntry(store, folder, stored);
  process.stdout.write(`${stored.entry.id}\n`);
  if (what === 2) {
    const opened = madeUpAlert(stored.entry);
    await publishEvent(store, folder, opened);
    process.stdout.write(`${opened.id}\n`);
    const said = completeEvent({ kind: "accepted", at: opened.at, alert: opened.alert, reason: `stress ${n}` });
    await publishEvent(store, folder, said);
    process.stdout.write(`${said.id}\n`);
  }
}
