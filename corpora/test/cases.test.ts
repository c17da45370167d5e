import { beforeAll, describe, expect, test } from "vitest";
import { CASES as ALL } from "../conformance/javascript/cases.ts";
import type { Expected } from "../conformance/javascript/case.ts";
import { deriveCompilerTruth } from "../src/derive/compiler.ts";
import type { TracedSite } from "../src/derive/trace/traced-tests.ts";
import type { Target } from "../src/truth/schema.ts";
import { folderWith } from "./support/folder.ts";
import { linkPackages, optionsOf, traceCalls, traceEntries } from "./support/run-cases.ts";

const CASES = ALL.map((one, index) => ({ ...one, folder: `case${index}` }));

/** What was seen, all cases having been run in one process. */
let traced: Awaited<ReturnType<typeof traceCalls>>;
/** The lines from which functions were entered, where that is asked. */
let entered: Map<string, Set<string>>;

beforeAll(async () => {
  traced = await traceCalls(CASES);
  entered = await traceEntries(CASES.filter(({ entries }) => entries.length > 0));
}, 120_000);

describe.each(CASES)("$behaviour", ({ folder, files, code, entry, definitions, calls, entries }) => {
  test("as it runs", () => {
    expect(traced.output).not.toContain(`./${folder}/`);
    const sites = traced.sites.get(folder) ?? new Map<string, TracedSite>();
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
    const wantedEntries = entries.flatMap((one) =>
      one.entered.map((target) => `${one.file}:${one.start.split(":")[0]} enters ${target}`),
    );
    const seenEntries = [...entered].flatMap(([id, lines]) =>
      [...lines]
        .filter((line) => line.startsWith(`${folder}/`))
        .map((line) => `${line.slice(folder.length + 1)} enters ${name(id)}`),
    );
    expect(seenEntries).toEqual(expect.arrayContaining(wantedEntries));
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
