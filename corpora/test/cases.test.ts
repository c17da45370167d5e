import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import ts from "typescript-classic";
import { beforeAll, describe, expect, test } from "vitest";
import { deriveCompilerTruth } from "../src/derive/compiler.ts";
import type { TracedSite } from "../src/derive/trace/traced-tests.ts";
import { gather, readTraces } from "../src/derive/trace/gather.ts";
import { instrument, Registry } from "../src/derive/trace/instrument.ts";
import type { Target } from "../src/truth/schema.ts";
import { type Expected, readMarks } from "./cases/case.ts";
import { CLASSES } from "./cases/classes.ts";
import { FUNCTIONS } from "./cases/functions.ts";
import { MODULES } from "./cases/modules.ts";
import { VALUES } from "./cases/values.ts";
import { folderWith } from "./support/folder.ts";

const CASES = [...FUNCTIONS, ...CLASSES, ...VALUES, ...MODULES].map(([behaviour, source], index) => {
  const files = typeof source === "string" ? { "main.ts": source } : source;
  const code = Object.entries(files).filter(([file]) => !file.endsWith(".json"));
  const marks = code.map(([file, text]) => readMarks(file, text));
  const definitions = new Map(marks.flatMap((mark) => [...mark.definitions]));
  return { behaviour, folder: `case${index}`, files, code, definitions, calls: marks.flatMap((mark) => mark.calls) };
});

/** What was seen in each folder, all cases having been run in one process. */
let traced: Map<string, Map<string, TracedSite>>;
let output = "";

beforeAll(async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-cases-")));
  const registry = new Registry();
  for (const { folder, files } of CASES) {
    mkdirSync(path.join(root, folder), { recursive: true });
    const all: Record<string, string> = { "package.json": '{ "type": "module" }', ...files };
    for (const [file, text] of Object.entries(all)) {
      if (file.endsWith(".json")) writeFileSync(path.join(root, folder, file), text);
      else {
        const marked = instrument({ file: `${folder}/${file}`, text, registry, withSites: true });
        writeFileSync(path.join(root, folder, emitted(file)), transpiled(file, marked));
      }
    }
  }
  const traces = path.join(root, "traces");
  mkdirSync(traces);
  writeFileSync(path.join(root, "all.mjs"), runner());
  const hooks = path.resolve(import.meta.dirname, "../src/derive/trace/runtime.mts");
  const run = await execa(process.execPath, ["--import", hooks, path.join(root, "all.mjs")], {
    env: { DRIFT_TRACE_FOLDER: traces, DRIFT_TRACE_ROOT: root },
    reject: false,
  });
  output = `${run.stdout}\n${run.stderr}`;
  traced = new Map(CASES.map(({ folder }) => [folder, new Map<string, TracedSite>()]));
  for (const [id, site] of gather(await readTraces(traces), registry, { scratch: root, doubles: new Set() }).sites) {
    const folder = id.slice(0, id.indexOf("/"));
    traced.get(folder)?.set(id.slice(folder.length + 1), site);
  }
  rmSync(root, { recursive: true });
}, 120_000);

/** Loads each case in turn, and says which of them threw. */
function runner(): string {
  const mains = CASES.map(({ folder, files }) => `./${folder}/${emitted(entryOf(files))}`);
  return `for (const main of ${JSON.stringify(mains)}) await import(main).catch((error) => console.log(main, error));
await new Promise((resolve) => setTimeout(resolve, 50));
`;
}

function entryOf(files: Record<string, string>): string {
  return Object.keys(files).find((file) => file.startsWith("main.")) ?? "";
}

/** TypeScript becomes JavaScript, as any runner of tests would do it: decorators, enums and namespaces as well. */
function transpiled(file: string, text: string): string {
  if (!/\.tsx?$/.test(file)) return text;
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
      removeComments: false,
    },
  });
  return outputText.replaceAll(/(["']\.\/\w+)\.tsx?(["'])/g, "$1.js$2");
}

function emitted(file: string): string {
  return file.replace(/\.tsx?$/, ".js");
}

describe.each(CASES)("$behaviour", ({ folder, files, code, definitions, calls }) => {
  test("as it runs", () => {
    expect(output).not.toContain(`./${folder}/`);
    const sites = traced.get(folder) ?? new Map<string, TracedSite>();
    const name = (id: string): string => definitions.get(id.slice(folder.length + 1)) ?? id;
    const seen = calls.map((call) => {
      const site = [...sites].find(([id]) => id.startsWith(`${call.file}:`) && id.endsWith(`-${call.end}`))?.[1];
      const outside = [...(site?.externals.map((one) => `<${one}>`) ?? []), ...(site?.outside === true ? ["~"] : [])];
      return {
        entered: site?.definitions.map(name).sort() ?? [],
        outside,
        callbacks: site?.callbacks.map(name).sort() ?? [],
      };
    });
    const wanted = calls.map((call, index) => ({
      entered: [...call.entered].sort(),
      outside: call.unnamed
        ? ["~"]
        : // What Node writes in JavaScript is no native function.
          call.outside.map((one) =>
            seen[index]?.outside.includes("~") === true || one === "<*>" ? (seen[index]?.outside[0] ?? one) : one,
          ),
      callbacks: [...call.callbacks].sort(),
    }));
    expect(seen).toEqual(wanted);
    expect([...sites].filter(([id]) => !calls.some(({ end }) => id.endsWith(`-${end}`)))).toEqual([]);
  });

  test("as it is compiled", () => {
    const root = folderWith(files);
    const commonJs = files["package.json"]?.includes("commonjs") === true;
    const { sites } = deriveCompilerTruth({
      root,
      measured: code.map(([file]) => file),
      context: [],
      compilerOptions: commonJs ? COMMONJS : MODULES_OF_NODE,
    });
    const shown = (targets: readonly Target[]): string[] =>
      targets
        .map((target) =>
          "external" in target ? `<${target.external}>` : (definitions.get(target.definition) ?? target.definition),
        )
        .sort();
    for (const site of sites) {
      const call = calls.find(({ file, end }) => site.file === file && site.id.endsWith(`-${end}`));
      expect(call, `no mark says where ${site.id} goes`).toBeDefined();
      const { entered, outside, allowed, open } = call as Expected;
      const all = [...entered, ...outside, ...allowed].sort();
      const said = shown([...site.must, ...site.may]);
      const about = `${site.id} ${site.callee?.name ?? ""} ${site.reason ?? ""}`;
      // An open set may lack targets, and has none that are wrong; what is certain is entered wherever the call is made.
      const wrong = open ? said.filter((one) => !all.includes(one)) : [];
      expect({ about, open: !site.complete, said: open ? [] : said, wrong }).toEqual({
        about,
        open,
        said: open ? [] : all,
        wrong: [],
      });
      const made = entered.length + outside.length > 0 ? [...entered, ...outside] : all;
      expect(made, about).toEqual(expect.arrayContaining(shown(site.must)));
    }
    expect(sites).toHaveLength(calls.length);
  });
});

test("there are enough of them, and no two say the same", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(80);
  expect(new Set(CASES.map(({ behaviour }) => behaviour)).size).toBe(CASES.length);
});

const MODULES_OF_NODE = {
  target: "es2024",
  lib: ["esnext"],
  module: "nodenext",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ["node"],
  strict: true,
  allowJs: true,
  checkJs: true,
  jsx: "preserve",
};
const COMMONJS = {
  ...MODULES_OF_NODE,
  module: "commonjs",
  moduleResolution: "node10",
  ignoreDeprecations: "6.0",
  moduleDetection: "auto",
  strict: false,
};
