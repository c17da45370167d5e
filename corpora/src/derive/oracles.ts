/** Which oracles speak about a corpus: by the languages of its files and the runner of its tests. */
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import type { CorpusSpec } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import type { Oracle } from "../truth/schema.ts";
import { listFiles, selectFiles } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import type { Sandbox } from "./sandbox.ts";
import type { TraceTruth } from "./trace.ts";

/** Languages whose calls an oracle resolves. */
const RESOLVED: ReadonlySet<CorpusSpec["language"]> = new Set(["typescript", "javascript", "mixed"]);

/** @throws CorpusError `CORPUS_TRUTH` when nothing here reads its language */
export function assertResolvable(spec: CorpusSpec): void {
  if (RESOLVED.has(spec.language)) return;
  throw new CorpusError("CORPUS_TRUTH", `no oracle resolves the calls of ${spec.language} code yet`, {
    hint: `Corpora in ${[...RESOLVED].join(", ")} have truth about their calls.`,
  });
}

/** Files whose functions calls may enter but whose calls are not asked about. */
export async function contextFiles({ spec, root }: Pick<FetchedCorpus, "spec" | "root">): Promise<string[]> {
  return selectFiles(await listFiles(root), spec.context);
}

/** What a static oracle says about the calls in `measured`, with `context` around them. */
export async function resolveStatically(options: {
  fetched: FetchedCorpus;
  measured: readonly string[];
  context: readonly string[];
  onProgress?: OnProgress;
}): Promise<CompilerTruth> {
  const { fetched, measured, context, onProgress } = options;
  const { spec, root } = fetched;
  // The compiler is large, and most runs need no oracle at all.
  const { deriveCompilerTruth } = await import("./compiler.ts");
  return deriveCompilerTruth({
    root,
    measured,
    context,
    compilerOptions: spec.compilerOptions,
    onProgress: (done, total) =>
      onProgress?.({ phase: `resolve the calls of ${spec.id} with the compiler`, done, total }),
  });
}

/** What a corpus's own tests witness; with `only`, no other test files are run. */
export async function trace(
  fetched: FetchedCorpus,
  options: {
    cacheDir: string;
    context: readonly string[];
    sandbox: Sandbox | null;
    only?: readonly string[];
    offline?: boolean;
    env?: Record<string, string | undefined>;
    onProgress?: OnProgress;
  },
): Promise<TraceTruth> {
  const { deriveTraceTruth } = await import("./trace.ts");
  return deriveTraceTruth(fetched, options);
}

/** The folders and files of this package, as globs, whose change may change what the static oracle of a corpus says. */
export function staticSources(_spec: CorpusSpec): string[] {
  return ["src/derive/compiler.ts", "src/derive/compiler/**"];
}

/** The same for the trace oracle. */
export function traceSources(_spec: CorpusSpec): string[] {
  return ["src/derive/trace.ts", "src/derive/trace/**", "src/derive/sandbox.ts", "src/derive/sandbox/**"];
}

export function staticOracle(spec: CorpusSpec, { version }: CompilerTruth): Oracle {
  return {
    ...quiet(spec),
    kind: "compiler",
    name: "TypeScript checker",
    version,
    sharesCodeWith: ["typescript", "tsserver", "typescript-language-server", "ts-morph"],
  };
}

export function traceOracle(spec: CorpusSpec, traced: TraceTruth): Oracle {
  return {
    ...quiet(spec),
    kind: "trace",
    name: "own tests, instrumented",
    version: traced.version,
    repeats: traced.repeats,
    agreement: traced.agreement,
    notRun: traced.notRun,
  };
}

/** What oracles have in common that ask once, run nothing and leave nothing out. */
export function quiet(spec: CorpusSpec): Omit<Oracle, "kind" | "name" | "version"> {
  return {
    sharesCodeWith: [],
    command: `npm run --silent corpora -- derive ${spec.id} --fresh`,
    seed: null,
    repeats: 1,
    agreement: 1,
    notRun: null,
  };
}
