/** Which oracles speak about a corpus: by the languages of its files and the runner of its tests. */
import { defaultCacheDir } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import type { CorpusSpec } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import type { Oracle } from "../truth/schema.ts";
import { listFiles, selectFiles } from "../tree.ts";
import type { CompilerTruth } from "./compiler.ts";
import type { Sandbox } from "./sandbox.ts";
import type { TraceTruth } from "./trace/traced-tests.ts";

const RESOLVED: ReadonlySet<CorpusSpec["language"]> = new Set([
  "typescript",
  "javascript",
  "mixed",
  "python",
  "java",
  "go",
]);

/** Whether an oracle resolves the calls of its language. */
export function isResolvable(spec: CorpusSpec): boolean {
  return RESOLVED.has(spec.language);
}

/** What is missing on this computer for the compiled language of a corpus, in a sentence; null when nothing is. */
export async function missingToolchain(
  { language }: CorpusSpec,
  env?: Record<string, string | undefined>,
): Promise<string | null> {
  if (language === "java") {
    const { findJdk, WANTED_JDK } = await import("./java/jdk.ts");
    return (await findJdk(env)) === null ? `${WANTED_JDK.message}; ${WANTED_JDK.hint}` : null;
  }
  if (language !== "go") return null;
  const { findGo, WANTED_GO } = await import("./go/toolchain.ts");
  return (await findGo(env)) === null ? `${WANTED_GO.message}; ${WANTED_GO.hint}` : null;
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
  cacheDir?: string;
  onProgress?: OnProgress;
  env?: Record<string, string | undefined>;
}): Promise<CompilerTruth> {
  const { fetched, onProgress, env } = options;
  const { spec, root } = fetched;
  const told: CompilerTruth[] = [];
  for (const [isRead, oracle] of [
    [isScript, "the compiler"],
    [isPython, "Python's own rules"],
    [isJava, "javac"],
    [isGo, "go/types and VTA"],
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
    } else if (isRead === isGo) {
      const { deriveGoStatic } = await import("./go.ts");
      report(0, 1);
      const cacheDir = options.cacheDir ?? defaultCacheDir(env ?? process.env);
      told.push(await deriveGoStatic({ root, measured, context, cacheDir, ...(env === undefined ? {} : { env }) }));
      report(1, 1);
    } else if (isRead === isJava) {
      const { deriveJavaStatic } = await import("./java.ts");
      report(0, 1);
      const { compilerOptions } = spec;
      const cacheDir = options.cacheDir ?? defaultCacheDir(env ?? process.env);
      told.push(
        await deriveJavaStatic({
          root,
          measured,
          context,
          tests: await javaTests(fetched, context),
          compilerOptions,
          cacheDir,
          ...(env === undefined ? {} : { env }),
        }),
      );
      report(1, 1);
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

/** Sources of a Java corpus that are neither measured nor around what is; without those that only describe packages. */
async function javaTests({ root, files }: FetchedCorpus, context: readonly string[]): Promise<string[]> {
  const others = new Set(await listFiles(root)).difference(new Set([...files, ...context]));
  return [...others].filter((file) => isJava(file) && !/(?:^|\/)(?:package|module)-info\.java$/.test(file)).sort();
}

function isPython(file: string): boolean {
  return /\.pyi?$/.test(file);
}

function isJava(file: string): boolean {
  return file.endsWith(".java");
}

function isGo(file: string): boolean {
  return file.endsWith(".go");
}

function isScript(file: string): boolean {
  return !isPython(file) && !isJava(file) && !isGo(file);
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
  if (fetched.spec.language === "go") {
    const { deriveGoTrace } = await import("./go.ts");
    return deriveGoTrace(fetched, options);
  }
  if (fetched.spec.language === "java") {
    const { deriveJavaTrace } = await import("./java.ts");
    return deriveJavaTrace(fetched, options);
  }
  const { deriveTraceTruth } = await import("./trace.ts");
  return deriveTraceTruth(fetched, options);
}

/** The sources of this package, as globs, whose change may change what the static oracle of a corpus says. */
export function staticSources({ language }: CorpusSpec): string[] {
  if (language === "java") return ["src/derive/java.ts", "src/derive/java/{jdk.ts,read/**}"];
  if (language === "go") return ["src/derive/go.ts", "src/derive/go/{toolchain.ts,calls/**}"];
  return language === "python"
    ? ["src/derive/python.ts", "src/derive/python/{static/**,interpreter.ts,runtime/drift_{source,fstrings}.py}"]
    : ["src/derive/compiler.ts", "src/derive/compiler/**"];
}

/** The same for the trace oracle. */
export function traceSources({ language }: CorpusSpec): string[] {
  const sandbox = ["src/derive/sandbox.ts", "src/derive/sandbox/**", "src/derive/trace/{gather,traced-tests}.ts"];
  if (language === "java") return ["src/derive/java.ts", "src/derive/java/**", ...sandbox];
  if (language === "go") return ["src/derive/go.ts", "src/derive/go/**", ...sandbox];
  return language === "python"
    ? ["src/derive/python.ts", "src/derive/python/*.ts", "src/derive/python/runtime/**", ...sandbox]
    : ["src/derive/trace.ts", "src/derive/trace/**", ...sandbox];
}

/** What else than sources and inputs a corpus's truth hangs on here: the version of its interpreter or compiler. */
export async function interpreterOf(
  { language }: CorpusSpec,
  env?: Record<string, string | undefined>,
): Promise<string | null> {
  if (language === "java") {
    const { findJdk } = await import("./java/jdk.ts");
    return (await findJdk(env))?.version ?? null;
  }
  if (language === "go") {
    const { findGo } = await import("./go/toolchain.ts");
    return (await findGo(env))?.version ?? null;
  }
  if (language !== "python") return null;
  const { findPython } = await import("./python/interpreter.ts");
  return (await findPython(env))?.version ?? null;
}

const CHECKER: Pick<Oracle, "name" | "sharesCodeWith"> = {
  name: "TypeScript checker",
  sharesCodeWith: ["typescript", "tsserver", "typescript-language-server", "ts-morph"],
};
const STATIC: Partial<Record<CorpusSpec["language"], typeof CHECKER>> = {
  python: { name: "rules of Python over its own parser", sharesCodeWith: [] },
  go: { name: "go/types and VTA", sharesCodeWith: ["gopls", "callgraph", "golang.org/x/tools"] },
  java: { name: "javac and the class hierarchy", sharesCodeWith: ["javac", "java-language-server", "nb-javac"] },
};

/** How truth names the static oracle of a corpus, and with which tools that shares code. */
export function staticOracle(spec: CorpusSpec, { version }: CompilerTruth): Oracle {
  return { ...quiet(spec), kind: "compiler", version, ...(STATIC[spec.language] ?? CHECKER) };
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
