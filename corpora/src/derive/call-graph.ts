/** Ground truth about calls: asks every oracle of a corpus, merges what they say, and keeps it in the cache. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { defaultCacheDir, readJson, writeWhole } from "../cache.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { GENERATOR_VERSION, projectTruth } from "../generate/calls.ts";
import { type CorpusSpec, MANIFEST_ROOT } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import { mergeTruth } from "../truth/merge.ts";
import { CallGraphTruth, type Oracle } from "../truth/schema.ts";
import { listFiles, selectFiles, treeSha256 } from "../tree.ts";
import { type CompilerTruth, deriveCompilerTruth } from "./compiler.ts";
import { deriveTraceTruth, type TraceTruth } from "./trace.ts";

export interface DeriveOptions {
  /** Where truth is kept; default as for fetching. */
  cacheDir?: string;
  /** Derive again even when the cache has it. */
  fresh?: boolean;
  onProgress?: OnProgress;
  env?: Record<string, string | undefined>;
}

/**
 * The truth about every call in the measured files of a corpus. The second call with the same inputs, oracles and
 * deriver reads it from the cache.
 *
 * @throws CorpusError `CORPUS_CACHE` when the cache cannot be written
 */
export async function deriveCallGraphTruth(
  fetched: FetchedCorpus,
  options: DeriveOptions = {},
): Promise<CallGraphTruth> {
  const env = options.env ?? process.env;
  const inputsSha256 = await treeSha256(fetched.root, fetched.files);
  const cacheDir = path.resolve(options.cacheDir ?? defaultCacheDir(env));
  const key = await cacheKey(fetched, inputsSha256);
  const file = path.join(cacheDir, "truth", `${fetched.spec.id}-${key}.json`);
  const cached = CallGraphTruth.safeParse(options.fresh === true ? undefined : await readJson(file));
  if (cached.success) return cached.data;
  const truth = await deriveAfresh(fetched, inputsSha256, cacheDir, options.onProgress);
  await writeWhole(file, `${JSON.stringify(truth)}\n`);
  return truth;
}

async function deriveAfresh(
  fetched: FetchedCorpus,
  inputsSha256: string,
  cacheDir: string,
  onProgress: OnProgress | undefined,
): Promise<CallGraphTruth> {
  const { spec } = fetched;
  const about = {
    schemaVersion: 1 as const,
    corpus: spec.id,
    corpusVersion: spec.version,
    inputsSha256,
    files: fetched.files,
  };
  if (spec.source.type === "generator") {
    const { definitions, sites } = projectTruth(spec.source);
    return {
      ...about,
      oracles: [generatorOracle(spec, spec.source.seed)],
      contradictions: [],
      dropped: [],
      definitions,
      sites,
    };
  }
  const compiler = await compile(fetched, onProgress);
  const context = selectFiles(await listFiles(fetched.root), spec.context);
  const trace = await deriveTraceTruth(fetched, {
    cacheDir,
    context,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { contradictions, dropped, definitions, sites } = mergeTruth(compiler, trace);
  return {
    ...about,
    oracles: [compilerOracle(spec, compiler), traceOracle(spec, trace)],
    contradictions,
    dropped,
    definitions,
    sites,
  };
}

/** What the compiler alone says about a corpus. */
export async function compile(fetched: FetchedCorpus, onProgress?: OnProgress): Promise<CompilerTruth> {
  const { spec } = fetched;
  return deriveCompilerTruth({
    root: fetched.root,
    measured: fetched.files,
    context: selectFiles(await listFiles(fetched.root), spec.context),
    compilerOptions: spec.compilerOptions,
    onProgress: (done, total) =>
      onProgress?.({ phase: `resolve the calls of ${spec.id} with the compiler`, done, total }),
  });
}

function command(spec: CorpusSpec): string {
  return `npm run --silent corpora -- derive ${spec.id} --fresh`;
}

function generatorOracle(spec: CorpusSpec, seed: number): Oracle {
  return {
    kind: "generator",
    name: "drift calls generator",
    version: GENERATOR_VERSION,
    sharesCodeWith: [],
    command: command(spec),
    seed,
    repeats: 1,
    agreement: 1,
    notRun: null,
  };
}

function compilerOracle(spec: CorpusSpec, compiler: CompilerTruth): Oracle {
  return {
    kind: "compiler",
    name: "TypeScript checker",
    version: compiler.version,
    sharesCodeWith: ["typescript", "tsserver", "typescript-language-server", "ts-morph"],
    command: command(spec),
    seed: null,
    repeats: 1,
    agreement: 1,
    notRun: null,
  };
}

function traceOracle(spec: CorpusSpec, trace: TraceTruth): Oracle {
  return {
    kind: "trace",
    name: "own tests, instrumented",
    version: trace.version,
    sharesCodeWith: [],
    command: command(spec),
    seed: null,
    repeats: trace.repeats,
    agreement: trace.agreement,
    notRun: trace.notRun,
  };
}

/** Changes with anything that can change the truth: inputs, manifest, oracles, this package's sources, the runtime. */
async function cacheKey(fetched: FetchedCorpus, inputsSha256: string): Promise<string> {
  const sources = (await listFiles(path.join(MANIFEST_ROOT, "src"))).filter((file) => !file.startsWith("cli/"));
  const hash = createHash("sha256");
  hash.update(JSON.stringify([inputsSha256, fetched.spec, process.versions.node]));
  hash.update(await treeSha256(path.join(MANIFEST_ROOT, "src"), sources));
  hash.update(await readFile(path.join(MANIFEST_ROOT, "package.json")));
  return hash.digest("hex").slice(0, 16);
}
