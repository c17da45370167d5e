/** `npm run long:store`: kills writers of a history, fills one with a million measurements, and says what came of it. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { DriftError } from "@drift/engine";
import { inScratch } from "../scratch.ts";
import { HistoryStressRecord, writeLongFile } from "../store/long-file.ts";
import { openPerformanceHistory } from "../store/open-history.ts";
import { resultPaths } from "../store/result-paths.ts";
import { killWriters, measureSize } from "../suites/history-stress.ts";
import { type CommandContext, print } from "./context.ts";

export interface StressFlags {
  writes: number;
  measurements: number;
  seed: number;
  save: boolean;
  json: boolean;
}

/** @throws DriftError `HISTORY_LOST` when something published was lost or the database was damaged */
export async function stressCommand(flags: StressFlags, context: CommandContext): Promise<void> {
  const { writes, measurements, seed, save, json } = flags;
  const { clock, now, stderr } = context;
  const { environment, commit } = await context.testbed();
  const record = await inScratch(async (scratch) => {
    const paths = resultPaths(join(scratch, "killed"));
    const copyFiles = () => {
      const copy = resultPaths(join(scratch, "rebuilt"));
      cpSync(paths.history, copy.history, { recursive: true });
      return copy;
    };
    const killed = await killWriters(paths, {
      writes,
      seed,
      now: now(),
      copyFiles,
      onKill: (published) => stderr.write(`killed after ${published} of ${writes} writes\n`),
    });
    const large = resultPaths(join(scratch, "large"));
    const { store } = await openPerformanceHistory(large, { url: null, now: now() });
    const size = await measureSize(store, {
      measurements,
      db: large.db,
      clock,
      onEntry: (n) => n % 100_000 === 0 && stderr.write(`${n} measurements\n`),
    });
    await store.close();
    return HistoryStressRecord.parse({
      schemaVersion: 1,
      environment: `${environment.cpuModel}, ${environment.cores} cores, ${environment.os}, Node ${environment.nodeVersion}`,
      commit: `${commit.hash ?? "unknown"}${commit.dirty === true ? "+" : ""}`,
      seed,
      killed,
      size,
    });
  });
  if (save) writeLongFile(join(context.results.db, ".."), "history-store", record);
  print(context, json, record, renderStress);
  const { lost, damaged, rebuildEqual } = record.killed;
  if (lost.length > 0 || damaged > 0 || !rebuildEqual)
    throw new DriftError(
      "HISTORY_LOST",
      `${lost.length} published records were lost, ${damaged} openings found damage`,
    );
}

export function renderStress({ killed, size }: HistoryStressRecord): string {
  return [
    `${killed.writes} writes, ${killed.kills} kills: ${killed.lost.length} published records lost, ${killed.damaged} times damaged; made again from files: ${killed.rebuildEqual ? "equal" : "different"}`,
    `${size.measurements} measurements in ${size.series} series: ${(size.bytes / 1e6).toFixed(0)} MB; a series of ${size.pointsPerSeries} values in ${size.queryMs.median.toFixed(1)} ms (largest of ${size.queryMs.queries}: ${size.queryMs.largest.toFixed(1)} ms)`,
  ].join("\n");
}
