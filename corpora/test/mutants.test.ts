import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { judgeBaseline } from "../src/derive/mutation/baseline.ts";
import { chooseMutants } from "../src/derive/mutation/choose.ts";
import { Importers } from "../src/derive/mutation/importers.ts";
import { type Mutant, mutantsOf, mutated } from "../src/derive/mutation/mutants.ts";
import { fileOutcome, readPoints, readPythonReport, WHOLE_FILE } from "../src/derive/mutation/outcome.ts";
import { withProbes } from "../src/derive/mutation/probes.ts";
import { pythonMutantsOf, parsesAsPython } from "../src/derive/mutation/python-mutants.ts";
import { readTape } from "../src/derive/mutation/tape.ts";
import { createTypeCheck } from "../src/derive/mutation/type-check.ts";
import { brokenIn } from "../src/derive/mutation.ts";
import { parseSource } from "../src/derive/trace/parse-source.ts";
import { type MutationItem, Operator, pairsOf, setF1 } from "../src/truth/mutation.ts";
import { pythonCorpus } from "./support/python.ts";
import { folderWith } from "./support/folder.ts";

const SCRIPT = `'use strict'
module.exports = { twice, limit: 3 }
module.exports.late = async (go) => await go()
function twice (n) {
  'use strict'
  if (n > 1) return n * 2
  const list = [1, 2].map(x => x + 1)
  list.push(
    'one',
    2
  )
  return n ? list : 'none'
}
`;

const MODULE = `export interface Box { size: number }
export const limit = 3;
export function open(box: Box, by?: string): boolean {
  for (const one of [box]) if (one.size <= limit) return true;
  return false;
}
class Lid { lift(this: Lid, by: number) { return by } set at(value: number) { this.lift(value); } }
export { Lid as Cover, open as default };
`;

const PYTHON = `"""Doc."""
from .parts import (
    lid,
    box as container,
)
LIMIT = 3


def twice(n, *, by=2):
    """Doubles."""
    if n > LIMIT and by:
        return n * by
    note("none",
         n)
    return None


class Box:
    size = 1

    @property
    def wide(self):
        return self.size >= 2 if self else False

    async def open(self, by):
        await self.lift(by)
        for one in by:
            try:
                one()
            except ValueError:
                return "é" + 'no'
`;

/** What each operator makes of a text: the line of the change, changed. */
function shown(text: string, mutants: readonly Mutant[]): string[] {
  return mutants.map(({ operator, span, ...mutant }) => {
    const line = mutated(text, mutant).split("\n")[span.line - 1] ?? "";
    return `${operator}: ${line.trim()}`;
  });
}

test("changes of JavaScript keep the number of lines and parse", () => {
  const mutants = mutantsOf("a.js", SCRIPT);
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  for (const mutant of mutants) {
    const text = mutated(SCRIPT, mutant);
    expect(text.split("\n")).toHaveLength(SCRIPT.split("\n").length);
    parseSource("a.js", text);
  }
  expect(shown(SCRIPT, mutants)).toEqual([
    "remove-export: module.exports = { limit: 3 }",
    "rename-export: module.exports = { twiceRenamed: twice, limit: 3 }",
    "remove-export: module.exports = { twice }",
    "rename-export: module.exports = { twice, limitRenamed: 3 }",
    "remove-export: Object().late = async (go) => await go()",
    "rename-export: module.exports.lateRenamed = async (go) => await go()",
    "change-constant: module.exports = { twice, limit: 4 }",
    "add-parameter: module.exports.late = async (driftAdded, go) => await go()",
    "return-nothing: module.exports.late = async (go) => undefined",
    "drop-await: module.exports.late = async (go) => go()",
    "throw-at-entry: 'use strict'; throw new Error(\"drift\");",
    "add-parameter: function twice (driftAdded, n) {",
    "negate-condition: if (!(n > 1)) return n * 2",
    "shift-boundary: if (n >= 1) return n * 2",
    "change-constant: if (n > 2) return n * 2",
    "return-nothing: if (n > 1) return undefined",
    "change-constant: if (n > 1) return n * 3",
    "change-constant: const list = [2, 2].map(x => x + 1)",
    "change-constant: const list = [1, 3].map(x => x + 1)",
    "add-parameter: const list = [1, 2].map((driftAdded, x) => x + 1)",
    "return-nothing: const list = [1, 2].map(x => undefined)",
    "change-constant: const list = [1, 2].map(x => x + 2)",
    "remove-statement: ;",
    "change-constant: 'one~',",
    "change-constant: 3",
    "return-nothing: return undefined",
    "negate-condition: return !(n) ? list : 'none'",
    "change-constant: return n ? list : 'none~'",
  ]);
});

test("of TypeScript also types, and the exports of modules", () => {
  const mutants = mutantsOf("a.ts", MODULE);
  for (const mutant of mutants) parseSource("a.ts", mutated(MODULE, mutant));
  const said = shown(MODULE, mutants);
  for (const line of [
    "remove-export: interface Box { size: number }",
    "rename-export: export type { Box as BoxRenamed }; interface Box { size: number }",
    "change-type: export interface Box { size: string }",
    "rename-export: export { limit as limitRenamed }; const limit = 3;",
    "change-type: export function open(box: symbol, by?: string): boolean {",
    "change-type: export function open(box: Box, by?: string): string {",
    "add-parameter: export function open(driftAdded: number, box: Box, by?: string): boolean {",
    "shift-boundary: for (const one of [box]) if (one.size < limit) return true;",
    "remove-export: export { open as default };",
    "rename-export: export { Lid as CoverRenamed, open as default };",
  ]) {
    expect(said).toContain(line);
  }
  // `this` is no parameter, a setter has exactly one, and `default` has no other name.
  expect(said.filter((line) => line.startsWith("add-parameter"))).toHaveLength(1);
  expect(said.filter((line) => line.includes("defaultRenamed"))).toEqual([]);
  expect(new Set(mutants.map(({ operator }) => operator)).size).toBeGreaterThanOrEqual(6);
});

test("what is broken already has no changes", () => {
  expect(() => mutantsOf("a.js", "function (")).toThrow(SyntaxError);
  expect(mutantsOf("a.js", "\uFEFFexports.a = 1")).toEqual([]);
});

test("changes of Python keep the number of lines and parse", async () => {
  const root = folderWith({
    "__init__.py": PYTHON,
    "broken.py": "def (",
    "latin.py": "# -*- coding: latin-1 -*-\nx = 1\n",
  });
  const mutants = await pythonMutantsOf(root, ["__init__.py", "broken.py", "latin.py"], undefined);
  const own = mutants.filter(({ file }) => file === "__init__.py");
  expect(mutants.filter(({ file }) => file === "broken.py")).toEqual([]);
  const texts = own.map((mutant) => mutated(PYTHON, mutant));
  expect(await parsesAsPython([...texts, "def ("], undefined)).toEqual([...texts.map(() => true), false]);
  for (const text of texts) expect(text.split("\n")).toHaveLength(PYTHON.split("\n").length);
  const said = shown(PYTHON, own);
  for (const line of [
    "rename-export: lid as lid_renamed,",
    "rename-export: box as container_renamed,",
    "rename-export: def twice_renamed(n, *, by=2):",
    "add-parameter: def twice(drift_added, n, *, by=2):",
    'throw-at-entry: """Doubles."""; raise RuntimeError("drift")',
    "negate-condition: if not (n > LIMIT and by):",
    "shift-boundary: if n >= LIMIT and by:",
    "return-nothing: return None",
    "remove-statement: pass",
    "add-parameter: async def open(self, drift_added, by):",
    "drop-await: self.lift(by)",
    "negate-condition: return self.size >= 2 if not (self) else False",
    "change-constant: return \"é~\" + 'no'",
    "change-constant: return \"é\" + 'no~'",
  ]) {
    expect(said).toContain(line);
  }
  expect(said.filter((line) => line.startsWith("add-parameter"))).toHaveLength(2);
});

test("probes tell which statements run, and change nothing else", () => {
  const text = `#!/usr/bin/env node
'use strict'
const say = (n) => n > 1 ? 'many' : 'one'
function pick (n) {
  if (n > 1) return say(n)
  else for (const one of [n]) if (one) break
  label: while (true) break label
  switch (n) { case 1: n = 2; default: return say(0) }
}
class Box { static { this.size = 1 } at = pick(1); get wide () { return this.at } }
globalThis.result = [pick(2), pick(1), new Box().wide]
`;
  const { text: probed, without } = withProbes("a.js", text);
  expect(without).toEqual([]);
  expect(probed.split("\n")).toHaveLength(text.split("\n").length);
  const run = (source: string): { result?: unknown; hits: string[] } => {
    const hits: string[] = [];
    const world: { result?: unknown; __drift__: object } = { __drift__: { hit: (place: string) => hits.push(place) } };
    runInNewContext(source, world);
    return { result: world.result, hits };
  };
  expect(run(probed).result).toEqual(run(text).result);
  const places = ["0:0", "10:1", "10:22", "10:66", "11:1", "3:1", "3:20", "5:14", "5:3", "6:31", "6:40", "6:8", "7:23"];
  const ran = [...places, "7:3", "8:24", "8:3", "8:40"].map((place) => `a.js:${place}`);
  expect([...new Set(run(probed).hits)].sort()).toEqual(ran);
  // With a change the places are still those of the text as it was, and what is replaced has none.
  const inner = mutantsOf("a.js", text).find(({ operator, span }) => operator === "return-nothing" && span.line === 3);
  const changed = withProbes("a.js", text, inner);
  expect(changed.without).toEqual(["a.js:3:20"]);
  expect(run(changed.text).hits).toContain("a.js:11:1");
  expect(run(changed.text).result).toEqual([undefined, undefined, undefined]);
});

test("every changed and probed text of a module parses", () => {
  for (const [file, text] of [
    ["a.js", SCRIPT],
    ["a.ts", MODULE],
  ] as const) {
    for (const mutant of mutantsOf(file, text)) {
      expect(() => parseSource(file, withProbes(file, text, mutant).text)).not.toThrow();
    }
  }
});

test("results are read from what each runner says", () => {
  const node = `TAP version 13
# Subtest: outer
    # Subtest: inner
    ok 1 - inner
      ---
      duration_ms: 1
      ...
    # Subtest: later
    not ok 2 - later
    1..2
not ok 1 - outer
# Subtest: alone
ok 2 - alone
# Subtest: left
ok 3 - left # SKIP not now
1..3
`;
  expect(readPoints(node, "node")).toEqual([
    { name: "outer > inner", ok: true },
    { name: "outer > later", ok: false },
    { name: "alone", ok: true },
  ]);
  expect(readPoints("1..2\nok 1 a b\n  not ok 9 said\nnot ok 2 c\nok 3 d # SKIP -\n", "mocha")).toEqual([
    { name: "a b", ok: true },
    { name: "c", ok: false },
  ]);
  expect(readPythonReport({ passes: ["a", "b"], failures: ["b"] })).toEqual([
    { name: "a", ok: true },
    { name: "b", ok: false },
  ]);
  expect(readPythonReport({ passed: 1 })).toBeNull();
  const twice = [
    { name: "a", ok: true },
    { name: "a", ok: true },
  ];
  expect(fileOutcome({ points: twice, endedEarly: false }, { code: 1, seconds: 1 })).toEqual({
    passed: ["a", "a (2)"],
    failed: [WHOLE_FILE],
    endedEarly: false,
    seconds: 1,
  });
  const failing = { points: [{ name: "a", ok: false }], endedEarly: false };
  expect(fileOutcome(failing, { code: 1, seconds: 1 }).passed).toEqual([WHOLE_FILE]);
});

const TAPE = `const test = require("tape")
test("outer", (t) => {
  t.test("planned", (st) => {
    st.plan(2)
    st.ok(1)
    st.end()
  })
  t.test("twice", (st) => { st.end() })
  t.test("twice", (st) => {
    st.end()
  })
  t.test("computed " + 1, (st) => {
    st.end()
  })
  t.test("later", (st) => { st.ok(1); st.end() })
})
`;
const SUM = "\n1..3\n# tests 3\n# pass  2\n# fail  1\n";

/** Tests of a file of tape that passed, those that failed after a bar, and `early` when its process ended in one. */
function tapeOf(output: string, code: number | null = 1): string {
  const told = readTape({ output: `TAP version 13\n${output}`, code, file: "test/a.js", source: TAPE });
  const { passed, failed, endedEarly } = fileOutcome(told, { code, seconds: 1 });
  return [passed.join(", "), "|", failed.join(", "), ...(endedEarly ? ["early"] : [])].join(" ");
}

/** An assertion that tape made itself at a line. */
function unplanned(at: string): string {
  return `not ok 3 plan != count\n  ---\n    operator: fail\n    expected: 2\n    actual:   1\n    at: ${at}\n    stack: |-\n      Error\n  ...\n`;
}

test("a test of tape fails when any of its assertions does", () => {
  expect(tapeOf(`# one\nok 1 a\nnot ok 2 b\n# two\n# SKIP three\nok 3 c\n${SUM}`)).toBe(`two, ${WHOLE_FILE} | one`);
  // Who prints points and nothing else has a test without a name.
  expect(tapeOf("ok 1 done\n", 0)).toBe(`, ${WHOLE_FILE} | `);
});

test("what a test of tape throws ends its process: that test fails and the file as a whole, and those after it do not", () => {
  expect(tapeOf("# outer\n# one\nok 1 a\n# two\nok 2 b\n")).toBe(`one | two, ${WHOLE_FILE} early`);
  expect(tapeOf("# outer\n# one\nok 1 a\n# two\n")).toBe(`one | two, ${WHOLE_FILE} early`);
  expect(tapeOf("# one\nnot ok 1 a\n# two\nok 2 b\n", null)).toBe(` | one, two, ${WHOLE_FILE} early`);
  // Nothing had begun.
  expect(tapeOf("")).toBe(` | ${WHOLE_FILE}`);
  expect(tapeOf(`# one\nok 1 a\n# two\nok 2 b\nnot ok 3 test exited without ending: outer\n${SUM}`)).toBe(
    `one | two, ${WHOLE_FILE} early`,
  );
  const exit = unplanned("process.<anonymous> (/w/node_modules/tape/index.js:105:15)");
  expect(tapeOf(`# one\nok 1 a\n# two\nok 2 b\n${exit}${SUM}`)).toBe(`one | two, ${WHOLE_FILE} early`);

  const stable = { "a.js": [WHOLE_FILE, "one", "three", "two"] };
  const broken = (output: string) => {
    const told = readTape({ output, code: 1, file: "a.js", source: "" });
    return brokenIn({ "a.js": fileOutcome(told, { code: 1, seconds: 1 }) }, ["a.js"], { stable });
  };
  expect(broken("# one\nok 1 a\n# two\nok 2 b\n")).toEqual([["a.js", [WHOLE_FILE, "two"]]]);
  // Where no test began none of them can pass; where all had their turn, what did not come is broken.
  expect(broken("")).toEqual([["a.js", stable["a.js"]]]);
  expect(broken(`# one\nok 1 a\n# two\nnot ok 2 b\n${SUM}`)).toEqual([["a.js", ["three", "two"]]]);
});

test("what a test of tape says after those that follow counts for the test that it stands in, else for the whole file", () => {
  const begun = "# outer\n# planned\nok 1 a\n# twice\nok 2 b\n# twice\nok 2 b\n# computed 1\nok 2 b\n# later\nok 2 b\n";
  const late = (at: string) => tapeOf(`${begun}${unplanned(at)}${SUM}`);
  const others = (...names: string[]) => [...names, "computed 1", "later"].join(", ");
  expect(late("Test.<anonymous> (/w/test/a.js:6:8)")).toBe(`${others("twice", "twice (2)")}, ${WHOLE_FILE} | planned`);
  expect(late("<anonymous> (/w/test/a.js:10:8)")).toBe(`${others("planned", "twice")}, ${WHOLE_FILE} | twice (2)`);
  for (const at of ["Test.<anonymous> (/w/test/a.js:13:8)", "<anonymous> (/w/test/b.js:6:8)", "f (/w/test/a.js:1:1)"])
    expect(late(at)).toBe(`${others("planned", "twice", "twice (2)")} | ${WHOLE_FILE}`);
  // One of the two of this name was skipped.
  const once = begun.replace("# twice\nok 2 b\n", "# SKIP twice\n");
  expect(tapeOf(`${once}${unplanned("<anonymous> (/w/test/a.js:10:8)")}${SUM}`)).toContain(`| ${WHOLE_FILE}`);
  expect(tapeOf(`${begun}not ok 3 plan != count\n${SUM}`)).toContain(`| ${WHOLE_FILE}`);
});

test("only tests that pass every time are asked about", () => {
  const run = (passed: string[], failed: string[]) => ({ "a.js": { passed, failed, endedEarly: false, seconds: 1 } });
  const runs = [run(["x", "y"], ["z"]), run(["x"], ["y", "z"]), run(["x", "w"], ["y", "z"])];
  const { about, stable } = judgeBaseline(["a.js", "gone.js"], runs);
  expect(about).toMatchObject({ repeats: 3, failing: 1, flaky: ["a.js: y", "a.js: w"], left: ["a.js", "gone.js"] });
  expect(stable).toEqual({});
  // One that was run once only, as it was too slow, has no flaky tests.
  expect(judgeBaseline(["a.js"], [run(["x", "y"], []), {}]).about).toMatchObject({ flaky: [], left: ["a.js"] });
  const good = [run(["x", WHOLE_FILE], []), run([WHOLE_FILE, "x"], [])];
  expect(judgeBaseline(["a.js"], good).stable).toEqual({ "a.js": [WHOLE_FILE, "x"] });
  // That a change ends its process early could not be seen.
  expect(judgeBaseline(["a.js"], [run(["x", "y"], [WHOLE_FILE])]).about).toMatchObject({ left: ["a.js"] });
});

test("drawn changes are spread over operators and functions, the same for the same seed", () => {
  const mutants = Array.from({ length: 400 }, (_, at): Mutant => {
    const operator = at % 2 === 0 ? "change-constant" : (Operator.options[at % Operator.options.length] as Operator);
    const span = { line: at, column: 1, endLine: at, endColumn: 2 };
    const place = { from: 0, to: 0, text: "", probe: "", owner: `a.js:${at % 20}:1` };
    return { id: `a.js:${at} ${operator}`, operator, file: "a.js", span, ...place };
  });
  const drawn = chooseMutants(mutants, { wanted: 100, seed: 1 });
  expect(drawn).toHaveLength(100);
  expect(chooseMutants(mutants.toReversed(), { wanted: 100, seed: 1 })).toEqual(drawn);
  expect(chooseMutants(mutants, { wanted: 100, seed: 2 })).not.toEqual(drawn);
  for (const group of Map.groupBy(drawn, ({ operator }) => operator).values())
    expect(group.length).toBeLessThanOrEqual(24);
  // Some functions hold constants alone, of which no more are drawn once there are enough.
  expect(new Set(drawn.map(({ owner }) => owner)).size).toBeGreaterThanOrEqual(16);
  expect(chooseMutants([], { wanted: 5, seed: 1 })).toEqual([]);
});

test("importers are found through packages, entries and other files", async () => {
  const root = folderWith({
    "package.json": JSON.stringify({
      name: "tiny",
      exports: { ".": { types: "./dist/a.d.ts", source: "./src/a.ts" }, "./b": "./src/b.ts" },
    }),
    "src/a.ts": 'export * from "./b.js";\n',
    "src/b.ts": 'import { c } from "./c";\nexport const b = c;\n',
    "src/c.ts": "export const c = 1;\n",
    "src/alone.ts": "export const alone = 1;\n",
    "test/a.test.ts": 'import { b } from "tiny";\n',
    "test/b.test.ts": 'import { b } from "tiny/b";\n',
    "test/root.test.js": "const it = require('..')\n",
  });
  const importers = await Importers.of(root);
  expect(importers.all("src/c.ts")).toEqual([
    "src/a.ts",
    "src/b.ts",
    "test/a.test.ts",
    "test/b.test.ts",
    "test/root.test.js",
  ]);
  expect(importers.all("src/alone.ts")).toEqual([]);
  const plain = await Importers.of(folderWith({ "index.js": "exports.a = 1\n", "test/a.js": "require('../')\n" }));
  expect(plain.all("index.js")).toEqual(["test/a.js"]);
});

test("the compiler's new errors are those that were not there, wherever they stand now", () => {
  const root = folderWith({
    "a.ts": "export const size: number = 1;\nexport const wrong: string = 2;\n",
    "b.ts": 'import { size } from "./a.ts";\nexport const next: number = size + 1;\n',
  });
  const { spec } = pythonCorpus(root, []);
  const compilerOptions = {
    strict: true,
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const check = createTypeCheck({ spec: { ...spec, compilerOptions }, root, files: ["a.ts", "b.ts"] }, []);
  const original = "export const size: number = 1;\nexport const wrong: string = 2;\n";
  expect(check.newErrors("a.ts", original)).toEqual([]);
  expect(check.newErrors("a.ts", original.replace("export const size", "export const sized"))).toEqual([
    { file: "b.ts", line: 1, column: 10, code: 2724 },
  ]);
  // The error that is known only moves.
  expect(check.newErrors("a.ts", original.replace("\n", "\n\n\n"))).toEqual([]);
  expect(check.newErrors("a.ts", original.replace("number = 1", 'number = "one"'))).toMatchObject([
    { file: "a.ts", line: 1 },
  ]);
});

test("pairs hold a change that breaks and one that does not, of one function before one file", () => {
  const item = (id: string, owner: string | null, effect: MutationItem["effect"]): MutationItem => ({
    id,
    operator: "change-constant",
    file: "a.js",
    span: { line: 1, column: 1, endLine: 1, endColumn: 1 },
    owner,
    before: "0".repeat(64),
    after: "1".repeat(64),
    executed: [0],
    ran: [0],
    effect,
    diagnostics: [],
    broken: [],
    observed: [],
    repeats: 3,
    controlF1: 1,
  });
  const items = [
    item("a", null, "test-break"),
    item("b", "a.js:1:1", "test-break"),
    item("c", "a.js:1:1", "observable"),
    item("d", "a.js:9:1", "no-effect-observed"),
    item("e", "a.js:9:1", "compile-break"),
  ];
  expect(pairsOf(items)).toEqual([
    { breaks: "b", holds: "c", within: "function" },
    { breaks: "a", holds: "d", within: "file" },
  ]);
  expect(setF1(new Set([1, 2]), new Set([2, 3]))).toBe(0.5);
  expect(setF1(new Set(), new Set())).toBe(1);
});
