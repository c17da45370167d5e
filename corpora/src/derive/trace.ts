/** The trace oracle of JavaScript and TypeScript: which functions the corpus's own tests enter from each call site. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FetchedCorpus } from "../fetch.ts";
import { isOwnFile, OWN_FOLDER } from "./sandbox/own-folder.ts";
import { gather, readTraces } from "./trace/gather.ts";
import { instrument, Registry } from "./trace/instrument.ts";
import { linkDependencies, runTests } from "./trace/run-tests.ts";
import {
  type Scratch,
  type TraceOptions,
  type Tracer,
  type TraceTruth,
  testFilesOf,
  traceTests,
} from "./trace/traced-tests.ts";

/** Grows with every change of what is recorded. */
export const TRACER_VERSION = "2";

/**
 * What a trace cannot see: a function that is bound to another outside of instrumented code, or a proxy, until what
 * stands behind it starts to run; what generators do for a built-in that asks them; functions in threads and processes
 * that do not inherit the environment; text that is evaluated (it lies outside); getters, setters, conversions and
 * iteration, which are no calls. Accessors and iterators that a built-in enters are `callbacks` of its site.
 *
 * Runs the corpus's tests as they are, then twice with instrumented sources, all in a scratch copy inside a sandbox.
 * With `sandbox` null nothing is run, and the trace says so. Instrumentation that changes a test's result is reported.
 */
export async function deriveTraceTruth(fetched: FetchedCorpus, options: TraceOptions): Promise<TraceTruth> {
  return traceTests(fetched, options, TRACER_VERSION, async (scratch) => tracerIn(scratch, fetched, options.context));
}

async function tracerIn(
  { folder, tests, sandbox, dependencies }: Scratch,
  { spec, files }: FetchedCorpus,
  context: readonly string[],
): Promise<Tracer> {
  await linkDependencies(folder, spec.source.type === "npm" ? spec.source.name : spec.id, tests, dependencies);
  const testFiles = await testFilesOf(folder, tests);
  const registry = new Registry();
  let doubles = new Set<string>();
  let left: LeftOut = { unreadable: [], replaced: [] };
  return {
    runPlain: () => runTests({ scratch: folder, tests, files: testFiles, sandbox, traceFolder: null }),
    instrument: async () => {
      doubles = await withDoubles(folder, testFiles);
      left = await instrumentAll(folder, { measured: files, context }, registry);
      const runtime = fileURLToPath(new URL("./trace/runtime.mts", import.meta.url));
      await copyFile(runtime, path.join(folder, OWN_FOLDER, "runtime.mts"));
    },
    runTraced: async (traceFolder) => {
      const outcome = await runTests({ scratch: folder, tests, files: testFiles, sandbox, traceFolder });
      return { tests: outcome, ...gather(await readTraces(traceFolder), registry, { scratch: folder, doubles }) };
    },
    remarks: () => ({
      traced: "instrumented",
      more: [
        ...(tests.skip ?? []).map(({ test, reason }) => `the test "${test}" left out (${reason})`),
        ...because("they do not parse", left.unreadable),
        ...because("the tests removed or replaced them", left.replaced),
      ],
    }),
  };
}

const DOUBLES =
  /\b(?:proxyquire|sinon|rewire|esmock|testdouble|require\.cache|mock\.(?:method|module|fn|getter)|(?:vi|jest)\.(?:mock|doMock|fn|spyOn|stub\w+))\b|\brequire\([^)]*\)(?:\.\w+)+\s*=(?!=)/;

/** The test files that may put functions of their own in the place of the corpus's. */
async function withDoubles(scratch: string, files: readonly string[]): Promise<Set<string>> {
  const texts = await Promise.all(
    files.map(async (file) => ((await isOwnFile(scratch, file)) ? readFile(path.join(scratch, file), "utf8") : "")),
  );
  return new Set(files.filter((_, index) => DOUBLES.test(texts[index] ?? "")));
}

/** Files that are not instrumented. */
interface LeftOut {
  /** They do not parse. */
  unreadable: string[];
  /** Tests removed them, or put something in their place that may lead out of the scratch copy. */
  replaced: string[];
}

function because(reason: string, files: readonly string[]): string[] {
  return files.length === 0 ? [] : [`not instrumented, because ${reason}: ${files.join(", ")}`];
}

/** Instruments files in place. */
async function instrumentAll(
  scratch: string,
  files: { measured: readonly string[]; context: readonly string[] },
  registry: Registry,
): Promise<LeftOut> {
  const left: LeftOut = { unreadable: [], replaced: [] };
  const measured = new Set(files.measured);
  for (const file of [...new Set([...files.measured, ...files.context])].sort()) {
    if (!(await isOwnFile(scratch, file))) {
      left.replaced.push(file);
      continue;
    }
    const text = await readFile(path.join(scratch, file), "utf8");
    try {
      await writeFile(path.join(scratch, file), instrument({ file, text, registry, withSites: measured.has(file) }));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      left.unreadable.push(file);
    }
  }
  return left;
}
