/** Runs a tool on the cases of an external suite: read, ask, name, compare. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { SuiteErrata, SuiteFormat, SuiteOutput } from "../schema/suite.ts";
import type { SuiteCase } from "./cases.ts";
import { moduleNames, nameFunctions, type PlacedFunction } from "./name-functions.ts";
import { type Edge, judgeCase, scoreCases } from "./score-edges.ts";

/** Who calls whom in one folder, as a tool says. */
export interface WholeCallGraph {
  functions: PlacedFunction[];
  /** Edges that the tool commits to. A caller is a function's id, or the file whose top level it is. */
  edges: { caller: { id: string } | { module: string }; callee: { id: string } | { outside: string } }[];
}

/** A tool that can say all of a call graph at once. */
export interface SuiteTool {
  name: string;
  version: string;
  callGraph: (folder: string) => Promise<WholeCallGraph>;
}

/**
 * Scores a tool on every case, as published and, with `errata`, as audited.
 *
 * @param options `errata` null: none are applied
 */
export async function runSuite(options: {
  suite: SuiteFormat;
  cases: readonly SuiteCase[];
  tool: SuiteTool;
  errata: SuiteErrata["errata"] | null;
  onProgress?: (done: number, total: number) => void;
}): Promise<SuiteOutput> {
  const { suite, cases, tool, errata } = options;
  const predicted = new Map<string, Edge[]>();
  for (const [index, one] of cases.entries()) {
    options.onProgress?.(index, cases.length);
    predicted.set(one.id, edgesByLabel(await tool.callGraph(one.folder), one, errata ?? []));
  }
  options.onProgress?.(cases.length, cases.length);
  const judge = (labels: (one: SuiteCase) => Edge[], builtins: boolean) =>
    cases.map((one) => judgeCase(one, labels(one), predicted.get(one.id) ?? [], { builtins }));
  const score = (labels: (one: SuiteCase) => Edge[]) => ({
    ...scoreCases(judge(labels, true)),
    noBuiltins: scoreCases(judge(labels, false)),
  });
  const differences = judge(published, false)
    .filter(({ missing, extra }) => missing.length + extra.length > 0)
    .map(({ id, missing, extra }) => ({ case: id, missing: missing.map(mutable), extra: extra.map(mutable) }));
  return {
    schemaVersion: 1,
    suite,
    tool: { name: tool.name, version: tool.version },
    ...score(published),
    audited: errata && { ...score((one) => audited(one, errata)), errata: errata.length },
    differences,
  };
}

function published({ labels }: SuiteCase): Edge[] {
  return Object.entries(labels).flatMap(([caller, callees]) => callees.map((callee): Edge => [caller, callee]));
}

function audited(one: SuiteCase, errata: SuiteErrata["errata"]): Edge[] {
  const own = errata.filter((entry) => entry.case === one.id);
  const removed = new Set(own.flatMap(({ remove }) => remove.map((edge) => JSON.stringify(edge))));
  const kept = published(one).filter((edge) => !removed.has(JSON.stringify(edge)));
  return [...kept, ...own.flatMap(({ add }) => add)];
}

function edgesByLabel(graph: WholeCallGraph, one: SuiteCase, errata: SuiteErrata["errata"]): Edge[] {
  const added = errata.filter((entry) => entry.case === one.id).flatMap(({ add }) => add.flat());
  const labels = new Set([
    ...Object.entries(one.labels).flatMap(([caller, callees]) => [caller, ...callees]),
    ...added,
  ]);
  const names = nameFunctions(graph.functions, labels, (file) => readFileSync(path.join(one.folder, file), "utf8"));
  const moduleLabel = (file: string): string => {
    const all = moduleNames(file);
    return all.find((name) => labels.has(name)) ?? all[0] ?? file;
  };
  return graph.edges.flatMap(({ caller, callee }): Edge[] => {
    const from = "id" in caller ? names.get(caller.id) : moduleLabel(caller.module);
    const to = "id" in callee ? names.get(callee.id) : `<outside>.${callee.outside}`;
    // What the labels have no function for, such as a class without a constructor, is no function here.
    return from === undefined || to === undefined ? [] : [[from, to]];
  });
}

function mutable([caller, callee]: Edge): [string, string] {
  return [caller, callee];
}
