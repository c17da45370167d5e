import { CASES } from "@drift/corpora/conformance";
import { PYTHON_CASES } from "@drift/corpora/conformance/python";
import { renamedPython } from "@drift/corpora/conformance/python/renamed";
import { describe, expect, test } from "vitest";
import { callGraphOf } from "../conformance/judge.ts";
import type { CallGraph } from "../src/index.ts";
import { renamed, type RenamedProgram } from "@drift/corpora/conformance/renamed";

/** Every call site with its answer, by position alone. */
function edges(graph: CallGraph, { place, member }: Pick<RenamedProgram, "place" | "member">): string[] {
  const functions = new Map(graph.functions.map((one) => [one.id, place(one.file, one.line, one.column)]));
  const named = (external: string): string => external.replaceAll(/[\p{L}\p{N}_$]+/gu, (word) => member(word));
  return graph.callSites
    .map((site) => {
      const targets = site.targets.map(({ id, external, probability }) => {
        const target = id === undefined ? `<${named(external ?? "")}>` : (functions.get(id) ?? id);
        return `${target} ${probability.toFixed(3)}`;
      });
      const span = `${place(site.file, site.line, site.column)}-${place(site.file, site.endLine, site.endColumn)}`;
      const caller = functions.get(site.caller) ?? site.caller;
      return `${site.kind} ${span} in ${caller}: ${site.status} ${site.reason ?? ""} ${targets.sort().join(", ")}`;
    })
    .sort();
}

const asItIs: Pick<RenamedProgram, "place" | "member"> = {
  place: (file, line, column) => `${file}:${line}:${column}`,
  member: (name) => name,
};

describe("with all names changed, the edges are the same", () => {
  test.each(CASES)("$feature: $behaviour", async ({ files, code }) => {
    const program = renamed(files, code);
    expect(edges(await callGraphOf(program.files), asItIs)).toEqual(edges(await callGraphOf(files), program));
  });
});

describe("with the names of a Python program changed, the edges are the same", () => {
  test.each(PYTHON_CASES)("$feature: $behaviour", async ({ files, code }) => {
    const program = renamedPython(files, code);
    expect(edges(await callGraphOf(program.files), asItIs)).toEqual(edges(await callGraphOf(files), program));
  });
});

test("most Python programs have names that are changed", () => {
  const counts = PYTHON_CASES.map(({ files, code }) => renamedPython(files, code).renamed);
  expect(counts.filter((count) => count > 0).length).toBeGreaterThan(PYTHON_CASES.length * 0.9);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(PYTHON_CASES.length * 5);
});

test("most names of the programs are changed", () => {
  const counts = CASES.map(({ files, code }) => renamed(files, code).renamed);
  expect(counts.filter((count) => count > 0).length).toBeGreaterThan(CASES.length * 0.95);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(CASES.length * 6);
});
