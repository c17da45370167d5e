/**
 * What the tracers of all languages share: the corpus's tests in a scratch copy inside a sandbox, as they are once and
 * traced twice, and what that comes to.
 */
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { withTemporaryFolder } from "../../cache.ts";
import { type FetchedCorpus, fetchTestDependencies } from "../../fetch.ts";
import type { CorpusTests } from "../../manifest.ts";
import type { OnProgress } from "../../progress.ts";
import { listFiles, selectFiles } from "../../tree.ts";
import type { Sandbox } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import { agreementOf, join } from "./gather.ts";
import type { TestRun } from "./run-tests.ts";

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

/** The test files of a fresh scratch copy, relative. */
export async function testFilesOf(scratch: string, tests: CorpusTests): Promise<string[]> {
  const exclude = tests.exclude.map(({ file }) => file);
  return selectFiles(await listFiles(scratch), { include: tests.include, exclude });
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
  /** How the tests ended as they are, `failures` the first few by name; null when they were not run or not to their end. */
  plain: { passed: number; failed: number; failures: string[] } | null;
  stats: TraceStats;
  sites: Map<string, TracedSite>;
}

/** A trace that saw nothing, and why. */
export function noTrace(version: string, notRun: string, broken = false): TraceTruth {
  const stats = { plainSeconds: 0, tracedSeconds: 0, overhead: null, lostSites: 0 };
  return { version, repeats: 1, agreement: 1, notRun, broken, plain: null, stats, sites: new Map() };
}

export interface TraceOptions {
  /** Below it the scratch copy is made, and goes away afterwards. */
  cacheDir: string;
  /** Files whose functions may be entered but whose calls are not asked about. */
  context: readonly string[];
  /** Null: nothing is run, and the trace says so. */
  sandbox: Sandbox | null;
  onProgress?: OnProgress;
  /** Run no other test files (relative paths) than these, and these once, traced. */
  only?: readonly string[];
  /** Use only what is in the cache of what the tests need. */
  offline?: boolean;
  env?: Record<string, string | undefined>;
}

/** Where the tests run, and with what. */
export interface Scratch {
  folder: string;
  tests: CorpusTests;
  sandbox: Sandbox;
  /** What the tests need; null when they need nothing. */
  dependencies: string | null;
}

/** How the tests of one language run. The methods are called in the order in which they stand here. */
export interface Tracer<Run extends TestRun = TestRun> {
  /** All tests as they are; left out when some are asked for by name. */
  runPlain(): Promise<Run>;
  /** Makes the scratch copy ready to be traced. */
  instrument(): Promise<void>;
  /** All tests once, traced into the folder given; `lost` names sites that entered something nobody can name. */
  runTraced(folder: string): Promise<{ tests: Run; sites: Map<string, TracedSite>; lost: ReadonlySet<string> }>;
  /** How a traced run is called in a sentence, and what else is to be said about these. */
  remarks(runs: readonly Run[]): { traced: string; more: string[] };
}

/**
 * Runs the tests of a corpus as they are, then twice traced. What tracing changes in their results is reported.
 *
 * @param version of the tracer, as it stands in the truth
 * @param prepare is given a fresh copy of the corpus
 */
export async function traceTests<Run extends TestRun>(
  fetched: FetchedCorpus,
  options: TraceOptions,
  version: string,
  prepare: (scratch: Scratch) => Promise<Tracer<Run>>,
): Promise<TraceTruth> {
  const { spec } = fetched;
  if (spec.tests === null) return noTrace(version, "the corpus brings no tests");
  const { sandbox } = options;
  if (sandbox === null) {
    const why = "neither bwrap nor unshare works on this computer, and a corpus's tests run in a sandbox only";
    return noTrace(version, why);
  }
  const tests = options.only === undefined ? spec.tests : { ...spec.tests, include: [...options.only] };
  const dependencies = await fetchTestDependencies(spec, options);
  return withTemporaryFolder(path.join(options.cacheDir, "scratch"), spec.id, async (folder) => {
    // Links between the packages of a workspace lead into the copy, not back.
    await cp(fetched.root, folder, { recursive: true, verbatimSymlinks: true });
    await mkdir(path.join(folder, OWN_FOLDER), { recursive: true });
    const scratch = { folder, tests, sandbox, dependencies };
    const tracer = await prepare(scratch);
    return repeat(scratch, tracer, { ...options, version, id: spec.id }).catch((error: unknown) => {
      if (!isDamage(error, folder)) throw error;
      return noTrace(version, `the tests damaged the folder in which they ran (${error.code})`, true);
    });
  });
}

const DAMAGE = new Set(["EACCES", "EEXIST", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENOENT", "ENOTDIR", "EPERM"]);

/** Whether something in the scratch copy is not as we left it: a failure of the tests, which may do there what they like. */
function isDamage(error: unknown, folder: string): error is Error & { code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    DAMAGE.has(String(error.code)) &&
    "path" in error &&
    String(error.path).startsWith(folder)
  );
}

async function repeat<Run extends TestRun>(
  { folder, tests }: Scratch,
  tracer: Tracer<Run>,
  options: Pick<TraceOptions, "only" | "onProgress"> & { version: string; id: string },
): Promise<TraceTruth> {
  const { version, id } = options;
  const isSample = options.only !== undefined;
  const repeats = isSample ? 1 : REPEATS;
  const phase = isSample ? `run some tests of ${id}, traced` : `run the tests of ${id}, plain once and traced twice`;
  const progress = (done: number): void => options.onProgress?.({ phase, done, total: repeats + 1 });
  progress(0);
  const plain = isSample ? null : await tracer.runPlain();
  if (plain !== null && plain.problem !== null) return noTrace(version, plain.problem, true);
  if (plain?.passed === 0) {
    const names = plain.failures.slice(0, SHOWN_FAILURES).join(", ");
    return noTrace(version, `none of the tests passed, ${plain.failed} failed (${names})`, true);
  }
  await tracer.instrument();
  const runs: Awaited<ReturnType<typeof tracer.runTraced>>[] = [];
  for (let number = 1; number <= repeats; number += 1) {
    progress(number);
    const traceFolder = path.join(folder, OWN_FOLDER, `trace-${number}`);
    await mkdir(traceFolder, { recursive: true });
    runs.push(await tracer.runTraced(traceFolder));
  }
  progress(repeats + 1);
  const traced = runs.map((run) => run.tests);
  const tracedSeconds = traced.reduce((sum, run) => sum + run.seconds, 0) / repeats;
  return {
    version,
    repeats,
    agreement: agreementOf(runs.map((run) => run.sites)),
    notRun: said(tests, plain, traced, tracer.remarks(traced)),
    broken: traced.some((run) => isBroken(run, plain)),
    plain: plain === null ? null : endOf(plain),
    stats: {
      plainSeconds: plain?.seconds ?? 0,
      tracedSeconds,
      overhead: plain === null || plain.seconds === 0 ? null : tracedSeconds / plain.seconds,
      lostSites: new Set(runs.flatMap((run) => [...run.lost])).size,
    },
    sites: runs.map((run) => run.sites).reduce(join),
  };
}

const SHOWN_FAILURES = 5;

function endOf({ passed, failed, failures }: TestRun): NonNullable<TraceTruth["plain"]> {
  return { passed, failed, failures: failures.slice(0, SHOWN_FAILURES) };
}

/** Share of the tests that pass plainly and must pass when traced, else the tracer is what was tested. */
const MIN_PASSED = 0.5;

/** Whether a traced run did not come to its end, or made most tests fail that pass as they are. */
function isBroken(traced: TestRun, plain: TestRun | null): boolean {
  return traced.problem !== null || (plain !== null && traced.passed < MIN_PASSED * plain.passed);
}

/** What was left out, and every sign that tracing changed something. */
function said(
  tests: CorpusTests,
  plain: TestRun | null,
  traced: readonly TestRun[],
  remarks: ReturnType<Tracer["remarks"]>,
): string | null {
  const reasons = new Map(tests.seeInstrumentation?.map(({ test, reason }) => [test, reason]));
  const onlyIn = (one: TestRun, other: TestRun): string => {
    const names = one.failures.filter((name) => !other.failures.includes(name)).slice(0, SHOWN_FAILURES);
    const said = names.map((name) => (reasons.has(name) ? `${name}: ${reasons.get(name)}` : name));
    return said.length === 0 ? "" : ` (${said.join(", ")})`;
  };
  const all = tests.exclude.map(({ file, reason }) => `${file} left out (${reason})`);
  for (const run of traced) {
    if (run.problem !== null) all.push(run.problem);
    else if (plain !== null && (run.passed !== plain.passed || run.failed !== plain.failed)) {
      const traced = `${run.passed} tests passed and ${run.failed} failed${onlyIn(run, plain)}`;
      all.push(`${remarks.traced}, ${traced}; plain ${plain.passed} and ${plain.failed}${onlyIn(plain, run)}`);
    }
  }
  all.push(...remarks.more);
  return all.length === 0 ? null : [...new Set(all)].join("; ");
}
