import { beforeAll, describe, expect, test } from "vitest";
import { CASES as JAVASCRIPT } from "../conformance/javascript/cases.ts";
import { PYTHON_CASES } from "../conformance/python/cases.ts";
import type { TracedSite } from "../src/derive/trace/traced-tests.ts";
import { type PythonRun, runPythonCases } from "./support/run-python-cases.ts";

const CASES = PYTHON_CASES.map((one, index) => ({ ...one, folder: `case${index}` }));

let run: PythonRun;

beforeAll(async () => {
  run = await runPythonCases(CASES);
}, 120_000);

test("all of them run, in the same way twice", () => {
  expect(run.trace).toMatchObject({ notRun: null, broken: false, agreement: 1 });
});

describe.each(CASES)("$feature: $behaviour", ({ folder, files, definitions, calls, entries }) => {
  const nameOf = (id: string): string => definitions.get(id) ?? id;

  test("as it runs", () => {
    const sites = run.sites.get(folder) ?? new Map<string, TracedSite>();
    const seen = calls.map((call) => {
      const [, site] = [...sites].find(([id]) => id.startsWith(`${call.file}:`) && id.endsWith(`-${call.end}`)) ?? [];
      const direct = site?.definitions.map(nameOf) ?? [];
      const under = site?.callbacks.map(nameOf) ?? [];
      const outside = [...(site?.externals.map((one) => `<${one}>`) ?? []), ...(site?.outside === true ? ["<*>"] : [])];
      return {
        at: call.end,
        entered: [...direct, ...under.filter((name) => call.entered.includes(name))].sort(),
        // A native object that stands before functions of the case has no name of its own there.
        outside: call.outside.length === 0 && direct.length === 0 && call.entered.length > 0 ? [] : outside,
        callbacks: under.filter((name) => call.callbacks.includes(name)).sort(),
      };
    });
    const wanted = calls.map((call, index) => ({
      at: call.end,
      entered: [...call.entered].sort(),
      outside: call.outside.map((one) => (one === "<*>" ? (seen[index]?.outside[0] ?? one) : one)),
      callbacks: [...call.callbacks].sort(),
    }));
    expect(seen).toEqual(wanted);
    expect([...sites].filter(([id]) => !calls.some(({ end }) => id.endsWith(`-${end}`)))).toEqual([]);
    const placesOf = (name: string): string[] =>
      [...definitions].filter(([, one]) => one === name).map(([id]) => `${folder}/${id.replace(/:\d+$/, "")}`);
    for (const { file, start, entered } of entries) {
      const line = `${folder}/${file}:${start.split(":")[0]}`;
      for (const name of entered) {
        const made = run.entered.some(
          ({ definition, lines }) => placesOf(name).includes(definition) && lines.includes(line),
        );
        expect(made, `${line} enters ${name}`).toBe(true);
      }
    }
  });

  test("reading alone is sure of nothing else", () => {
    for (const [id, must] of run.certain.get(folder) ?? []) {
      const call = calls.find(({ file, end }) => id.startsWith(`${file}:`) && id.endsWith(`-${end}`));
      expect(call, `no mark says where ${id} goes`).toBeDefined();
      const { entered = [], allowed = [] } = call ?? {};
      // What it holds to lie outside it names by its last word alone.
      const sure = must.filter((target) => !target.startsWith("<")).map(nameOf);
      expect([...entered, ...allowed], id).toEqual(expect.arrayContaining(sure));
    }
    expect(Object.values(files).filter((text) => text.includes("/*"))).toEqual([]);
  });
});

test("there are enough of them, and no two say the same, in any language", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(110);
  const all = [...JAVASCRIPT, ...CASES].map(({ behaviour }) => behaviour);
  expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([]);
});
