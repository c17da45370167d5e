import { PYTHON_CASES } from "@drift/corpora/conformance/python";
import { expect, test } from "vitest";
import { callGraphOf } from "../conformance/judge.ts";
import type { CallGraph } from "../src/index.ts";
import type { NodesOfFile } from "./node-counts.ts";
import { libraryOfPython, nodesOfPython } from "./python-nodes.ts";

/** Every conformance program in a folder of its own; notebooks are left out. */
function programs(): Record<string, string> {
  return Object.fromEntries(
    PYTHON_CASES.flatMap(({ files }, index) =>
      Object.entries(files)
        .filter(([path]) => /\.pyi?$/.test(path))
        .map(([path, text]) => [`case${index}/${path}`, text]),
    ),
  );
}

/** What the engine holds of a file, with what has no place of its own for the other parser counted only. */
function heldBy(graph: CallGraph, file: string, { sites, functions }: NodesOfFile): NodesOfFile {
  const held = {
    sites: graph.callSites
      .filter((site) => site.file === file && (site.kind === "call" || site.kind === "decorator"))
      .map(({ kind, endLine, endColumn }) => `${kind} ${endLine}:${endColumn}`),
    functions: graph.functions
      .filter((one) => one.file === file)
      .map(({ endLine, endColumn }) => `function ${endLine}:${endColumn}`),
  };
  return { sites: placed(held.sites, sites), functions: placed(held.functions, functions) };
}

/** What is held beyond `expected` becomes "in a text", as far as that stands there. */
function placed(held: readonly string[], expected: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of expected) left.set(one, (left.get(one) ?? 0) + 1);
  return held
    .map((one) => {
      const name = (left.get(one) ?? 0) > 0 ? one : `${one.split(" ")[0]} in a text`;
      left.set(name, (left.get(name) ?? 0) - 1);
      return name;
    })
    .sort();
}

test.each([
  ["the conformance programs", programs],
  ["Python's own library", () => libraryOfPython(["asyncio", "collections", "email", "importlib", "json", "unittest"])],
])("every call, decorator and function of %s is held, once", { timeout: 120_000 }, async (_, filesOf) => {
  const files = filesOf();
  const graph = await callGraphOf(files);
  const expected = nodesOfPython(files);
  expect(Object.values(expected).flatMap(({ sites }) => sites).length).toBeGreaterThan(500);
  for (const [path, nodes] of Object.entries(expected)) {
    expect({ path, ...heldBy(graph, path, nodes) }).toEqual({ path, ...nodes });
  }
  const places = graph.callSites.map(
    ({ file, kind, line, column, endLine, endColumn }) => `${file}:${kind}:${line}:${column}-${endLine}:${endColumn}`,
  );
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(graph.functions.map(({ id }) => id)).size).toBe(graph.functions.length);
});
