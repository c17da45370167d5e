/** The two oracles of Python: what the language fixes about a call, and what a corpus's own tests call. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { Definition, Position, Span, Stratum, Target } from "../truth/schema.ts";
import { listFiles, selectFiles } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import { gatherRecords } from "./python/gather.ts";
import { findPython, type Python, runPython, WANTED } from "./python/interpreter.ts";
import { type PythonTestRun, runPythonTests } from "./python/run-tests.ts";
import { OWN_FOLDER } from "./sandbox/own-folder.ts";
import {
  noTrace,
  testFilesOf,
  type Scratch,
  type TraceOptions,
  type Tracer,
  type TraceTruth,
  traceTests,
} from "./trace/traced-tests.ts";

/** Grows with every change of what is recorded. */
export const PYTHON_TRACER_VERSION = "2";
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
      callbacks: z.array(z.string()),
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
 */
export async function derivePythonTrace(fetched: FetchedCorpus, options: TraceOptions): Promise<TraceTruth> {
  const python = await findPython(options.env);
  const version = `${PYTHON_TRACER_VERSION}, CPython ${python?.version ?? "missing"}`;
  if (python === null && fetched.spec.tests !== null && options.sandbox !== null) {
    return noTrace(version, `${WANTED.message}; ${WANTED.hint}`, true);
  }
  return traceTests(fetched, options, version, async (scratch) =>
    tracerIn(scratch, fetched, { context: options.context, python: python as Python }),
  );
}

async function tracerIn(
  { folder, tests, sandbox, dependencies }: Scratch,
  fetched: FetchedCorpus,
  { context, python }: { context: readonly string[]; python: Python },
): Promise<Tracer<PythonTestRun>> {
  const { spec, files: measured } = fetched;
  await cp(path.join(PROGRAMS, "runtime"), path.join(folder, OWN_FOLDER, "python"), { recursive: true });
  await writePackageInfo(folder, fetched);
  const all = await listFiles(folder);
  const testFiles = await testFilesOf(folder, tests);
  // A sample measures some files only; what can be imported stays the same.
  const importable = [...selectFiles(all, spec.measure), ...selectFiles(all, spec.context)];
  const shared = { scratch: folder, tests, testFiles, measured, context, importable, sandbox, python, dependencies };
  return {
    runPlain: () => runPythonTests({ ...shared, traceFolder: null }),
    instrument: async () => {}, // The tracer rewrites modules as they are imported.
    runTraced: async (traceFolder) => {
      const outcome = await runPythonTests({ ...shared, traceFolder });
      return { tests: outcome, ...(await gatherRecords(traceFolder)) };
    },
    remarks: (runs) => ({
      traced: "traced",
      more: runs
        .filter(({ lost }) => lost > 0)
        .map(({ lost }) => `${lost} tests turned profiling off, and callbacks after that were not seen`),
    }),
  };
}

/** What an installed package would have beside its code: its name and version, and its plug-ins. */
export async function writePackageInfo(scratch: string, { spec }: FetchedCorpus): Promise<void> {
  const { source } = spec;
  const name = source.type === "pypi" ? source.name : spec.id;
  const folder = path.join(scratch, OWN_FOLDER, "python", `${name.replaceAll("-", "_")}-${spec.version}.dist-info`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "METADATA"), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${spec.version}\n`);
}
