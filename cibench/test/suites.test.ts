import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { driftCallGraph } from "../src/adapters/drift.ts";
import { SuiteOutput } from "../src/schema/suite.ts";
import { readCases, readErrata } from "../src/suites/cases.ts";
import { nameFunctions, type PlacedFunction } from "../src/suites/name-functions.ts";
import { runSuite } from "../src/suites/run.ts";
import { type Edge, judgeCase, scoreCases } from "../src/suites/score-edges.ts";

const FOLDERS: string[] = [];
afterAll(() => FOLDERS.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function folderWith(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), "drift-suite-"));
  FOLDERS.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const SUITE = {
  "calls/plain/main.js": "function f() { g() }\nfunction g() { [1].map(h) }\nfunction h() {}\nf();\n",
  "calls/plain/callgraph.json":
    '{ "main": ["main.f"], "main.f": ["main.g"], "main.g": ["<builtin>.map"], "main.h": [] }',
  "arrows/nested/main.js": "const a = (x) => { const b = () => 1; return b(); };\na(2);\n",
  "arrows/nested/callgraph.json":
    '{ "main": ["main.<arrow1>"], "main.<arrow1>": ["main.<arrow1>.<arrow1>", "main.gone"] }',
};

describe("a suite", () => {
  test("is scored by edge, category and with errata", async () => {
    const cases = readCases(folderWith(SUITE));
    const errata = [
      {
        case: "arrows/nested",
        edge: ["main.<arrow1>", "main.gone"] as [string, string],
        decision: "remove" as const,
        observed: "no function of the case is called main.gone",
        reason: "there is no such function",
      },
    ];
    const seen: number[] = [];
    const output = SuiteOutput.parse(
      await runSuite({
        suite: "swarm-js",
        cases,
        tool: await driftCallGraph(),
        errata,
        onProgress: (done) => seen.push(done),
      }),
    );
    expect(seen).toEqual([0, 1, 2]);
    expect(output).toMatchObject({ cases: 2, edges: 6, precision: 1, recall: 5 / 6, complete: 2, sound: 1 });
    expect(output.noBuiltins).toMatchObject({ edges: 5, truePositives: 4, falseNegatives: 1 });
    expect(output.categories).toMatchObject({ calls: { f1: 1 }, arrows: { recall: 2 / 3 } });
    expect(output.audited).toMatchObject({ errata: 1, f1: 1, noBuiltins: { sound: 2 } });
    expect(output.differences).toEqual([
      { case: "arrows/nested", missing: [["main.<arrow1>", "main.gone"]], extra: [] },
    ]);
  });

  test("a class without a constructor is no function of the labels", async () => {
    const files = {
      "classes/call/main.js": "class A { m() {} }\nnew A().m();\n",
      "classes/call/callgraph.json": '{ "main": ["main.A.m"] }',
    };
    const tool = await driftCallGraph();
    const output = await runSuite({ suite: "swarm-js", cases: readCases(folderWith(files)), tool, errata: null });
    expect([output.f1, output.audited]).toEqual([1, null]);
  });

  test.each([
    ["the top of a checkout", "", ["arrows/nested", "calls/plain"]],
    ["a folder on the way", "micro-benchmark", ["arrows/nested", "calls/plain"]],
    ["the folder of the categories", "micro-benchmark/snippets", ["arrows/nested", "calls/plain"]],
    ["one category", "micro-benchmark/snippets/calls", ["calls/plain"]],
    ["one case", "micro-benchmark/snippets/calls/plain", ["calls/plain"]],
  ])("has a case in the category that is the folder above it, given %s", (_, below, ids) => {
    const files = Object.entries(SUITE).map(([name, text]) => [`micro-benchmark/snippets/${name}`, text]);
    const cases = readCases(path.join(folderWith(Object.fromEntries(files)), below));
    expect(cases.map(({ id }) => id)).toEqual(ids);
    expect(cases.map(({ category }) => category)).toEqual(ids.map((id) => id.split("/")[0]));
  });

  test("is one of several in a folder only where the folder says which", () => {
    const twice = ["one", "two"].flatMap((suite) =>
      Object.entries(SUITE).map(([name, text]) => [`${suite}/${name}`, text]),
    );
    const dir = folderWith(Object.fromEntries(twice));
    expect(() => readCases(dir)).toThrow("holds several suites: arrows/nested is in it more than once");
    expect(readCases(path.join(dir, "two"))).toHaveLength(2);
  });

  test.each([
    [{}, "holds no case"],
    [{ "a/b/callgraph.json": "{" }, "is not readable JSON"],
    [{ "a/b/callgraph.json": '{ "main": "f" }' }, "is not a map from functions to lists of functions"],
  ])("that cannot be read is an error with a next step: %o", (files, message) => {
    expect(() => readCases(folderWith(files))).toThrow(
      expect.objectContaining({ code: "SUITE_UNREADABLE", message: expect.stringContaining(message) as string }),
    );
  });

  test("a folder that is not there, and errata of another suite, are errors", () => {
    const errata = path.join(
      folderWith({
        "e.json": '{ "schemaVersion": 2, "suite": "pycg", "commit": "c", "command": "audit", "errata": [] }',
      }),
      "e.json",
    );
    expect(() => readCases(path.join(errata, "gone"))).toThrow(expect.objectContaining({ code: "SUITE_UNREADABLE" }));
    expect(readErrata(errata, "pycg")).toEqual([]);
    expect(() => readErrata(errata, "swarm-js")).toThrow(/errata of pycg, not of swarm-js/);
  });
});

describe("names", () => {
  const placed = (qualifiedName: string, line: number, endLine: number, isAnonymous = false): PlacedFunction => ({
    id: `main.js#${qualifiedName}`,
    file: "main.js",
    qualifiedName,
    isAnonymous,
    line,
    column: 1,
    endLine,
    endColumn: 2,
  });

  test("functions without a name are counted within the function around them", () => {
    const functions = [placed("f", 1, 4), placed("f.<map>", 2, 3, true), placed("<call>", 5, 5, true)];
    const labels = new Set(["main.f", "main.f.<lambda1>", "main.<arrow1>"]);
    expect([...nameFunctions(functions, labels, () => "").values()]).toEqual([
      "main.f",
      "main.f.<lambda1>",
      "main.<arrow1>",
    ]);
  });

  test("a label that two functions could have goes to the first, and what no label means keeps its own name", () => {
    const functions = [placed("f", 1, 1), placed("f~2", 2, 2), placed("C.@@iterator", 3, 3)];
    const named = nameFunctions(functions, new Set(["main.f", "main.C[Symbol.iterator]"]), () => "");
    expect([...named.values()]).toEqual(["main.f", "main.f~2", "main.C[Symbol.iterator]"]);
  });

  test("a function that a statement makes may have the name of the variable, and an index file that of its folder", () => {
    const one = { ...placed("<dec>", 1, 1, true), file: "pkg/index.js" };
    const named = nameFunctions([one], new Set(["pkg.func"]), () => "const func = dec(function () {});");
    expect([...named.values()]).toEqual(["pkg.func"]);
  });
});

describe("edges", () => {
  const about = { id: "a/b", category: "a" };

  test("built-ins are the same when their last names are, and can be left out", () => {
    const labelled: Edge[] = [
      ["main", "<**JSArray**>.join"],
      ["main", "main.f"],
    ];
    const predicted: Edge[] = [
      ["main", "<outside>.Array.prototype.join"],
      ["main", "<outside>.console.log"],
    ];
    const withBuiltins = judgeCase(about, labelled, predicted, { builtins: true });
    expect([withBuiltins.right.length, withBuiltins.missing.length, withBuiltins.extra.length]).toEqual([1, 1, 1]);
    const without = judgeCase(about, labelled, predicted, { builtins: false });
    expect([without.right.length, without.missing.length, without.extra.length]).toEqual([0, 1, 0]);
  });

  test("an edge told twice counts once, and shares without a denominator are absent", () => {
    const twice: Edge[] = [
      ["main", "main.f"],
      ["main", "main.f"],
    ];
    expect(scoreCases([judgeCase(about, twice, twice, { builtins: true })])).toMatchObject({
      edges: 1,
      f1: 1,
      sound: 1,
    });
    expect(scoreCases([judgeCase(about, [], [], { builtins: true })])).toMatchObject({ precision: null, f1: null });
  });
});
