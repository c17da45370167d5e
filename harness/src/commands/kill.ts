/** `npm run long:kill`: kills indexing at random moments, on from where the last call ended; adds to `results/long/kill.json`. */
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { inScratch } from "../scratch.ts";
import { createProgress } from "../progress.ts";
import { KillRecord, readLongFile, writeLongFile } from "../store/long-file.ts";
import { killTimes } from "../suites/kills.ts";
import { type CommandContext, print } from "./context.ts";

export interface KillFlags {
  times: number;
  files: number;
  seed: number;
  json: boolean;
}

/** After so many kills the record is written, so that a killed run loses no more than these. */
const STRETCH = 20;

/** @throws DriftError `KILLED_INDEX_BROKEN` */
export async function killCommand(flags: KillFlags, context: CommandContext): Promise<void> {
  const folder = path.dirname(context.results.db);
  const { commit } = await context.testbed();
  const engine = commit.hash + (commit.dirty ? "+" : "");
  const progress = createProgress(context.stderr, { phases: 1, nowMs: context.clock });
  const phase = progress.begin("kill");
  const failures: string[] = [];
  for (let done = 0; done < flags.times;) {
    const record = readLongFile(folder, "kill", KillRecord) ?? { schemaVersion: 1, runs: [] };
    const first = nextOf(record, flags);
    const times = Math.min(STRETCH, flags.times - done);
    const before = done;
    const kills = await inScratch((scratch) =>
      killTimes({
        ...{ scratch, seed: flags.seed, first, times, files: flags.files },
        onKill: (now) => phase.at(before + now, flags.times),
      }),
    );
    done += times;
    failures.push(...kills.failures);
    const run = { engine, seed: flags.seed, files: flags.files, first, next: first + times, ...kills };
    writeLongFile(folder, "kill", KillRecord.parse({ schemaVersion: 1, runs: merged(record.runs, run) }));
  }
  phase.end(`${flags.times} runs`);
  const record = readLongFile(folder, "kill", KillRecord) ?? { schemaVersion: 1 as const, runs: [] };
  print(context, flags.json, record, renderKills);
  if (failures.length > 0) {
    throw new DriftError(
      "KILLED_INDEX_BROKEN",
      `${failures.length} times an index was not what it must be: ${failures[0]}`,
    );
  }
}

type Run = KillRecord["runs"][number];

function nextOf({ runs }: KillRecord, { seed, files }: KillFlags): number {
  return Math.max(0, ...runs.filter((run) => run.seed === seed && run.files === files).map(({ next }) => next));
}

/** One row for each engine, seed and size. */
function merged(runs: readonly Run[], run: Run): Run[] {
  const last = runs.at(-1);
  const isSame =
    last?.engine === run.engine && last.seed === run.seed && last.files === run.files && last.next === run.first;
  if (last === undefined || !isSame) return [...runs, run];
  const sum: Run = {
    ...last,
    next: run.next,
    killed: last.killed + run.killed,
    late: last.late + run.late,
    left: {
      nothing: last.left.nothing + run.left.nothing,
      old: last.left.old + run.left.old,
      new: last.left.new + run.left.new,
    },
    failures: [...last.failures, ...run.failures],
  };
  return [...runs.slice(0, -1), sum];
}

export function renderKills({ runs }: KillRecord): string {
  return runs
    .map(
      ({ engine, killed, late, left, failures }) =>
        `${engine.slice(0, 12)}: ${killed} runs killed at work, ${late} had ended; left ${left.nothing} x nothing yet, ` +
        `${left.old} x the old index, ${left.new} x the new one; ${failures.length} failures`,
    )
    .join("\n");
}
