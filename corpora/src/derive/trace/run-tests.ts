/** Runs the tests of a corpus in a scratch copy, and counts them. */
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { CorpusTests } from "../../manifest.ts";
import { listFiles, selectFiles } from "../../tree.ts";
import { runSandboxed, type Sandbox } from "../sandbox.ts";

/** How the tests ended. */
export interface TestRun {
  passed: number;
  failed: number;
  /** The first names of those that failed. */
  failures: string[];
  /** How long they took, start of the runner included. */
  seconds: number;
  /** Why there are no numbers; null when there are. */
  problem: string | null;
}

type Counts = Pick<TestRun, "passed" | "failed" | "failures">;

/** The folder inside a scratch copy that is ours. */
export const OWN_FOLDER = ".drift";

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
  for (const one of tests.dependencies) {
    if (dependencies !== null && "integrity" in one)
      await link(path.join(dependencies, "node_modules", one.name), one.name);
  }
  if (tests.runner === "vitest")
    await link(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest");
  await link(scratch, name);
}

/** Runs all tests once; with `traceFolder`, under the hooks that write there. */
export async function runTests(options: {
  scratch: string;
  tests: CorpusTests;
  sandbox: Sandbox;
  traceFolder: string | null;
}): Promise<TestRun> {
  const { scratch, tests } = options;
  const own = path.join(scratch, OWN_FOLDER);
  const report = path.join(own, "report");
  await rm(report, { force: true });
  await mkdir(own, { recursive: true });
  const command =
    tests.runner === "vitest" ? await vitestCommand(scratch, tests, report) : await nodeCommand(scratch, tests, report);
  const hooks = pathToFileURL(path.join(own, "runtime.mts"));
  const env: Record<string, string> =
    options.traceFolder === null
      ? {}
      : { DRIFT_TRACE_FOLDER: options.traceFolder, NODE_OPTIONS: `--import ${hooks.href}` };
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
  const counts = await (tests.runner === "vitest" ? readVitestReport(report) : readTapReport(report));
  const said = run.tail.trim().split("\n").at(-1) ?? "";
  return counts === null
    ? noCounts(`the test runner ended with ${run.exitCode} and no report: ${said}`)
    : { ...counts, seconds, problem: null };
}

function noCounts(problem: string): TestRun {
  return { passed: 0, failed: 0, failures: [], seconds: 0, problem };
}

// --- vitest ------------------------------------------------------------------------------------------------------

/** Vitest's defaults for code on a server, behind the conditions of the corpus. */
const CONDITIONS = ["module", "node", "development|production", "import", "default"];

async function vitestCommand(scratch: string, tests: CorpusTests, report: string): Promise<string[]> {
  const exclude = tests.exclude.map(({ file }) => file);
  const apart = tests.ownProcess;
  // A slow computer is no reason to fail; the whole run has a limit.
  const shared = {
    watch: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: [path.join(scratch, OWN_FOLDER, "setup.mjs")],
  };
  const project = (name: string, test: object): object => ({ extends: true, test: { ...shared, name, ...test } });
  const projects = [project("realms", { pool: "vmForks", include: tests.include, exclude: [...exclude, ...apart] })];
  if (apart.length > 0) projects.push(project("processes", { pool: "forks", include: apart, exclude }));
  const conditions = [...tests.conditions, ...CONDITIONS];
  const config = {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: [...tests.conditions, "node", "import"] } },
    test: { ...shared, projects },
  };
  const file = path.join(scratch, OWN_FOLDER, "vitest.config.mjs");
  await writeFile(file, `export default ${JSON.stringify(config, null, 2)};\n`);
  await writeFile(path.join(scratch, OWN_FOLDER, "setup.mjs"), SETUP);
  const vitest = path.join(scratch, "node_modules", "vitest", "vitest.mjs");
  const reporting = ["--reporter=json", `--outputFile=${report}`];
  return [process.execPath, vitest, "run", "--root", scratch, "--config", file, ...reporting];
}

/** Brings the hooks into the realm of a test file, and saves before its process may be stopped. */
const SETUP = `import { afterAll } from "vitest";
const trace = process[Symbol.for("drift.trace")];
if (trace !== undefined) {
  // Known before the test file itself is loaded; its modules already count.
  trace.begin(globalThis.__vitest_worker__?.filepath ?? "");
  Object.defineProperty(globalThis, "__drift__", { value: trace.hooks, enumerable: false, configurable: true });
  afterAll(() => trace.flush());
}
`;

const VitestReport = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

async function readVitestReport(file: string): Promise<Counts | null> {
  const report = VitestReport.safeParse(JSON.parse(await readFile(file, "utf8").catch(() => "null")));
  if (!report.success) return null;
  const failures = report.data.testResults.flatMap((suite) => {
    const failed = suite.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => fullName.trim());
    // A file that cannot be loaded fails without a single test.
    return failed.length === 0 && suite.status === "failed" ? [path.basename(suite.name)] : failed;
  });
  return { passed: report.data.numPassedTests, failed: failures.length, failures };
}

// --- node --test -------------------------------------------------------------------------------------------------

async function nodeCommand(scratch: string, tests: CorpusTests, report: string): Promise<string[]> {
  const files = selectFiles(await listFiles(scratch), {
    include: tests.include,
    exclude: tests.exclude.map(({ file }) => file),
  });
  const conditions = tests.conditions.map((condition) => `--conditions=${condition}`);
  const reporting = ["--test-reporter=tap", `--test-reporter-destination=${report}`];
  return [process.execPath, "--test", "--test-concurrency=2", ...conditions, ...reporting, ...files];
}

async function readTapReport(file: string): Promise<Counts | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  const count = (what: string): number | undefined => {
    const found = new RegExp(`^# ${what} (\\d+)$`, "m").exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [passed, failed] = [count("pass"), count("fail")];
  if (passed === undefined || failed === undefined) return null;
  const failures = [...text.matchAll(/^not ok \d+ - (.*)$/gm)].map((match) => match[1] ?? "");
  return { passed, failed, failures };
}
