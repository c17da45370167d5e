/** Runs the tests of a Python corpus in a scratch copy, and counts them. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJson } from "../../cache.ts";
import type { CorpusTests } from "../../manifest.ts";
import { selectFiles } from "../../tree.ts";
import { runSandboxed, type Sandbox } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { TestRun } from "../trace/run-tests.ts";
import type { Python } from "./interpreter.ts";

/** How the tests ended; `lost` counts those that turned profiling off. */
export interface PythonTestRun extends TestRun {
  lost: number;
}

const Report = z.object({
  passed: z.int(),
  failed: z.int(),
  failures: z.array(z.string()),
  lost: z.int(),
});

/**
 * Runs all test files once, those that ask for it in a process of their own; with `traceFolder`, under the tracer, which
 * writes there. Hash seed, time zone and environment are fixed, and no bytecode is written.
 */
export async function runPythonTests(options: {
  scratch: string;
  tests: CorpusTests;
  testFiles: readonly string[];
  measured: readonly string[];
  context: readonly string[];
  /** Files of the corpus by which its packages are found. */
  importable: readonly string[];
  sandbox: Sandbox;
  python: Python;
  /** Holds `site-packages`. */
  dependencies: string | null;
  traceFolder: string | null;
}): Promise<PythonTestRun> {
  const { tests, testFiles } = options;
  const apart = selectFiles(testFiles, { include: tests.ownProcess, exclude: [] });
  const together = testFiles.filter((file) => !apart.includes(file));
  const groups = [together, ...apart.map((file) => [file])].filter((group) => group.length > 0);
  const all: PythonTestRun = { passed: 0, failed: 0, failures: [], seconds: 0, problem: null, lost: 0 };
  for (const [index, group] of groups.entries()) {
    const run = await runGroup(options, group, index);
    all.passed += run.passed;
    all.failed += run.failed;
    all.failures.push(...run.failures);
    all.seconds += run.seconds;
    all.lost += run.lost;
    all.problem ??= run.problem;
  }
  return all;
}

async function runGroup(
  options: Parameters<typeof runPythonTests>[0],
  group: readonly string[],
  index: number,
): Promise<PythonTestRun> {
  const { scratch, tests, python, traceFolder, measured, context, testFiles } = options;
  const own = path.join(scratch, OWN_FOLDER);
  const [config, report] = [path.join(own, `config-${index}.json`), path.join(own, `report-${index}.json`)];
  await mkdir(own, { recursive: true });
  await rm(report, { force: true });
  const asked = {
    root: scratch,
    runner: tests.runner,
    tests: group,
    testFiles,
    measured,
    context,
    folder: traceFolder,
  };
  await writeFile(config, JSON.stringify(asked));
  const started = performance.now();
  const run = await runSandboxed({
    sandbox: options.sandbox,
    command: [python.command, "-B", "-X", "utf8", path.join(own, "python", "drift_run_tests.py"), config, report],
    folder: scratch,
    env: {
      PYTHONPATH: pythonPath(options).join(path.delimiter),
      PYTHONHASHSEED: "0",
      PYTHONDONTWRITEBYTECODE: "1",
      ...(traceFolder === null ? {} : { DRIFT_TRACE_CONFIG: config }),
    },
    timeoutMs: tests.timeoutMs,
  });
  const seconds = (performance.now() - started) / 1000;
  const none = { passed: 0, failed: 0, failures: [], seconds, lost: 0 };
  if (run.timedOut) return { ...none, problem: `the tests did not end within ${tests.timeoutMs / 1000} s` };
  const counts = Report.safeParse(await readJson(report));
  if (counts.success) return { ...counts.data, seconds, problem: null };
  const said = run.tail.trim().split("\n").at(-1) ?? "";
  return {
    ...none,
    problem: `the test runner ended with ${run.stopped ?? run.exitCode} and no report${said === "" ? "" : `: ${said}`}`,
  };
}

/** Our programs, the folders that the corpus's packages lie in, and what the tests need. */
export function pythonPath({
  scratch,
  importable,
  dependencies,
}: Pick<Parameters<typeof runPythonTests>[0], "scratch" | "importable" | "dependencies">): string[] {
  const roots = importRoots(importable).map((root) => path.join(scratch, root));
  return [path.join(scratch, OWN_FOLDER, "python"), ...roots].concat(
    dependencies === null ? [] : [path.join(dependencies, "site-packages")],
  );
}

/**
 * The folders that must be on the path so that files can be imported: the parents of the outermost packages. Files
 * outside packages, such as examples, do not count beside packages: their names may hide those of others.
 */
export function importRoots(files: readonly string[]): string[] {
  const packages = new Set(
    files.filter((file) => path.posix.basename(file) === "__init__.py").map((file) => path.posix.dirname(file)),
  );
  if (packages.size === 0) return [...new Set(files.map((file) => path.posix.dirname(file)))].sort();
  const roots = [...packages].map((folder) => {
    let outermost = folder;
    while (packages.has(path.posix.dirname(outermost)) && outermost !== ".") outermost = path.posix.dirname(outermost);
    return path.posix.dirname(outermost);
  });
  return [...new Set(roots)].sort();
}
