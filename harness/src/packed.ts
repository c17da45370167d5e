/** The program of the published package: `drift-bench` in anybody's repository. Parse, call, exit. */
import { resolve } from "node:path";
import { Command } from "commander";
import type { CommandContext } from "./commands/context.ts";
import { addDriftBench } from "./drift-bench.ts";
import { fingerprint, readCommit, readMachine } from "./environment.ts";
import { runProgram } from "./run-program.ts";
import { resultPaths } from "./store/result-paths.ts";

/** Set when the package is made. */
declare const PACKAGE_VERSION: string;

const { env } = process;
const root = process.cwd();
const context: CommandContext = {
  root,
  results: resultPaths(resolve(env["DRIFT_RESULTS_DIR"] ?? ".drift-bench")),
  siteOut: resolve(env["DRIFT_SITE_DIR"] ?? ".drift-bench/site"),
  cacheDir: env["DRIFT_CACHE_DIR"] ?? null,
  testbed: async () => ({
    environment: fingerprint(await readMachine()),
    commit: await readCommit(root),
    engineVersion: PACKAGE_VERSION,
    code: PACKAGE_VERSION,
  }),
  now: () => new Date(),
  clock: () => performance.now(),
  checkpoint: () => {},
  stdout: process.stdout,
  stderr: process.stderr,
  version: PACKAGE_VERSION,
  cwd: root,
  env,
};

process.exitCode = await runProgram(["drift-bench", ...process.argv.slice(2)], {
  stderr: process.stderr,
  program: (answer) => {
    const program = new Command("drift-bench").exitOverride().enablePositionalOptions();
    addDriftBench(program, context, answer);
    return program;
  },
});
