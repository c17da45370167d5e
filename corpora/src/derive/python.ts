/** The two oracles of Python: what the language fixes about a call, and what a corpus's own tests call. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { withTemporaryFolder } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import { type FetchedCorpus, fetchTestDependencies } from "../fetch.ts";
import type { CorpusTests } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import { Definition, Position, Span, Stratum, Target } from "../truth/schema.ts";
import { listFiles, selectFiles } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import { gatherRecords } from "./python/gather.ts";
import { findPython, type Python, runPython, WANTED } from "./python/interpreter.ts";
import { type PythonTestRun, runPythonTests } from "./python/run-tests.ts";
import type { Sandbox } from "./sandbox.ts";
import { isBroken, noTrace, type TracedSite, type TraceTruth } from "./trace.ts";
import { agreementOf, join } from "./trace/gather.ts";

/** Grows with every change of what is recorded. */
export const PYTHON_TRACER_VERSION = "1";
const REPEATS = 2;
const OWN_FOLDER = ".drift";
const PROGRAMS = fileURLToPath(new URL("./python/", import.meta.url));

/** What the reader of sources answers. */
const StaticAnswer = z.strictObject({
  version: z.string(),
  definitions: z.array(Definition),
  sites: z.array(
    z.strictObject({
      id: z.string(),
      file: z.string(),
      span: Span,
      callee: z.strictObject({ name: z.string(), ...Position.shape }).nullable(),
      syntax: z.literal("call"),
      stratum: Stratum,
      must: z.array(Target),
      may: z.array(Target),
      complete: z.boolean(),
      reason: z.string().nullable(),
    }),
  ),
  unreadable: z.array(z.string()),
});

/**
 * Reads every call in `measured` with CPython's own parser; what the scoping rules, imports and class hierarchies of the
 * language fix is certain, the rest is allowed or unknown. Nothing of the corpus is imported or run.
 *
 * @returns ordered by file and position; it depends on nothing but the files and the version of Python
 * @throws CorpusError `CORPUS_CLIENT` when there is no Python of at least 3.11
 */
export async function derivePythonStatic(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  onProgress?: (done: number, total: number) => void;
  env?: Record<string, string | undefined>;
}): Promise<CompilerTruth> {
  const python = await findPython(options.env);
  if (python === null) throw new CorpusError("CORPUS_CLIENT", WANTED.message, { hint: WANTED.hint });
  const { root, measured, context } = options;
  const text = await runPython(python, [path.join(PROGRAMS, "static", "drift_static.py")], {
    input: JSON.stringify({ root, measured, context }),
    onLine: (line) => {
      const [done, total] = line.split("/").map(Number);
      if (done !== undefined && total !== undefined) options.onProgress?.(done, total);
    },
  });
  const { version, definitions, sites } = StaticAnswer.parse(JSON.parse(text));
  return { version: `CPython ${version}`, definitions, sites };
}

/**
 * Runs the corpus's tests as they are, then twice under the tracer, all in a scratch copy inside a sandbox. Without a
 * sandbox or a Python of at least 3.11 nothing is run, and the trace says so.
 *
 * Calls that enter a function of a test (a replacement, a subclass) are not recorded: they say nothing about the corpus.
 *
 * @param options `context` files are those whose functions may be entered but whose calls are not asked about; with
 *   `only`, no other test files (relative paths) are run, and these once, traced
 */
export async function derivePythonTrace(
  fetched: FetchedCorpus,
  options: {
    cacheDir: string;
    context: readonly string[];
    sandbox: Sandbox | null;
    onProgress?: OnProgress;
    only?: readonly string[];
    /** Use only what is in the cache of what the tests need. */
    offline?: boolean;
    env?: Record<string, string | undefined>;
  },
): Promise<TraceTruth> {
  const { spec } = fetched;
  if (spec.tests === null) return noTrace("the corpus brings no tests");
  const { sandbox } = options;
  if (sandbox === null) {
    return noTrace("neither bwrap nor unshare works on this computer, and a corpus's tests run in a sandbox only");
  }
  const python = await findPython(options.env);
  if (python === null) return noTrace(`${WANTED.message}; ${WANTED.hint}`, true);
  const tests = options.only === undefined ? spec.tests : { ...spec.tests, include: [...options.only] };
  const dependencies = await fetchTestDependencies(spec, options);
  return withTemporaryFolder(path.join(options.cacheDir, "scratch"), spec.id, async (scratch) =>
    traceIn(scratch, fetched, tests, { ...options, sandbox, python, dependencies }),
  );
}

async function traceIn(
  scratch: string,
  fetched: FetchedCorpus,
  tests: CorpusTests,
  options: {
    context: readonly string[];
    onProgress?: OnProgress;
    sandbox: Sandbox;
    python: Python;
    dependencies: string | null;
    only?: readonly string[];
  },
): Promise<TraceTruth> {
  const { spec, root, files } = fetched;
  const repeats = options.only === undefined ? REPEATS : 1;
  const phase =
    options.only === undefined
      ? `run the tests of ${spec.id}, plain once and traced twice`
      : `run some tests of ${spec.id}, traced`;
  const progress = (done: number): void => options.onProgress?.({ phase, done, total: repeats + 1 });
  progress(0);
  await cp(root, scratch, { recursive: true });
  const own = path.join(scratch, OWN_FOLDER);
  await cp(path.join(PROGRAMS, "runtime"), path.join(own, "python"), { recursive: true });
  await writePackageInfo(scratch, fetched);
  const all = await listFiles(scratch);
  const testFiles = selectFiles(all, { include: tests.include, exclude: tests.exclude.map(({ file }) => file) });
  // A sample measures some files only; what can be imported stays the same.
  const importable = [...selectFiles(all, spec.measure), ...selectFiles(all, spec.context)];
  const shared = { ...options, scratch, tests, testFiles, measured: files, importable };
  const plain = options.only === undefined ? await runPythonTests({ ...shared, traceFolder: null }) : null;
  if (plain !== null && plain.problem !== null) return noTrace(plain.problem, true);
  if (plain?.passed === 0) {
    return noTrace(`none of the tests passed, ${plain.failed} failed (${plain.failures.slice(0, 5).join(", ")})`, true);
  }
  const runs: { tests: PythonTestRun; sites: Map<string, TracedSite>; lost: Set<string> }[] = [];
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    progress(repeat);
    const traceFolder = path.join(own, `trace-${repeat}`);
    await mkdir(traceFolder, { recursive: true });
    const outcome = await runPythonTests({ ...shared, traceFolder });
    runs.push({ tests: outcome, ...(await gatherRecords(traceFolder)) });
  }
  progress(repeats + 1);
  const tracedSeconds = runs.reduce((sum, run) => sum + run.tests.seconds, 0) / repeats;
  return {
    version: `${PYTHON_TRACER_VERSION}, CPython ${options.python.version}`,
    repeats,
    agreement: agreementOf(runs.map((run) => run.sites)),
    notRun: remarks(
      tests,
      plain,
      runs.map((run) => run.tests),
    ),
    broken: runs.some((run) => isBroken(run.tests, plain)),
    stats: {
      plainSeconds: plain?.seconds ?? 0,
      tracedSeconds,
      overhead: plain === null || plain.seconds === 0 ? null : tracedSeconds / plain.seconds,
      lostSites: new Set(runs.flatMap((run) => [...run.lost])).size,
    },
    sites: runs.map((run) => run.sites).reduce(join),
  };
}

/** What an installed package would have beside its code: its name and version, and its plug-ins. */
async function writePackageInfo(scratch: string, { spec }: FetchedCorpus): Promise<void> {
  const { source } = spec;
  const name = source.type === "pypi" ? source.name : spec.id;
  const folder = path.join(scratch, OWN_FOLDER, "python", `${name.replaceAll("-", "_")}-${spec.version}.dist-info`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "METADATA"), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${spec.version}\n`);
}

/** What was left out, and every sign that tracing changed something. */
function remarks(tests: CorpusTests, plain: PythonTestRun | null, traced: readonly PythonTestRun[]): string | null {
  const said = tests.exclude.map(({ file, reason }) => `${file} left out (${reason})`);
  for (const run of traced) {
    if (run.problem !== null) said.push(run.problem);
    else if (plain !== null && (run.passed !== plain.passed || run.failed !== plain.failed)) {
      const names = run.failures.filter((name) => !plain.failures.includes(name)).slice(0, 5);
      said.push(
        `traced, ${run.passed} tests passed and ${run.failed} failed (${names.join(", ")}); plain ${plain.passed} and ${plain.failed}`,
      );
    }
    if (run.lost > 0) said.push(`${run.lost} tests turned profiling off, and callbacks after that were not seen`);
  }
  return said.length === 0 ? null : [...new Set(said)].join("; ");
}
