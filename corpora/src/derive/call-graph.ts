/**
 * Ground truth about calls: asks every oracle of a corpus, merges what they say, and keeps each step in the cache, so
 * that a run that was killed goes on where it was.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { defaultCacheDir, readJson, writeWhole } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { GENERATOR_VERSION, projectTruth } from "../generate/calls.ts";
import { MANIFEST_ROOT } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import { withBaselines } from "../truth/baselines.ts";
import { CANARY } from "../truth/canary.ts";
import { type FileImports, ImportScanner } from "../truth/import-scan.ts";
import { mergeTruth } from "../truth/merge.ts";
import { CallGraphTruth, type Oracle, type Tracing } from "../truth/schema.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import { listFiles, selectFiles, treeSha256 } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import {
  assertResolvable,
  contextFiles,
  interpreterOf,
  quiet,
  resolveStatically,
  staticOracle,
  staticSources,
  trace,
  traceOracle,
  traceSources,
} from "./oracles.ts";
import { findSandbox } from "./sandbox.ts";
import type { TracedSite, TraceTruth } from "./trace/traced-tests.ts";
import { versionOf } from "./versions.ts";

/** How truth is derived, and where it is kept. */
export interface DeriveOptions {
  /** Where truth is kept; default as for fetching. */
  cacheDir?: string;
  /** Derive again even when the cache has it. */
  fresh?: boolean;
  /** Use only what is in the cache, also of what the tests need. */
  offline?: boolean;
  /** Run the tests of corpora without a sandbox where none works here; never a default. */
  unsafe?: boolean;
  onProgress?: OnProgress;
  env?: Record<string, string | undefined>;
}

/**
 * The truth about every call in the measured files of a corpus. The second call with the same inputs, oracles and
 * deriver reads it from the cache.
 *
 * @throws CorpusError `CORPUS_CACHE` when the cache cannot be written; `CORPUS_TRUTH` when no oracle reads its language
 */
export async function deriveCallGraphTruth(
  fetched: FetchedCorpus,
  options: DeriveOptions = {},
): Promise<CallGraphTruth> {
  return (await deriveCompletely(fetched, options)).truth;
}

/** Truth, and what its derivation was like. */
export interface Derived {
  truth: CallGraphTruth;
  /** Why the truth is not all that could be derived; null when it is. */
  incomplete: string | null;
  /** How the corpus's tests ended as they are; null when they were not run. */
  tests: TraceTruth["plain"];
}

/**
 * The same, and what was not as it should be: tests that could not be run to their end here may run elsewhere or next
 * time.
 */
export async function deriveCompletely(fetched: FetchedCorpus, options: DeriveOptions = {}): Promise<Derived> {
  const work: Work = { fetched, ...(await inputsOf(fetched)), options, cacheDir: cacheDirOf(options) };
  const { source } = fetched.spec;
  if (source.type === "generator") {
    if (source.trait === "layered") throw notAboutCalls(fetched.spec.id);
    return { truth: await deriveGenerated(work, source), incomplete: null, tests: null };
  }
  return deriveReal(work);
}

/** Everything that the steps share. */
export interface Work {
  fetched: FetchedCorpus;
  context: string[];
  inputsSha256: string;
  options: DeriveOptions;
  cacheDir: string;
}

function notAboutCalls(corpus: string): CorpusError {
  return new CorpusError("CORPUS_TRUTH", `${corpus} is asked about what else was planted in it, not about its calls`, {
    hint: "The corpora of calls are calls-small and calls-medium.",
  });
}

async function deriveGenerated(work: Work, source: { seed: number; files: number }): Promise<CallGraphTruth> {
  const { spec } = work.fetched;
  const oracle: Oracle = {
    ...quiet(spec),
    kind: "generator",
    name: "drift calls generator",
    version: GENERATOR_VERSION,
    seed: source.seed,
  };
  const key = await keyOf(work, ["src/{generate,truth}/**", "src/derive/call-graph.ts"]);
  const file = path.join(work.cacheDir, "truth", `${spec.id}-${key}.json`);
  const cached = CallGraphTruth.safeParse(work.options.fresh === true ? undefined : await readJson(file));
  if (cached.success) return cached.data;
  const planted = { ...projectTruth(source), contradictions: [], dropped: [] };
  const truth = await assemble(work, planted, [oracle], null);
  await writeWhole(file, `${JSON.stringify(truth)}\n`);
  return truth;
}

async function deriveReal(work: Work): Promise<Derived> {
  const { spec } = work.fetched;
  assertResolvable(spec);
  const resolved = await staticStep(work);
  const traced = await traceStep(work);
  const oracles = [staticOracle(spec, resolved), traceOracle(spec, traced)];
  const truth = await assemble(work, mergeTruth(resolved, traced), oracles, spec.tests === null ? null : traced.stats);
  const incomplete = traced.broken ? (traced.notRun ?? "the tests did not come to their end") : null;
  return { truth, incomplete, tests: traced.plain };
}

async function staticStep(work: Work): Promise<CompilerTruth> {
  const { fetched, context, options } = work;
  const interpreter = await interpreterOf(fetched.spec, options.env);
  const key = await keyOf(work, staticSources(fetched.spec), interpreter);
  return step(work, `static-${key}`, async () => {
    const resolved = await resolveStatically({ ...options, fetched, measured: fetched.files, context });
    return { value: resolved, keep: true };
  });
}

async function traceStep(work: Work): Promise<TraceTruth> {
  const { fetched, context, options, cacheDir } = work;
  const sandbox =
    fetched.spec.tests === null ? null : await findSandbox(undefined, { unsafe: options.unsafe === true });
  const interpreter = await interpreterOf(fetched.spec, options.env);
  const key = await keyOf(work, traceSources(fetched.spec), sandbox?.name ?? null, interpreter);
  const { sites, ...about } = await step(work, `trace-${key}`, async () => {
    const traced = await trace(fetched, { ...options, cacheDir, context, sandbox });
    // What a run cut short could not tell is asked again next time.
    const noSandbox = sandbox === null && fetched.spec.tests !== null;
    const broken = traced.broken || noSandbox;
    return { value: { ...traced, broken, sites: [...traced.sites] }, keep: !broken };
  });
  return { ...about, sites: new Map<string, TracedSite>(sites) };
}

/** A value from the cache, or made and put there, whole or not at all. */
export async function step<T>(work: Work, name: string, make: () => Promise<{ value: T; keep: boolean }>): Promise<T> {
  const file = path.join(work.cacheDir, "truth", `${work.fetched.spec.id}-${name}.json`);
  // The name says which code wrote it, so its shape is known.
  const kept = work.options.fresh === true ? undefined : await readJson(file);
  if (kept !== undefined) return kept as T;
  const { value, keep } = await make();
  if (keep) await writeWhole(file, `${JSON.stringify(value)}\n`);
  return value;
}

async function assemble(
  work: Work,
  said: Pick<ReturnType<typeof mergeTruth>, "contradictions" | "dropped" | "definitions" | "sites">,
  oracles: Oracle[],
  tracing: Tracing | null,
): Promise<CallGraphTruth> {
  const { fetched, context, inputsSha256 } = work;
  const { imports, lines } = await readProject(fetched, context);
  return {
    schemaVersion: 2,
    canary: CANARY,
    corpus: fetched.spec.id,
    corpusVersion: fetched.spec.version,
    language: fetched.spec.language,
    manifestSha256: truthManifestSha256(fetched.spec),
    inputsSha256,
    oracles,
    tracing,
    contradictions: said.contradictions,
    dropped: said.dropped,
    files: fetched.files,
    lines,
    sampled: null,
    definitions: said.definitions,
    sites: withBaselines(said.sites, { definitions: said.definitions, imports }),
  };
}

/** What is read of the files beside their hash: imports as a light tool finds them, and the number of lines. */
export async function readProject(
  { root, files }: Pick<FetchedCorpus, "root" | "files">,
  context: readonly string[],
): Promise<{ imports: Map<string, FileImports>; lines: number }> {
  const all = [...new Set([...files, ...context])].sort();
  const scanner = new ImportScanner(all);
  const imports = new Map<string, FileImports>();
  let lines = 0;
  for (const file of all) {
    const text = await readFile(path.join(root, file), "utf8");
    imports.set(file, scanner.scan(file, text));
    lines += text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  }
  return { imports, lines };
}

/** What truth is about: the files around those under measure, and the hash of those under measure. */
export async function inputsOf(fetched: FetchedCorpus): Promise<{ context: string[]; inputsSha256: string }> {
  return {
    context: await contextFiles(fetched),
    inputsSha256: await treeSha256(fetched.root, fetched.files),
  };
}

/** The cache folder that the options choose; absolute. */
export function cacheDirOf(options: Pick<DeriveOptions, "cacheDir" | "env">): string {
  return path.resolve(options.cacheDir ?? defaultCacheDir(options.env ?? process.env));
}

/** Changes with anything that can change what an oracle says: inputs, manifest, its sources, versions and runtime. */
export async function keyOf(work: Work, sources: string[], ...more: unknown[]): Promise<string> {
  const { fetched, inputsSha256 } = work;
  const versions = ["typescript-classic", "@babel/parser", "@types/node", "vitest"].map(
    (name) => `${name}@${versionOf(name)}`,
  );
  const own = selectFiles(await listFiles(MANIFEST_ROOT), { include: sources, exclude: [] });
  return createHash("sha256")
    .update(
      JSON.stringify([
        inputsSha256,
        fetched.spec.id,
        truthManifestSha256(fetched.spec),
        process.versions.node,
        versions,
        more,
      ]),
    )
    .update(await treeSha256(MANIFEST_ROOT, own))
    .digest("hex")
    .slice(0, 16);
}
