/** Runs the tests of a corpus in a scratch copy, and counts them. */
import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { CorpusTests } from "../../manifest.ts";
import { runSandboxed, type Sandbox } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { Counts } from "./report.ts";
import { nodeCommand, perFileCommand, readTapReport } from "./tap.ts";
import { readVitestReport, vitestCommand } from "./vitest.ts";

/** How the tests ended. */
export interface TestRun extends Counts {
  /** How long they took, start of the runner included. */
  seconds: number;
  /** Why there are no numbers; null when there are. */
  problem: string | null;
}

/** Puts what the tests need below `node_modules` of a scratch copy: pinned packages, our vitest, and the corpus itself. */
export async function linkDependencies(
  scratch: string,
  name: string,
  tests: CorpusTests,
  dependencies: string | null,
): Promise<void> {
  const modules = path.join(scratch, "node_modules");
  const link = async (target: string, as: string): Promise<void> => {
    await mkdir(path.dirname(path.join(modules, as)), { recursive: true });
    await symlink(target, path.join(modules, as), "dir");
  };
  await mkdir(modules, { recursive: true });
  // What stands inside another package comes with that one. Vitest is ours, so that its reports can be read, and the
  // packages of a workspace lie in the copy.
  const ours = [name, ...(tests.runner === "vitest" ? ["vitest"] : []), ...(await packagesIn(modules))];
  for (const one of dependencies === null ? [] : await packagesIn(path.join(dependencies, "node_modules"))) {
    if (!ours.includes(one)) await link(path.join(dependencies ?? "", "node_modules", one), one);
  }
  if (tests.runner === "vitest")
    await link(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest");
  await link(scratch, name);
}

/** Names of the packages right below a `node_modules`. */
async function packagesIn(modules: string): Promise<string[]> {
  const names = (await readdir(modules).catch(() => [])).filter((name) => !name.startsWith("."));
  const scoped = names.filter((name) => name.startsWith("@"));
  const inScopes = await Promise.all(
    scoped.map(async (scope) => (await readdir(path.join(modules, scope))).map((name) => `${scope}/${name}`)),
  );
  return [...names.filter((name) => !name.startsWith("@")), ...inScopes.flat()].sort();
}

/** Runs all tests once; with `traceFolder`, under the hooks that write there. */
export async function runTests(options: {
  scratch: string;
  tests: CorpusTests;
  /** Those of its files that hold tests. */
  files: readonly string[];
  sandbox: Sandbox;
  traceFolder: string | null;
}): Promise<TestRun> {
  const { scratch, tests, files } = options;
  const own = path.join(scratch, OWN_FOLDER);
  const report = path.join(own, "report");
  await rm(report, { force: true });
  await mkdir(own, { recursive: true });
  const commandOf = COMMANDS[tests.runner];
  if (commandOf === undefined) return noCounts(`${tests.runner} runs no tests of JavaScript`);
  const command = await commandOf({ scratch, tests, files, report });
  const hooks = pathToFileURL(path.join(own, "runtime.mts"));
  const env: Record<string, string> =
    options.traceFolder === null
      ? {}
      : { DRIFT_TRACE_FOLDER: options.traceFolder, DRIFT_TRACE_ROOT: scratch, NODE_OPTIONS: `--import ${hooks.href}` };
  const started = performance.now();
  const run = await runSandboxed({
    sandbox: options.sandbox,
    command,
    folder: scratch,
    env,
    timeoutMs: tests.timeoutMs,
  });
  const seconds = (performance.now() - started) / 1000;
  if (run.timedOut) return noCounts(`the tests did not end within ${tests.timeoutMs / 1000} s`);
  if (run.stopped !== null) return noCounts(`the tests were stopped because they used too much: ${run.stopped}`);
  const counts = await (tests.runner === "vitest" ? readVitestReport(report) : readTapReport(report));
  const said = run.tail.trim().split("\n").at(-1) ?? "";
  return counts === null
    ? noCounts(`the test runner ended with ${run.exitCode} and no report${said === "" ? "" : `: ${said}`}`)
    : { ...counts, seconds, problem: null };
}

const COMMANDS: Partial<Record<CorpusTests["runner"], typeof nodeCommand>> = {
  vitest: vitestCommand,
  node: nodeCommand,
  mocha: perFileCommand,
  tape: perFileCommand,
};

function noCounts(problem: string): TestRun {
  return { passed: 0, failed: 0, failures: [], seconds: 0, problem };
}
