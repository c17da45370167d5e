/** Which oracles speak about a corpus: by the languages of its files and the runner of its tests. */
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import type { CorpusSpec } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import type { Oracle } from "../truth/schema.ts";
import { listFiles, selectFiles } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import type { Sandbox } from "./sandbox.ts";
import type { TraceTruth } from "./trace/traced-tests.ts";

const RESOLVED: ReadonlySet<CorpusSpec["language"]> = new Set(["typescript", "javascript", "mixed", "python"]);

/** Whether an oracle resolves the calls of its language. */
export function isResolvable(spec: CorpusSpec): boolean {
  return RESOLVED.has(spec.language);
}

/** @throws CorpusError `CORPUS_TRUTH` when nothing here reads its language */
export function assertResolvable(spec: CorpusSpec): void {
  if (isResolvable(spec)) return;
  throw new CorpusError("CORPUS_TRUTH", `no oracle resolves the calls of ${spec.language} code yet`, {
    hint: `Corpora in ${[...RESOLVED].join(", ")} have truth about their calls.`,
  });
}

/** Files whose functions calls may enter but whose calls are not asked about. */
export async function contextFiles({ spec, root }: Pick<FetchedCorpus, "spec" | "root">): Promise<string[]> {
  return selectFiles(await listFiles(root), spec.context);
}

/** What the static oracles say about the calls in `measured`, with `context` around them: each reads its language. */
export async function resolveStatically(options: {
  fetched: FetchedCorpus;
  measured: readonly string[];
  context: readonly string[];
  onProgress?: OnProgress;
  env?: Record<string, string | undefined>;
}): Promise<CompilerTruth> {
  const { fetched, onProgress, env } = options;
  const { spec, root } = fetched;
  const told: CompilerTruth[] = [];
  for (const [isRead, oracle] of [
    [isScript, "the compiler"],
    [isPython, "Python's own rules"],
  ] as const) {
    const measured = options.measured.filter(isRead);
    if (measured.length === 0) continue;
    const context = options.context.filter(isRead);
    const report = (done: number, total: number): void =>
      onProgress?.({ phase: `resolve the calls of ${spec.id} with ${oracle}`, done, total });
    if (isRead === isPython) {
      const { derivePythonStatic } = await import("./python.ts");
      const python = { root, measured, context, onProgress: report, ...(env === undefined ? {} : { env }) };
      told.push(await derivePythonStatic(python));
    } else {
      // The compiler is large, and most runs need no oracle at all.
      const { deriveCompilerTruth } = await import("./compiler.ts");
      const { compilerOptions } = spec;
      told.push(deriveCompilerTruth({ root, measured, context, compilerOptions, onProgress: report }));
    }
  }
  return {
    version: told.map(({ version }) => version).join(", "),
    definitions: told.flatMap(({ definitions }) => definitions),
    sites: told.flatMap(({ sites }) => sites),
  };
}

function isPython(file: string): boolean {
  return /\.pyi?$/.test(file);
}

function isScript(file: string): boolean {
  return !isPython(file);
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
  if (fetched.spec.language === "python") {
    const { derivePythonTrace } = await import("./python.ts");
    return derivePythonTrace(fetched, options);
  }
  const { deriveTraceTruth } = await import("./trace.ts");
  return deriveTraceTruth(fetched, options);
}

/** The sources of this package, as globs, whose change may change what the static oracle of a corpus says. */
export function staticSources({ language }: CorpusSpec): string[] {
  return language === "python"
    ? ["src/derive/python.ts", "src/derive/python/{static/**,interpreter.ts,runtime/drift_{source,fstrings}.py}"]
    : ["src/derive/compiler.ts", "src/derive/compiler/**"];
}

/** The same for the trace oracle. */
export function traceSources({ language }: CorpusSpec): string[] {
  const sandbox = ["src/derive/sandbox.ts", "src/derive/sandbox/**", "src/derive/trace/{gather,traced-tests}.ts"];
  return language === "python"
    ? ["src/derive/python.ts", "src/derive/python/*.ts", "src/derive/python/runtime/**", ...sandbox]
    : ["src/derive/trace.ts", "src/derive/trace/**", ...sandbox];
}

/** What else than sources and inputs a corpus's truth hangs on here: the version of its interpreter. */
export async function interpreterOf(
  { language }: CorpusSpec,
  env?: Record<string, string | undefined>,
): Promise<string | null> {
  if (language !== "python") return null;
  const { findPython } = await import("./python/interpreter.ts");
  return (await findPython(env))?.version ?? null;
}

/** How truth names the static oracle of a corpus, and with which tools that shares code. */
export function staticOracle(spec: CorpusSpec, { version }: CompilerTruth): Oracle {
  const python = { name: "rules of Python over its own parser", sharesCodeWith: [] };
  const compiler = {
    name: "TypeScript checker",
    sharesCodeWith: ["typescript", "tsserver", "typescript-language-server", "ts-morph"],
  };
  return { ...quiet(spec), kind: "compiler", version, ...(spec.language === "python" ? python : compiler) };
}

/** How truth names the trace of a corpus: its repeats, how far they agree, and what was not run. */
export function traceOracle(spec: CorpusSpec, traced: TraceTruth): Oracle {
  const { version, repeats, agreement, notRun } = traced;

  return { ...quiet(spec), kind: "trace", name: "own tests, instrumented", version, repeats, agreement, notRun };
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
