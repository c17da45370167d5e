/** A corpus of a few files with its truth, written down as quotations from the source. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CallGraphTruth, Definition, InitReport, SiteTruth, Target } from "@drift/corpora";
import type { CorpusSource } from "../../src/cli/io.ts";
import { tinyTruth, UNSCORED } from "./tiny-truth.ts";

export const SOURCES: Readonly<Record<string, string>> = {
  "src/math.ts": [
    "export function add(a: number, b: number) {",
    "  return a + b;",
    "}",
    "export const twice = (x: number) => add(x, x);",
    "export class Counter {",
    "  #n = 0;",
    "  constructor(start: number) {",
    "    this.#n = start;",
    "  }",
    "  increment() {",
    "    this.#n = add(this.#n, 1);",
    "    return this;",
    "  }",
    "}",
  ].join("\n"),
  "src/main.ts": [
    'import { Counter, twice } from "./math.ts";',
    "function run(callback: () => void) {",
    "  callback();",
    "  new Counter(twice(2)).increment();",
    "  console.log(1);",
    "}",
    "function increment() {",
    "  run(() => undefined);",
    "}",
    "increment();",
  ].join("\n"),
};

/** Header text (up to the body) by name. */
const DEFINITIONS: readonly [name: string, file: string, header: string][] = [
  ["add", "src/math.ts", "export function add(a: number, b: number) "],
  ["twice", "src/math.ts", "(x: number) => "],
  ["constructor", "src/math.ts", "constructor(start: number) "],
  ["method", "src/math.ts", "increment() "],
  ["run", "src/main.ts", "function run(callback: () => void) "],
  ["main", "src/main.ts", "function increment() "],
];

const SITES: readonly (Partial<SiteTruth> & { at: [file: string, call: string]; name: string; to: string | null })[] = [
  { at: ["src/math.ts", "add(x, x)"], name: "add", stratum: "direct", to: "add" },
  { at: ["src/math.ts", "add(this.#n, 1)"], name: "add", stratum: "direct", to: "add" },
  { at: ["src/main.ts", "callback()"], name: "callback", stratum: "callback", to: null },
  {
    at: ["src/main.ts", "new Counter(twice(2))"],
    name: "Counter",
    stratum: "imported",
    syntax: "new",
    to: "constructor",
  },
  { at: ["src/main.ts", "twice(2)"], name: "twice", stratum: "imported", to: "twice" },
  { at: ["src/main.ts", "new Counter(twice(2)).increment()"], name: "increment", stratum: "method", to: "method" },
  { at: ["src/main.ts", "console.log(1)"], name: "log", stratum: "external", to: "outside" },
  { at: ["src/main.ts", "run(() => undefined)"], name: "run", stratum: "direct", to: "run" },
  { at: ["src/main.ts", "increment();"], name: "increment", stratum: "direct", to: "main" },
];

/** Truth about {@link SOURCES}; the call of a parameter is unknown. */
export function sourceTruth(): CallGraphTruth {
  const definitions = DEFINITIONS.map(([name, file, header]): Definition => {
    const start = positionOf(file, header);
    const { endLine, endColumn } = start;
    const body = { line: endLine, column: endColumn };
    return {
      id: name,
      file,
      name,
      body,
      span: { line: start.line, column: start.column, endLine: endLine + 1, endColumn: 1 },
    };
  });
  const sites = SITES.map(({ at: [file, call], name, to, stratum = "direct", syntax = "call" }): SiteTruth => {
    const span = positionOf(file, call.replace(/;$/, ""), call.endsWith(";"));
    const must: Target[] = to === null ? [] : [to === "outside" ? { external: "console.log" } : { definition: to }];
    return {
      id: `${file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`,
      file,
      span,
      callee: { name, line: span.line, column: span.column + call.lastIndexOf(name) },
      syntax,
      stratum,
      must,
      may: [],
      closed: to !== null,
      by: to === null ? [] : ["generator"],
      traced: stratum === "direct" ? must : [],
      callbacks: [],
      ...UNSCORED,
      unknownReason: to === null ? "parameter" : null,
    };
  });
  return { ...tinyTruth([], [], "source"), files: Object.keys(SOURCES).sort(), definitions, sites };
}

export function writeSources(root: string): void {
  for (const [file, text] of Object.entries(SOURCES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** What the command line needs, with the one corpus at `root`; `missing` is known but cannot be fetched. */
export function sourceCorpora(root: string): CorpusSource {
  const spec = (id: string, kind: "real" | "synthetic", split: "fit" | "report" = "report") =>
    ({ id, kind, split, version: "1.0.0", language: "typescript", licence: "Apache-2.0" }) as ReturnType<
      CorpusSource["list"]
    >[number];
  const specs = [spec("source", "synthetic"), spec("missing", "real"), spec("tuning", "real", "fit")];
  return {
    list: () => specs,
    fetch: async (id, { onProgress }) => {
      onProgress?.({ phase: "verify", done: 1, total: 1 });
      if (id !== "source")
        throw Object.assign(new Error(`${id} is not in the cache`), { code: "CORPUS_OFFLINE", hint: undefined });
      return { spec: specs[0], root } as unknown as Awaited<ReturnType<CorpusSource["fetch"]>>;
    },
    truth: async () => sourceTruth(),
    changes: async () => null,
    rules: async () => null,
    planted: async () => null,
    own: async (folder) => ({ spec: specs[0], root: folder }) as unknown as Awaited<ReturnType<CorpusSource["own"]>>,
    init: async (folder) => initReport(folder),
  };
}

/** What a folder without code gives, and any other. */
export function initReport(folder: string): InitReport {
  const isEmpty = folder.endsWith("empty");
  return {
    schemaVersion: 1,
    folder,
    manifest: isEmpty ? null : `${folder}/.cibench/corpus.json`,
    id: "own-source",
    language: isEmpty ? null : "typescript",
    lines: [],
    runner: null,
    licence: null,
    history: null,
    files: 0,
    truth: isEmpty ? null : { sites: 3, must: 2, closed: 1, traced: 0, unknown: 1 },
    found: isEmpty ? [] : ["The code is 3 lines."],
    couldNot: ["There are no tests."],
    next: [],
  };
}

/** The 1-based span of a quotation; its last occurrence if asked for. */
function positionOf(file: string, quotation: string, last = false): SiteTruth["span"] {
  const text = SOURCES[file] as string;
  const start = last ? text.lastIndexOf(quotation) : text.indexOf(quotation);
  if (start < 0) throw new Error(`no "${quotation}" in ${file}`);
  const at = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
  };
  const [from, to] = [at(start), at(start + quotation.length)];
  return { ...from, endLine: to.line, endColumn: to.column };
}
