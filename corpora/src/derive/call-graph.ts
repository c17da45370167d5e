/** Ground truth about calls: asks every oracle of a corpus, merges what they say, and keeps it in the cache. */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { defaultCacheDir, readJson, writeWhole } from "../cache.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { GENERATOR_VERSION, projectTruth } from "../generate/calls.ts";
import { type CorpusSpec, MANIFEST_ROOT } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import { mergeTruth } from "../truth/merge.ts";
import { CallGraphTruth, type Oracle } from "../truth/schema.ts";
import { listFiles, selectFiles, treeSha256 } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import { findSandbox, type Sandbox } from "./sandbox.ts";
import type { TraceTruth } from "./trace.ts";

export interface DeriveOptions {
  /** Where truth is kept; default as for fetching. */
  cacheDir?: string;
  /** Derive again even when the cache has it. */
  fresh?: boolean;
  /** Use only what is in the cache, also of what the tests need. */
  offline?: boolean;
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
  const sandbox = fetched.spec.tests === null ? null : await findSandbox();
  const key = await cacheKey(fetched, inputsSha256, sandbox);
  const file = path.join(cacheDir, "truth", `${fetched.spec.id}-${key}.json`);
  const cached = CallGraphTruth.safeParse(options.fresh === true ? undefined : await readJson(file));
  if (cached.success) return cached.data;
  const { truth, broken } = await deriveAfresh(fetched, inputsSha256, { ...options, env, cacheDir, sandbox });
  // What a run cut short could not tell is asked again next time.
  if (!broken) await writeWhole(file, `${JSON.stringify(truth)}\n`);
  return truth;
}

async function deriveAfresh(
  fetched: FetchedCorpus,
  inputsSha256: string,
  options: DeriveOptions & { cacheDir: string; sandbox: Sandbox | null },
): Promise<{ truth: CallGraphTruth; broken: boolean }> {
  const { spec, files } = fetched;
  const about = { schemaVersion: 1 as const, corpus: spec.id, corpusVersion: spec.version, inputsSha256, files };
  if (spec.source.type === "generator") {
    const { definitions, sites } = projectTruth(spec.source);
    const oracles = [generatorOracle(spec, spec.source.seed)];
    return { truth: { ...about, oracles, contradictions: [], dropped: [], definitions, sites }, broken: false };
  }
  const compiler = await compile(fetched, options.onProgress);
  const { deriveTraceTruth } = await import("./trace.ts");
  const context = selectFiles(await listFiles(fetched.root), spec.context);
  const trace = await deriveTraceTruth(fetched, { ...options, context });
  const { contradictions, dropped, definitions, sites } = mergeTruth(compiler, trace);
  const oracles = [compilerOracle(spec, compiler), traceOracle(spec, trace)];
  return { truth: { ...about, oracles, contradictions, dropped, definitions, sites }, broken: trace.broken };
}

/** What the compiler alone says about a corpus. */
export async function compile(fetched: FetchedCorpus, onProgress?: OnProgress): Promise<CompilerTruth> {
  const { spec } = fetched;
  // The compiler is large, and most runs find the truth in the cache.
  const { deriveCompilerTruth } = await import("./compiler.ts");
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

/** Changes with anything that can change the truth: inputs, manifest, oracles, their sources, sandbox and runtime. */
async function cacheKey(fetched: FetchedCorpus, inputsSha256: string, sandbox: Sandbox | null): Promise<string> {
  const sources = selectFiles(await listFiles(MANIFEST_ROOT), {
    include: ["src/{derive,generate,truth}/**", "src/tree.ts"],
    exclude: [],
  });
  const require = createRequire(import.meta.url);
  const versions = ["typescript-classic", "@babel/parser", "@types/node", "vitest"].map((name) => {
    const manifest = require(`${name}/package.json`) as { version: string };
    return `${name}@${manifest.version}`;
  });
  return createHash("sha256")
    .update(JSON.stringify([inputsSha256, fetched.spec, sandbox?.name ?? null, process.versions.node, versions]))
    .update(await treeSha256(MANIFEST_ROOT, sources))
    .digest("hex")
    .slice(0, 16);
}
