/** Conformance cases on disk and at work: instrumented, made into JavaScript, and run in one process. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import ts from "typescript-classic";
import type { ConformanceCase } from "../../conformance/javascript/cases.ts";
import { gather, readTraces } from "../../src/derive/trace/gather.ts";
import { instrument, Registry } from "../../src/derive/trace/instrument.ts";
import type { TracedSite } from "../../src/derive/trace/traced-tests.ts";

export interface PlacedCase extends ConformanceCase {
  folder: string;
}

/** What was seen at the calls of each folder by their id, and what the cases printed: those that threw. */
export async function traceCalls(
  cases: readonly PlacedCase[],
): Promise<{ sites: Map<string, Map<string, TracedSite>>; output: string }> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-cases-")));
  const registry = new Registry();
  writeCases(cases, { root, registry, withSites: true });
  const traces = path.join(root, "traces");
  mkdirSync(traces);
  writeFileSync(path.join(root, "all.mjs"), runner(cases));
  const hooks = path.resolve(import.meta.dirname, "../../src/derive/trace/runtime.mts");
  const run = await execa(process.execPath, ["--import", hooks, path.join(root, "all.mjs")], {
    env: { DRIFT_TRACE_FOLDER: traces, DRIFT_TRACE_ROOT: root },
    reject: false,
  });
  const sites = new Map(cases.map(({ folder }) => [folder, new Map<string, TracedSite>()]));
  for (const [id, site] of gather(await readTraces(traces), registry, { scratch: root, doubles: new Set() }).sites) {
    const folder = id.slice(0, id.indexOf("/"));
    sites.get(folder)?.set(id.slice(folder.length + 1), site);
  }
  rmSync(root, { recursive: true });
  return { sites, output: `${run.stdout}\n${run.stderr}` };
}

/**
 * From which lines each function of each folder was entered: `definition -> path:line`, for all lines on the stack. Calls
 * are left as they are written, so that the stack is that of the program.
 */
export async function traceEntries(cases: readonly PlacedCase[]): Promise<Map<string, Set<string>>> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-entries-")));
  const registry = new Registry();
  writeCases(cases, { root, registry, withSites: false });
  writeFileSync(path.join(root, "all.mjs"), `${ENTRIES}\n${runner(cases)}`);
  const run = await execa(process.execPath, ["--enable-source-maps", path.join(root, "all.mjs")]);
  rmSync(root, { recursive: true });
  const entries = new Map<string, Set<string>>();
  for (const line of run.stdout.split("\n").filter((one) => one.startsWith("["))) {
    const [definition, frames] = JSON.parse(line) as [number, string[]];
    const id = registry.definitions[definition] ?? "";
    const from = frames.flatMap((frame) => /([^/(]+\/[^/(]+:\d+):\d+\)?$/.exec(frame)?.[1] ?? []);
    entries.set(id, new Set([...(entries.get(id) ?? []), ...from]));
  }
  return entries;
}

/** Prints each entered function with the stack above it. */
const ENTRIES = `Error.stackTraceLimit = 20;
globalThis.__drift__ = {
  enter: (definition) => console.log(JSON.stringify([definition, new Error().stack.split("\\n").slice(3)])),
};`;

function writeCases(
  cases: readonly PlacedCase[],
  { root, registry, withSites }: { root: string; registry: Registry; withSites: boolean },
): void {
  for (const { folder, files, code } of cases) {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, folder, file)), { recursive: true });
      if (!code.includes(file)) writeFileSync(path.join(root, folder, file), text.replaceAll(/\.(c?)ts"/g, '.$1js"'));
      else {
        const marked = instrument({ file: `${folder}/${file}`, text, registry, withSites });
        writeFileSync(
          path.join(root, folder, emitted(file)),
          bundled(files, file, transpiled(file, marked, optionsOf(files))),
        );
      }
    }
    linkPackages(path.join(root, folder), files);
  }
}

/** Loads each case in turn, and says which of them threw. */
function runner(cases: readonly PlacedCase[]): string {
  const mains = cases.map(({ folder, entry }) => `./${folder}/${emitted(entry)}`);
  return `import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
const load = (page) => {
  const context = createContext({ __drift__, console });
  for (const [, script] of readFileSync(new URL(page, import.meta.url), "utf8").matchAll(/src="([^"]+)"/g)) {
    const file = new URL(script, new URL(page, import.meta.url));
    runInContext(readFileSync(file, "utf8"), context, { filename: file.pathname });
  }
};
for (const main of ${JSON.stringify(mains)}) {
  await (async () => (main.endsWith(".html") ? load(main) : import(main)))().catch((error) => console.log(main, error));
}
await new Promise((resolve) => setTimeout(resolve, 50));
`;
}

/** TypeScript becomes JavaScript, as any runner of tests would do it: decorators, enums and namespaces as well. */
function transpiled(file: string, text: string, options: CaseOptions): string {
  if (!/\.tsx?$/.test(file)) return text;
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
      removeComments: false,
      jsx: ts.JsxEmit.React,
      inlineSourceMap: true,
      experimentalDecorators: options.experimentalDecorators === true,
    },
  });
  return outputText.replaceAll(/(["']\.{1,2}\/[\w/-]+)\.tsx?(["'])/g, "$1.js$2");
}

function emitted(file: string): string {
  return file.replace(/\.([cm]?)tsx?$/, ".$1js");
}

/** Imports that the paths of `tsconfig.json` mean, as a bundler writes them. */
function bundled(files: Record<string, string>, file: string, text: string): string {
  const up = "../".repeat(file.split("/").length - 1) || "./";
  let written = text;
  for (const [pattern, [place = ""]] of Object.entries(optionsOf(files).paths ?? {})) {
    const named = new RegExp(`(?<=from ["'])${pattern.replace("*", "([^\"']+)")}(?=["'])`, "g");
    const at = place.replace("./", up).replace("*", "$1").replace(/\.ts$/, "");
    written = written.replaceAll(named, `${at}.js`);
  }
  return written;
}

interface CaseOptions {
  paths?: Record<string, string[]>;
  experimentalDecorators?: boolean;
}

/** Compiler options of the case itself, those of the config that its own extends among them. */
export function optionsOf(files: Record<string, string>, config = "tsconfig.json"): CaseOptions {
  const { extends: base, compilerOptions } = JSON.parse(files[config] ?? "{}") as {
    extends?: string;
    compilerOptions?: CaseOptions;
  };
  return { ...(base === undefined ? {} : optionsOf(files, base.replace("./", ""))), ...compilerOptions };
}

/** The packages of a workspace as a package manager links them. */
export function linkPackages(root: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    const [, folder] = /^(packages\/\w+)\/package\.json$/.exec(file) ?? [];
    if (folder === undefined) continue;
    const link = path.join(root, "node_modules", (JSON.parse(text) as { name: string }).name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(root, folder), link);
  }
}
