/** The two oracles of Go: what go/types fixes about a call and VTA finds, and what a corpus's own tests call. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { Definition } from "../truth/schema.ts";
import { byPlace, type CompilerTruth } from "./compiler.ts";
import { compileGoTests, runGoTests } from "./go/run-tests.ts";
import { buildReader, findGo, GO_ENV, type GoToolchain, WANTED_GO } from "./go/toolchain.ts";
import { isOwnFile } from "./sandbox/own-folder.ts";
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
export const GO_TRACER_VERSION = "1";

/** What the reader of sources answers. */
const Answer = z.strictObject({
  version: z.string(),
  definitions: z.array(Definition),
  sites: z.array(StaticSite),
});
type Answer = z.infer<typeof Answer>;

/** The version of golang.org/x/tools that go.mod of the reader pins. */
async function toolsVersion(): Promise<string> {
  const text = await readFile(new URL("./go/calls/go.mod", import.meta.url), "utf8");
  return /golang\.org\/x\/tools (v\S+)/.exec(text)?.[1] ?? "unknown";
}

/**
 * Resolves every call in `measured`: a function or method that go/types names is certain; what is called through an
 * interface or a value is what VTA finds in the module, its tests and all that they import. Nothing of it is run.
 *
 * @returns ordered by file and position
 * @throws CorpusError `CORPUS_CLIENT` when there is no Go of at least 1.25; `CORPUS_TRUTH` when the module does not compile
 */
export async function deriveGoStatic(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  cacheDir: string;
  env?: Record<string, string | undefined>;
}): Promise<CompilerTruth> {
  const go = await findGo(options.env);
  if (go === null) throw new CorpusError("CORPUS_CLIENT", WANTED_GO.message, { hint: WANTED_GO.hint });
  const { root, measured, context, cacheDir } = options;
  const { version, definitions, sites } = await ask(go, cacheDir, { root, measured, context, flows: true, tracer: "" });
  return {
    version: `${version}, golang.org/x/tools ${await toolsVersion()}`,
    definitions: definitions.sort(byPlace),
    sites: sites.sort(byPlace),
  };
}

async function ask(go: GoToolchain, cacheDir: string, request: object): Promise<Answer> {
  const reader = await buildReader(go, cacheDir);
  const asked = await execa(reader, [], {
    input: JSON.stringify(request),
    reject: false,
    maxBuffer: Number.MAX_SAFE_INTEGER,
    env: { ...GO_ENV, PATH: `${path.dirname(go.go)}:${process.env["PATH"] ?? ""}` },
  });
  if (!asked.failed) return Answer.parse(JSON.parse(asked.stdout));
  throw new CorpusError("CORPUS_TRUTH", "Go cannot read the sources", {
    hint: asked.stderr.split("\n").slice(0, 3).join("\n"),
  });
}

/**
 * Runs the corpus's tests as they are, then twice with rewritten sources, all in a scratch copy inside a sandbox; they are
 * compiled outside of it, which runs nothing of theirs. Without a sandbox or a Go of at least 1.25 nothing is run, and the
 * trace says so.
 *
 * What enters a function of a test is not recorded, nor are calls that leave the corpus, deferred calls and those that
 * start a goroutine.
 */
export async function deriveGoTrace(fetched: FetchedCorpus, options: TraceOptions): Promise<TraceTruth> {
  const go = await findGo(options.env);
  const version = `${GO_TRACER_VERSION}, ${go?.version ?? "no Go"}`;
  if (go === null && fetched.spec.tests !== null && options.sandbox !== null) {
    return noTrace(version, `${WANTED_GO.message}; ${WANTED_GO.hint}`, true);
  }
  return traceTests(fetched, options, version, async (scratch) =>
    tracerIn(scratch, fetched, options, go as GoToolchain),
  );
}

async function tracerIn(
  scratch: Scratch,
  fetched: FetchedCorpus,
  { cacheDir, context }: TraceOptions,
  go: GoToolchain,
): Promise<Tracer> {
  const { folder } = scratch;
  const about = { ...scratch, go, testFiles: await testFilesOf(folder, scratch.tests) };
  let problem: string | null = null;
  let answer: Answer | null = null;
  return {
    runPlain: async () => {
      problem = await compileGoTests(about);
      return runGoTests(about, { traceFolder: null, problem });
    },
    instrument: async () => {
      // The tests have run by now, and what they put in the place of a source may lead out of the copy.
      for (const file of ["go.mod", ...fetched.files, ...context]) {
        if (!(await isOwnFile(folder, file))) problem = `the tests removed or replaced ${file}`;
      }
      if (problem !== null) return;
      const tracer = await placeTracer(folder);
      answer = await ask(go, cacheDir, { root: folder, measured: fetched.files, context, flows: false, tracer });
      problem = await compileGoTests(about);
    },
    runTraced: async (traceFolder) => {
      const tests = await runGoTests(about, { traceFolder, problem });
      const registry = {
        sites: ["", ...(answer?.sites ?? []).map(({ id }) => id)],
        definitions: (answer?.definitions ?? []).map(({ id }) => id),
      };
      return { tests, ...gather(await readTraces(traceFolder), registry, { scratch: folder, doubles: new Set() }) };
    },
    remarks: () => ({ traced: "instrumented", more: [] }),
  };
}

/** Puts the tracer's package into the module. @returns by which path it is imported */
async function placeTracer(folder: string): Promise<string> {
  const mod = await readFile(path.join(folder, "go.mod"), "utf8").catch(() => "");
  const module = /^module\s+"?([^\s"]+)/m.exec(mod)?.[1];
  if (module === undefined) throw new CorpusError("CORPUS_TRUTH", "there is no go.mod that names the module");
  await mkdir(path.join(folder, "drift_trace"), { recursive: true });
  const source = fileURLToPath(new URL("./go/trace/trace.go", import.meta.url));
  await copyFile(source, path.join(folder, "drift_trace", "trace.go"));
  // Modules of before 1.18 would have it compiled as the Go of then.
  if (!/^go\s/m.test(mod)) await writeFile(path.join(folder, "go.mod"), `${mod}\ngo 1.21\n`);
  return `${module}/drift_trace`;
}
