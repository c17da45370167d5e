import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { callGraphOf } from "../conformance/judge.ts";
import type { CallGraph, CallSiteKind } from "../src/index.ts";
import { type NodesOfFile, nodesOf } from "./node-counts.ts";
import { conformanceFiles } from "./programs.ts";

/** Kinds that are no node of their own: sites where a property access or a loop can enter the project. */
const WITHOUT_NODE: ReadonlySet<CallSiteKind> = new Set(["accessor", "iteration"]);
const SAME_NODE: Partial<Record<CallSiteKind, string>> = {
  "optional-call": "call",
  "super-call": "call",
  "dynamic-import": "call",
  require: "call",
};
const CODE = /^(?!.*node_modules\/).*(?<!\.d)\.[cm]?[jt]sx?$/;

/** The files of a package that is installed here, without tests and its own `node_modules`, which the engine leaves out. */
function packageFiles(at: string): Record<string, string> {
  const root = new URL(`../${at}/`, import.meta.url);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.includes("tests/") && (CODE.test(path) || path === "package.json"),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(path, root), "utf8")]));
}

/** What the engine holds of each file, in the words of the independent count. */
function heldBy(graph: CallGraph): Map<string, NodesOfFile> {
  const held = new Map<string, NodesOfFile>();
  const of = (file: string): NodesOfFile => {
    const nodes = held.get(file) ?? { sites: [], functions: [] };
    held.set(file, nodes);
    return nodes;
  };
  for (const { kind, file, endLine, endColumn } of graph.callSites) {
    if (!WITHOUT_NODE.has(kind)) of(file).sites.push(`${SAME_NODE[kind] ?? kind} ${endLine}:${endColumn}`);
  }
  for (const { file, endLine, endColumn } of graph.functions)
    of(file).functions.push(`function ${endLine}:${endColumn}`);
  for (const { sites, functions } of held.values()) {
    sites.sort();
    functions.sort();
  }
  return held;
}

test.each([
  ["the conformance programs", conformanceFiles],
  ["commander", () => packageFiles("../corpora/node_modules/commander")],
  ["execa", () => packageFiles("../corpora/node_modules/execa")],
  ["pacote", () => packageFiles("../corpora/node_modules/pacote")],
  ["the core of zod", () => packageFiles("../corpora/node_modules/zod/src/v4/core")],
  ["the sources of the corpora, in TypeScript", () => packageFiles("../corpora/src")],
])("every call site and function of %s is held, once", async (_, filesOf) => {
  const files = filesOf();
  const graph = await callGraphOf(files);
  const held = heldBy(graph);
  for (const path of Object.keys(files).filter((one) => CODE.test(one))) {
    expect({ path, sites: [], functions: [], ...held.get(path) }).toEqual({
      path,
      ...nodesOf(path, files[path] ?? ""),
    });
  }
  const places = graph.callSites.map(
    ({ file, kind, line, column, endLine, endColumn }) => `${file}:${kind}:${line}:${column}-${endLine}:${endColumn}`,
  );
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(graph.functions.map(({ id }) => id)).size).toBe(graph.functions.length);
});
