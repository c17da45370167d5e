import { expect, test } from "vitest";
import { compareConstants, withBaselines } from "../src/truth/baselines.ts";
import { ImportScanner, reachable } from "../src/truth/import-scan.ts";
import { scoreItem } from "../src/truth/item-score.ts";
import type { Definition, SiteTruth } from "../src/truth/schema.ts";
import { siteTruth } from "./support/truth.ts";

function definition(name: string, file: string, line: number): Definition {
  const span = { line, column: 1, endLine: line, endColumn: 9 };
  return { id: `${file}:${line}:1`, file, span, body: { line, column: 5 }, name };
}

/** Files by path, each with the names it defines, a line each, below its text of imports. */
function baselines(files: Record<string, { text?: string; defines?: string[] }>, site: Partial<SiteTruth>) {
  const definitions = Object.entries(files).flatMap(([file, { defines = [] }]) =>
    defines.map((name, index) => definition(name, file, index + 1)),
  );
  const scanner = new ImportScanner(Object.keys(files));
  const imports = new Map(Object.entries(files).map(([file, { text = "" }]) => [file, scanner.scan(file, text)]));
  const [scored] = withBaselines([siteTruth(9, site)], { definitions, imports });
  const { grep, importGraph, constant } = scored?.baselines ?? {};
  return `${grep} ${importGraph} ${constant} ${scored?.easy === true ? "easy" : "hard"}`;
}

const local = { must: [{ definition: "a.ts:1:1" }] };
const elsewhere = { must: [{ definition: "b.ts:1:1" }] };
const outside = { must: [{ external: "f" }] };

test("grep and the import graph find the only function of that name in the same file", () => {
  expect(baselines({ "a.ts": { defines: ["f"] } }, local)).toBe("1 1 0 easy");
});

test("a name that nothing defines is outside, for everybody", () => {
  expect(baselines({ "a.ts": { defines: ["g"] } }, outside)).toBe("1 1 1 easy");
});

test("grep is misled by the same name elsewhere, the import graph is not", () => {
  const files = { "a.ts": { defines: ["f"] }, "b.ts": { defines: ["f"] } };
  expect(baselines(files, local)).toBe(`${2 / 3} 1 0 easy`);
  expect(baselines(files, { ...outside, file: "c.ts" })).toBe("0 1 1 easy");
});

test("of more than two candidates grep claims the first, those of the same file first", () => {
  const files = { "a.ts": { defines: ["C.f"] }, "b.ts": { defines: ["f"] }, "c.ts": { defines: ["o.f"] } };
  expect(baselines(files, local)).toBe("1 1 0 easy");
  expect(baselines(files, elsewhere)).toBe("0 0 0 hard");
});

test("the import graph follows imports and what they re-export", () => {
  const files = {
    "a.ts": { text: 'import { f } from "./index.js";' },
    "index.ts": { text: "export * from './b';" },
    "b.ts": { defines: ["f"] },
    "c.ts": { defines: ["f"] },
    "d.ts": { defines: ["f"] },
  };
  expect(baselines(files, elsewhere)).toBe("1 1 0 easy");
  expect(baselines({ ...files, "index.ts": { text: "import './b';" } }, elsewhere)).toBe("1 0 0 easy");
});

test("`new` looks for a class or its constructor", () => {
  const files = { "a.ts": { defines: ["Box.constructor", "Box"] } };
  expect(baselines(files, { ...local, syntax: "new", callee: { name: "Box", line: 9, column: 1 } })).toBe(
    `${2 / 3} ${2 / 3} 0 hard`,
  );
});

test("a call without a name is not answered, and an unjudged item has no scores", () => {
  expect(baselines({ "a.ts": { defines: ["f"] } }, { ...local, callee: null })).toBe("0 0 0 hard");
  expect(baselines({ "a.ts": { defines: ["f"] } }, { closed: false })).toBe("null null null hard");
});

test("the score of an item is the F1 of its edges under the rules for open sets and allowed targets", () => {
  const [f, g] = [{ definition: "f" }, { definition: "g" }];
  const about = { must: [f], may: [], callbacks: [], closed: true };
  expect(scoreItem(about, ["f"])).toBe(1);
  expect(scoreItem(about, ["f", "g"])).toBeCloseTo(2 / 3);
  expect(scoreItem({ ...about, may: [g] }, ["f", "g"])).toBe(1);
  expect(scoreItem({ ...about, callbacks: ["g"] }, ["f", "g"])).toBe(1);
  expect(scoreItem({ ...about, closed: false }, ["x", "y", "f"])).toBe(0);
  expect(scoreItem({ ...about, closed: false }, ["x", "f", "y"])).toBe(1);
  expect(scoreItem({ ...about, must: [], may: [f] }, ["f"])).toBeNull();
  expect(scoreItem({ ...about, must: [], may: [f] }, ["g"])).toBe(0);
  expect(scoreItem({ ...about, must: [], closed: false }, ["g"])).toBeNull();
});

test("constants are compared kind by kind, unanswered items scoring 0", () => {
  const definitions = [definition("f", "a.ts", 1), definition("g", "a.ts", 5)];
  const sites = [
    siteTruth(9, { must: [{ external: "log" }], stratum: "external" }),
    siteTruth(10, { must: [{ external: "log" }], stratum: "external" }),
    siteTruth(11, { must: [{ definition: "a.ts:5:1" }] }),
    siteTruth(12, { must: [{ definition: "a.ts:1:1" }] }),
  ];
  expect(Object.fromEntries(compareConstants([{ definitions, sites }]))).toEqual({
    external: 0.5,
    "first-in-file": 0.25,
    "last-in-file": 0.25,
    "nearest-above": 0.25,
    "only-in-file": 0,
  });
});

/** The files that a light tool thinks `text` imports. */
function scan(file: string, text: string, files: string[]): string {
  const { imported, reexported } = new ImportScanner([file, ...files]).scan(file, text);
  return `${imported.join(" ")} | ${reexported.join(" ")}`;
}

test.each([
  ['import a from "./b.js"', "src/b.ts | "],
  ["import './b'", "src/b.ts | "],
  ['import{a}from"./b"', "src/b.ts | "],
  ['import type { A } from "./b"', "src/b.ts | "],
  ["import {\n  a,\n  b as c,\n} from './b'", "src/b.ts | "],
  ["export * as b from './b'", "src/b.ts | src/b.ts"],
  ["export { a } from './b'", "src/b.ts | src/b.ts"],
  ["const { a } = require('./c')", "src/c/index.js | "],
  ["module.exports = require('./c')", "src/c/index.js | src/c/index.js"],
  ["await import('./c/')", "src/c/index.js | "],
  ["import fs from 'node:fs'", " | "],
  ["import x from '../missing'", " | "],
  ["export const from = './b'", " | "],
])("JavaScript: %s", (text, expected) => {
  expect(scan("src/a.ts", text, ["src/b.ts", "src/c/index.js"])).toBe(expected);
});

test.each([
  ["lib/pkg/a.py", "from .b import x", "lib/pkg/b.py | "],
  ["lib/pkg/a.py", "from . import b, sub", "lib/pkg/__init__.py lib/pkg/b.py lib/pkg/sub/__init__.py | "],
  ["lib/pkg/a.py", "from pkg.b import (\n    x,  # one\n    y,\n)", "lib/pkg/b.py | "],
  ["lib/pkg/a.py", "import pkg.b as c, os", "lib/pkg/b.py | "],
  ["lib/pkg/sub/c.py", "    from ..b import x", "lib/pkg/b.py | "],
  ["lib/pkg/__init__.py", "from .b import x", "lib/pkg/b.py | lib/pkg/b.py"],
  ["lib/pkg/a.py", "from json import b", " | "],
])("Python, %s: %s", (file, text, expected) => {
  expect(scan(file, text, ["lib/pkg/__init__.py", "lib/pkg/b.py", "lib/pkg/sub/__init__.py"])).toBe(expected);
});

test("re-exports that go round in circles end", () => {
  const imports = new Map([
    ["a", { imported: ["b"], reexported: [] }],
    ["b", { imported: ["c"], reexported: ["c"] }],
    ["c", { imported: ["a", "b", "d"], reexported: ["b", "d"] }],
  ]);
  expect([...reachable("a", imports)].sort()).toEqual(["b", "c", "d"]);
});
