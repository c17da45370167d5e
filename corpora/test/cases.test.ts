import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import ts from "typescript-classic";
import { beforeAll, describe, expect, test } from "vitest";
import { CASES as ALL } from "../conformance/javascript/cases.ts";
import type { Expected } from "../conformance/javascript/case.ts";
import { deriveCompilerTruth } from "../src/derive/compiler.ts";
import type { TracedSite } from "../src/derive/trace/traced-tests.ts";
import { gather, readTraces } from "../src/derive/trace/gather.ts";
import { instrument, Registry } from "../src/derive/trace/instrument.ts";
import type { Target } from "../src/truth/schema.ts";
import { folderWith } from "./support/folder.ts";

const CASES = ALL.map((one, index) => ({ ...one, folder: `case${index}` }));

/** What was seen in each folder, all cases having been run in one process. */
let traced: Map<string, Map<string, TracedSite>>;
let output = "";

beforeAll(async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-cases-")));
  const registry = new Registry();
  for (const { folder, files, code } of CASES) {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, folder, file)), { recursive: true });
      if (!code.includes(file)) writeFileSync(path.join(root, folder, file), text.replaceAll(/\.(c?)ts"/g, '.$1js"'));
      else {
        const marked = instrument({ file: `${folder}/${file}`, text, registry, withSites: true });
        writeFileSync(path.join(root, folder, emitted(file)), bundled(files, file, transpiled(file, marked)));
      }
    }
    linkPackages(path.join(root, folder), files);
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
  const mains = CASES.map(({ folder, entry }) => `./${folder}/${emitted(entry)}`);
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

function optionsOf(files: Record<string, string>): { paths?: Record<string, string[]> } {
  const config = JSON.parse(files["tsconfig.json"] ?? "{}") as {
    compilerOptions?: { paths?: Record<string, string[]> };
  };
  return config.compilerOptions ?? {};
}

/** The packages of a workspace as a package manager links them. */
function linkPackages(root: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    const [, folder] = /^(packages\/\w+)\/package\.json$/.exec(file) ?? [];
    if (folder === undefined) continue;
    const link = path.join(root, "node_modules", (JSON.parse(text) as { name: string }).name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(root, folder), link);
  }
}

describe.each(CASES)("$behaviour", ({ folder, files, code, entry, definitions, calls }) => {
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
    linkPackages(root, files);
    const commonJs = files["package.json"]?.includes("commonjs") === true;
    const kind = entry === "index.html" ? SCRIPTS : commonJs ? COMMONJS : MODULES_OF_NODE;
    const { sites } = deriveCompilerTruth({
      root,
      measured: code,
      context: [],
      compilerOptions: { ...kind, ...optionsOf(files) },
    });
    const shown = (targets: readonly Target[]): string[] =>
      targets
        .map((target) =>
          "external" in target ? `<${target.external}>` : (definitions.get(target.definition) ?? target.definition),
        )
        .sort();
    const callOf = (site: (typeof sites)[number]): Expected | undefined =>
      calls.find(({ file, end }) => site.file === file && site.id.endsWith(`-${end}`));
    for (const site of sites.filter((one) => callOf(one)?.misleading !== true)) {
      const call = callOf(site);
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
    // Where a mark says that the compiler is wrong, it has to be.
    const right = sites.filter((site) => {
      const call = callOf(site);
      const said = shown([...site.must, ...site.may]);
      return call?.misleading === true && call.entered.every((name) => said.includes(name));
    });
    expect(right).toEqual([]);
  });
});

test("there are enough of them, and no two say the same", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(150);
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
const SCRIPTS = { ...MODULES_OF_NODE, module: "esnext", moduleResolution: "bundler", moduleDetection: "auto" };
const COMMONJS = {
  ...MODULES_OF_NODE,
  module: "commonjs",
  moduleResolution: "node10",
  ignoreDeprecations: "6.0",
  moduleDetection: "auto",
  strict: false,
};
