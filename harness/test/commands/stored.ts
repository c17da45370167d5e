/** A store with runs in it, and what commands about it print. */
import { dirname, join } from "node:path";
import type { CommandContext } from "../../src/commands/context.ts";
import { openHistory } from "../../src/store/publish.ts";
import type { CompleteRun } from "../../src/store/run-file.ts";
import { recordRun } from "../../src/store/write.ts";
import { NOW, temporaryResults } from "../fixtures.ts";

export function stored(...runs: CompleteRun[]): {
  context: CommandContext;
  output: () => string;
  errors: () => string;
} {
  const results = temporaryResults();
  const { db } = openHistory(results, { now: NOW });
  for (const run of runs) recordRun(db, results, run);
  db.close();
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const context: CommandContext = {
    root: dirname(results.db),
    results,
    siteOut: join(dirname(results.db), "site"),
    cacheDir: null,
    testbed: () => Promise.reject(new Error("these commands measure nothing")),
    now: () => NOW,
    clock: () => 0,
    checkpoint: () => {},
    stdout: { write: (text) => stdout.push(text) },
    cwd: ".",
    env: {},
    stderr: { write: (text) => stderr.push(text) },
    version: "0.1.0",
  };
  return { context, output: () => stdout.splice(0).join(""), errors: () => stderr.splice(0).join("") };
}
