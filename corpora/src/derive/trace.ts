/** The trace oracle: which functions the corpus's own tests enter from each call site. */
import { cp, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { withTemporaryFolder } from "../cache.ts";
import { type FetchedCorpus, fetchTestDependencies } from "../fetch.ts";
import type { CorpusTests } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import type { Sandbox } from "./sandbox.ts";
import { agreementOf, gather, join, readTraces } from "./trace/gather.ts";
import { instrument, Registry } from "./trace/instrument.ts";
import { OWN_FOLDER } from "./trace/report.ts";
import { testFiles } from "./trace/tap.ts";
import { linkDependencies, runTests, type TestRun } from "./trace/run-tests.ts";

/** Grows with every change of what is recorded. */
export const TRACER_VERSION = "2";
const REPEATS = 2;

/** What was seen at one call site. */
export interface TracedSite {
  /** Ids of definitions in the corpus, sorted. */
  definitions: string[];
  /** Names of native functions, sorted. */
  externals: string[];
  /** A function that is neither native nor in the corpus's measured files (tests, dependencies, generated code). */
  outside: boolean;
  /** Ids of definitions that a built-in or a library called at this site entered in its turn, sorted. */
  callbacks: string[];
  /** The test file (relative path) under which most of the targets were seen, the first of several; null when unknown. */
  witness: string | null;
}

/** What tracing cost, and what it could not tell. */
export interface TraceStats {
  plainSeconds: number;
  /** Of one traced run, on average. */
  tracedSeconds: number;
  /** `tracedSeconds / plainSeconds`; null when nothing was run. */
  overhead: number | null;
  /** Call sites that ran and entered a function which cannot be named: a bound one, or a proxy. */
  lostSites: number;
}

export interface TraceTruth {
  version: string;
  repeats: number;
  /** Share of traced sites with the same targets in all repeats, in [0, 1]; 1 when nothing was traced. */
  agreement: number;
  /** Why nothing, or not everything, was run; null when all of it was. */
  notRun: string | null;
  /** A run did not come to its end, or tracing broke most tests: such a trace is not kept. */
  broken: boolean;
  stats: TraceStats;
  sites: Map<string, TracedSite>;
}

/** A trace that saw nothing, and why. */
export function noTrace(notRun: string, broken = false): TraceTruth {
  return {
    version: TRACER_VERSION,
    repeats: 1,
    agreement: 1,
    notRun,
    broken,
    stats: { ...NOTHING_RUN },
    sites: new Map(),
  };
}

const NOTHING_RUN: TraceStats = { plainSeconds: 0, tracedSeconds: 0, overhead: null, lostSites: 0 };

/**
 * What a trace cannot see: a function that is bound to another outside of instrumented code, or a proxy, until what
 * stands behind it starts to run; what generators do for a built-in that asks them; functions in threads and processes
 * that do not inherit the environment; text that is evaluated (it lies outside); getters, setters, conversions and
 * iteration, which are no calls. Accessors and iterators that a built-in enters are `callbacks` of its site.
 *
 * Runs the corpus's tests as they are, then twice with instrumented sources, all in a scratch copy inside a sandbox.
 * With `sandbox` null nothing is run, and the trace says so. Instrumentation that changes a test's result is reported.
 *
 * @param options `context` files are those whose functions may be entered but whose calls are not asked about; with
 *   `only`, no other test files (relative paths) are run, and these once, traced
 */
export async function deriveTraceTruth(
  fetched: FetchedCorpus,
  options: {
    cacheDir: string;
    context: readonly string[];
    onProgress?: OnProgress;
    sandbox: Sandbox | null;
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
  const tests = options.only === undefined ? spec.tests : { ...spec.tests, include: [...options.only] };
  const dependencies = await fetchTestDependencies(spec, options);
  return withTemporaryFolder(path.join(options.cacheDir, "scratch"), spec.id, async (scratch) =>
    traceIn(scratch, fetched, tests, { ...options, sandbox, dependencies }),
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
    dependencies: string | null;
    only?: readonly string[];
  },
): Promise<TraceTruth> {
  const { spec, root, files } = fetched;
  const name = spec.source.type === "npm" ? spec.source.name : spec.id;
  const repeats = options.only === undefined ? REPEATS : 1;
  const phase =
    options.only === undefined
      ? `run the tests of ${spec.id}, plain once and traced twice`
      : `run some tests of ${spec.id}, traced`;
  const progress = (done: number): void => options.onProgress?.({ phase, done, total: repeats + 1 });
  progress(0);
  await cp(root, scratch, { recursive: true });
  await linkDependencies(scratch, name, tests, options.dependencies);
  const plain =
    options.only === undefined ? await runTests({ scratch, tests, sandbox: options.sandbox, traceFolder: null }) : null;
  if (plain !== null && plain.problem !== null) return noTrace(plain.problem, true);
  if (plain?.passed === 0) return noTrace(`none of the tests passed, ${plain.failed} failed`, true);

  const doubles = await withDoubles(scratch, tests);
  const registry = new Registry();
  const unreadable = await instrumentAll(scratch, { measured: files, context: options.context }, registry);
  await mkdir(path.join(scratch, OWN_FOLDER), { recursive: true });
  await copyFile(
    fileURLToPath(new URL("./trace/runtime.mts", import.meta.url)),
    path.join(scratch, OWN_FOLDER, "runtime.mts"),
  );
  const runs: { tests: TestRun; sites: Map<string, TracedSite>; lost: Set<string> }[] = [];
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    progress(repeat);
    const traceFolder = path.join(scratch, OWN_FOLDER, `trace-${repeat}`);
    await mkdir(traceFolder, { recursive: true });
    const outcome = await runTests({ scratch, tests, sandbox: options.sandbox, traceFolder });
    runs.push({ tests: outcome, ...gather(await readTraces(traceFolder), registry, { scratch, doubles }) });
  }
  progress(repeats + 1);
  return {
    version: TRACER_VERSION,
    repeats,
    agreement: agreementOf(runs.map((run) => run.sites)),
    notRun: remarks(
      tests,
      unreadable,
      plain,
      runs.map((run) => run.tests),
    ),
    broken: runs.some((run) => isBroken(run.tests, plain)),
    stats: statsOf(plain, runs),
    sites: runs.map((run) => run.sites).reduce(join),
  };
}

const DOUBLES =
  /\b(?:proxyquire|sinon|rewire|esmock|testdouble|require\.cache|mock\.(?:method|module|fn|getter)|(?:vi|jest)\.(?:mock|doMock|fn|spyOn|stub\w+))\b|\brequire\([^)]*\)(?:\.\w+)+\s*=(?!=)/;

/** Share of the tests that pass plainly and must pass when traced, else the tracer is what was tested. */
const MIN_PASSED = 0.5;

/** Whether a traced run did not come to its end, or made most tests fail that pass as they are. */
export function isBroken(traced: Pick<TestRun, "passed" | "problem">, plain: Pick<TestRun, "passed"> | null): boolean {
  return traced.problem !== null || (plain !== null && traced.passed < MIN_PASSED * plain.passed);
}

/** The test files that may put functions of their own in the place of the corpus's. */
async function withDoubles(scratch: string, tests: CorpusTests): Promise<Set<string>> {
  const files = await testFiles(scratch, tests);
  const texts = await Promise.all(files.map((file) => readFile(path.join(scratch, file), "utf8")));
  return new Set(files.filter((_, index) => DOUBLES.test(texts[index] ?? "")));
}

/** Instruments files in place; returns those that could not be parsed. */
async function instrumentAll(
  scratch: string,
  files: { measured: readonly string[]; context: readonly string[] },
  registry: Registry,
): Promise<string[]> {
  const unreadable: string[] = [];
  const measured = new Set(files.measured);
  for (const file of [...new Set([...files.measured, ...files.context])].sort()) {
    const text = await readFile(path.join(scratch, file), "utf8");
    try {
      await writeFile(path.join(scratch, file), instrument({ file, text, registry, withSites: measured.has(file) }));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      unreadable.push(file);
    }
  }
  return unreadable;
}

function statsOf(plain: TestRun | null, runs: readonly { tests: TestRun; lost: Set<string> }[]): TraceStats {
  const tracedSeconds = runs.reduce((sum, run) => sum + run.tests.seconds, 0) / runs.length;
  return {
    plainSeconds: plain?.seconds ?? 0,
    tracedSeconds,
    overhead: plain === null || plain.seconds === 0 ? null : tracedSeconds / plain.seconds,
    lostSites: new Set(runs.flatMap((run) => [...run.lost])).size,
  };
}

/** What was left out, and every sign that instrumentation changed something. */
function remarks(
  tests: CorpusTests,
  unreadable: readonly string[],
  plain: TestRun | null,
  traced: readonly TestRun[],
): string | null {
  const said: string[] = tests.exclude.map(({ file, reason }) => `${file} left out (${reason})`);
  if (unreadable.length > 0) said.push(`not instrumented, because they do not parse: ${unreadable.join(", ")}`);
  for (const run of traced) {
    if (run.problem !== null) said.push(run.problem);
    else if (plain !== null && (run.passed !== plain.passed || run.failed !== plain.failed)) {
      const names = run.failures.filter((name) => !plain.failures.includes(name)).slice(0, 5);
      said.push(
        `instrumented, ${run.passed} tests passed and ${run.failed} failed (${names.join(", ")}); plain ${plain.passed} and ${plain.failed}`,
      );
    }
  }
  return said.length === 0 ? null : said.join("; ");
}
