import { expect, test } from "vitest";
import { callGraphOf } from "../conformance/judge.ts";

/** What the call on each line reaches, by name. */
async function reached(lines: readonly string[]): Promise<Map<number, string[]>> {
  const graph = await callGraphOf({ "main.py": `${lines.join("\n")}\n` });
  const names = new Map(graph.functions.map(({ id, name }) => [id, name]));
  return new Map(
    graph.callSites.map(({ line, targets }) => [
      line,
      targets.flatMap(({ id }) => (id === undefined ? [] : [names.get(id) ?? id])).toSorted(),
    ]),
  );
}

test("of several functions of Python those are meant that the arguments fit", async () => {
  const found = await reached([
    "def one(a): return a",
    "def two(a, b): return b",
    "def named(a, *, last): return last",
    "def many(*all): return all",
    "def maybe(a, b=1): return b",
    "for each in [one, two, named, many, maybe]:",
    "    each(1)",
    "    each(1, 2)",
    "    each(1, last=2)",
    "    each(*[1, 2])",
    "    each(**{})",
  ]);
  expect(found.get(7)).toEqual(["many", "maybe", "named", "one"]);
  expect(found.get(8)).toEqual(["many", "maybe", "two"]);
  expect(found.get(9)).toEqual(["named"]);
  expect(found.get(10)).toEqual(["many", "maybe", "named", "one", "two"]);
  expect(found.get(11)).toEqual(["many", "maybe", "named", "one", "two"]);
});

test("a method is given its receiver first", async () => {
  const found = await reached([
    "class A:",
    "    def run(self): return 1",
    "class B:",
    "    def run(self, n): return n",
    "for each in [A(), B()]:",
    "    each.run()",
    "    each.run(1)",
  ]);
  const graph = await callGraphOf({ "main.py": "class A:\n    def run(self, n): return n\nA.run(A(), 1)\n" });
  expect([found.get(6), found.get(7)]).toEqual([["run"], ["run"]]);
  expect(graph.callSites.some(({ targets }) => targets.some(({ id }) => id === "main.py#A.run"))).toBe(true);
});

test("where no function fits, the call says what was meant", async () => {
  const found = await reached([
    "def one(a): return a",
    "def two(a, b): return b",
    "for each in [one, two]:",
    "    each()",
  ]);
  expect(found.get(4)).toEqual(["one", "two"]);
});
