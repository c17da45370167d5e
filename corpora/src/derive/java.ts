/** The two oracles of Java: what javac and the class hierarchy fix about a call, and what a corpus's own tests call. */
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { withTemporaryFolder } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { Definition } from "../truth/schema.ts";
import { byPlace, type CompilerTruth } from "./compiler.ts";
import { buildJavaReader, compileProgram, findJdk, type Jdk, needJdk, SHORT_LIVED, WANTED_JDK } from "./java/jdk.ts";
import { compileCorpus, instrumentCorpus, type JavaScratch, runJavaTests } from "./java/run-tests.ts";
import { OWN_FOLDER } from "./sandbox/own-folder.ts";
import { StaticSite } from "./static-site.ts";
import { gather, readTraces } from "./trace/gather.ts";
import {
  noTrace,
  type Scratch,
  testFilesOf,
  type TraceOptions,
  type Tracer,
  type TraceTruth,
  traceTests,
} from "./trace/traced-tests.ts";

/** Grows with every change of what is recorded. */
export const JAVA_TRACER_VERSION = "1";

/** What the reader of sources answers. */
const StaticAnswer = z.strictObject({
  version: z.string(),
  /** What javac holds wrong in the sources. */
  problems: z.array(z.string()),
  definitions: z.array(Definition),
  sites: z.array(StaticSite),
});

/**
 * Resolves every call and `new` in `measured` with javac: what cannot be overridden is certain, the rest is what the
 * hierarchy of all classes allows, those of `tests` included, which count as outside. No annotation processor and nothing
 * of the corpus is run.
 *
 * @returns ordered by file and position
 * @throws CorpusError `CORPUS_CLIENT` when there is no JDK of at least 17; `CORPUS_TRUTH` when the sources do not compile
 */
export async function deriveJavaStatic(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  /** Files with classes of tests; what they need from libraries may be missing. */
  tests?: readonly string[];
  compilerOptions: Record<string, unknown>;
  cacheDir: string;
  env?: Record<string, string | undefined>;
}): Promise<CompilerTruth> {
  const jdk = await needJdk(options.env);
  const program = await buildJavaReader(jdk, options.cacheDir);
  return withTemporaryFolder(tmpdir(), "request", async (folder) => {
    const request = path.join(folder, "request");
    await writeFile(request, requestText(options));
    const { stdout, exitCode, stderr } = await execa(
      jdk.java,
      [...SHORT_LIVED, "-cp", program, "drift.Main", request],
      {
        reject: false,
        maxBuffer: Number.MAX_SAFE_INTEGER,
      },
    );
    if (exitCode !== 0) throw unreadable(stderr.split("\n").slice(0, 3).join("\n"));
    const { problems, definitions, sites } = StaticAnswer.parse(JSON.parse(stdout));
    if (problems[0] !== undefined) throw unreadable(problems[0]);
    const release = releaseOf(options);
    return {
      version: `javac ${jdk.version}${release === null ? "" : `, release ${release}`}`,
      definitions: definitions.sort(byPlace),
      sites: sites.sort(byPlace),
    };
  });
}

function unreadable(hint: string): CorpusError {
  return new CorpusError("CORPUS_TRUTH", "javac cannot read the sources", { hint });
}

/** A line for each thing that the reader is told; see its Main. */
function requestText(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  tests?: readonly string[];
  compilerOptions: Record<string, unknown>;
  plan?: string;
}): string {
  const release = releaseOf(options);
  const lines = [
    `root ${options.root}`,
    ...(release === null ? [] : [`release ${release}`]),
    ...options.measured.map((file) => `measured ${file}`),
    ...options.context.map((file) => `context ${file}`),
    ...(options.tests ?? []).map((file) => `test ${file}`),
    ...(options.plan === undefined ? [] : [`plan ${options.plan}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function releaseOf({ compilerOptions }: { compilerOptions: Record<string, unknown> }): string | null {
  const { release } = compilerOptions;
  return typeof release === "string" || typeof release === "number" ? String(release) : null;
}

/**
 * Runs the corpus's tests as they are, then twice with rewritten bytecode, all in a scratch copy inside a sandbox. Without
 * a sandbox or a JDK of at least 17 nothing is run, and the trace says so.
 *
 * What enters a class of a test is not recorded: it says nothing about the corpus. Not told apart are `new` expressions of
 * one class in one method when code is compiled into it twice, as that of `finally` is; those are not traced.
 */
export async function deriveJavaTrace(fetched: FetchedCorpus, options: TraceOptions): Promise<TraceTruth> {
  const jdk = await findJdk(options.env);
  const version = `${JAVA_TRACER_VERSION}, JDK ${jdk?.version ?? "missing"}`;
  if (jdk === null && fetched.spec.tests !== null && options.sandbox !== null) {
    return noTrace(version, `${WANTED_JDK.message}; ${WANTED_JDK.hint}`, true);
  }
  return traceTests(fetched, options, version, async (scratch) => tracerIn(scratch, fetched, options, jdk as Jdk));
}

async function tracerIn(
  scratch: Scratch,
  fetched: FetchedCorpus,
  { cacheDir, context }: TraceOptions,
  jdk: Jdk,
): Promise<Tracer> {
  const { folder, dependencies } = scratch;
  const own = path.join(folder, OWN_FOLDER);
  const { compilerOptions } = fetched.spec;
  const about: JavaScratch = {
    ...scratch,
    jdk,
    sources: [...fetched.files, ...context].sort(),
    testFiles: await testFilesOf(folder, scratch.tests),
    release: releaseOf({ compilerOptions }),
    reader: await buildJavaReader(jdk, cacheDir),
    jars: dependencies === null ? null : path.join(dependencies, "jars"),
  };
  let problem: string | null = null;
  let registry = { sites: [] as string[], definitions: [] as string[] };
  await compileProgram(jdk, "trace", { folder: path.join(own, "trace"), classPath: [`${about.jars ?? ""}/*`] });
  return {
    runPlain: async () => {
      problem = await compileCorpus(about);
      return runJavaTests(about, { traceFolder: null, problem });
    },
    instrument: async () => {
      const plan = path.join(own, "plan");
      const options = { root: folder, measured: fetched.files, context, compilerOptions, plan };
      await writeFile(path.join(own, "request"), requestText(options));
      problem = await instrumentCorpus(about);
      registry = readPlan(problem === null ? await readFile(plan, "utf8") : "");
    },
    runTraced: async (traceFolder) => {
      const tests = await runJavaTests(about, { traceFolder, problem });
      return { tests, ...gather(await readTraces(traceFolder), registry, { scratch: folder, doubles: new Set() }) };
    },
    remarks: () => ({ traced: "instrumented", more: [] }),
  };
}

/** Ids by the numbers that the tracer writes; sites are numbered from 1. */
function readPlan(text: string): { sites: string[]; definitions: string[] } {
  const read = { sites: [""], definitions: [] as string[] };
  for (const line of text.split("\n")) {
    const [kind, number, id = ""] = line.split("\t");
    if (kind === "site") read.sites[Number(number)] = id;
    else if (kind === "definition" || kind === "lambda") read.definitions[Number(number)] = id;
  }
  return read;
}
