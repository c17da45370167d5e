/** `npm run results`: what is in the store, and publishing it. */
import Table from "cli-table3";
import { DriftError } from "@drift/engine";
import { renderBenches, renderBoard } from "../leaderboard.ts";
import { openHistory, publishRun, rebuildStore } from "../store/publish.ts";
import type { Store } from "../store/open.ts";
import { listRuns, readBenches, readBoard } from "../store/read.ts";
import { readRunFiles } from "../store/run-file.ts";
import { type CommandContext, print } from "./context.ts";

export async function listCommand({ json }: { json: boolean }, context: CommandContext): Promise<void> {
  const runs = withStore(context, listRuns);
  print(context, json, { schemaVersion: 1, runs }, () => {
    if (runs.length === 0) return 'no runs yet; "npm start" makes some';
    const table = new Table({
      head: ["run", "commit", "points", "published"],
      style: { head: [], border: [], compact: true },
    });
    for (const run of runs) {
      const commit = run.commit === null ? "none" : `${run.commit.slice(0, 12)}${run.dirty === true ? " changed" : ""}`;
      const points = run.points === null ? "" : `${Math.max(0, run.points).toFixed(2)} of ${run.measuredWeight}`;
      table.push([run.id, commit, points, run.publishedPath ?? ""]);
    }
    return table.toString();
  });
}

export async function showCommand(id: string, { json }: { json: boolean }, context: CommandContext): Promise<void> {
  const text = withStore(context, (db) => {
    const run = listRuns(db).find((one) => one.id === id);
    if (run === undefined) {
      throw new DriftError("RUN_UNKNOWN", `there is no run "${id}"`, { hint: 'See "npm run results -- list".' });
    }
    return run.suite === "cibench" ? renderBoard(readBoard(db, [id])) : renderBenches(readBenches(db, id));
  });
  const file = readRunFiles(context.results).find((run) => run.file.id === id)?.file;
  print(context, json, file, () => text);
}

export async function publishCommand(id: string, { json }: { json: boolean }, context: CommandContext): Promise<void> {
  const published = withStore(context, (db) => publishRun(db, context.results, id));
  print(context, json, { schemaVersion: 1, ...published }, ({ file, raw, removed }) =>
    [
      `results/${file}`,
      raw === null ? "raw lines: above 3 MB or not here, so not copied; keep them with the release" : `results/${raw}`,
      ...removed.map((name) => `removed results/${name}: a newer run of this tool is published`),
    ].join("\n"),
  );
}

export async function rebuildCommand({ json }: { json: boolean }, context: CommandContext): Promise<void> {
  const { runs, history } = await rebuildStore(context.results, { now: context.now() });
  print(context, json, { schemaVersion: 1, runs, history }, () =>
    [
      `${runs} runs read into results/history.db`,
      ...(history === 0 ? [] : [`${history} entries and events of the performance history`]),
    ].join("\n"),
  );
}

function withStore<T>({ results, now, stderr }: CommandContext, step: (db: Store) => T): T {
  const { db, movedAside } = openHistory(results, { now: now() });
  try {
    if (movedAside !== null) stderr.write(`the store was damaged or not Drift's: moved to results/${movedAside}\n`);
    return step(db);
  } finally {
    db.close();
  }
}
