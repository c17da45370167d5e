/** Runs a tool on the cases of an external suite: read, ask, name, compare. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { SuiteErrata, SuiteFormat, SuiteOutput } from "../schema/suite.ts";
import type { SuiteCase } from "./cases.ts";
import { nameFunctions, nameModule, type PlacedFunction } from "./name-functions.ts";
import { type Edge, type JudgedCase, judgeCase, keyOf, scoreCases } from "./score-edges.ts";

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
  const graphs = new Map<string, WholeCallGraph>();
  for (const [index, one] of cases.entries()) {
    options.onProgress?.(index, cases.length);
    graphs.set(one.id, await tool.callGraph(one.folder));
  }
  options.onProgress?.(cases.length, cases.length);
  const score = (labels: (one: SuiteCase) => Edge[]): Scored => {
    const judge = (builtins: boolean): JudgedCase[] =>
      cases.map((one) => {
        const labelled = labels(one);
        const predicted = edgesByLabel(graphs.get(one.id) as WholeCallGraph, one, labelled);
        return judgeCase(one, labelled, predicted, { builtins });
      });
    const withoutBuiltins = judge(false);
    const differences = withoutBuiltins
      .filter(({ missing, extra }) => missing.length + extra.length > 0)
      .map(({ id, missing, extra }) => ({ case: id, missing: missing.map(mutable), extra: extra.map(mutable) }));
    return { ...scoreCases(judge(true)), noBuiltins: scoreCases(withoutBuiltins), differences };
  };
  return {
    schemaVersion: 1,
    suite,
    tool: { name: tool.name, version: tool.version },
    ...score(published),
    audited: errata && { ...score((one) => audited(one, errata)), errata: errata.length },
  };
}

type Scored = Omit<NonNullable<SuiteOutput["audited"]>, "errata">;

function published({ labels }: SuiteCase): Edge[] {
  return Object.entries(labels).flatMap(([caller, callees]) => callees.map((callee): Edge => [caller, callee]));
}

function audited(one: SuiteCase, errata: SuiteErrata["errata"]): Edge[] {
  const own = errata.filter((entry) => entry.case === one.id);
  const edges = (decision: "add" | "remove"): Edge[] =>
    own.filter((entry) => entry.decision === decision).map(({ edge }) => edge);
  const removed = new Set(edges("remove").map(keyOf));
  return [...published(one).filter((edge) => !removed.has(keyOf(edge))), ...edges("add")];
}

function edgesByLabel(graph: WholeCallGraph, one: SuiteCase, labelled: readonly Edge[]): Edge[] {
  const labels = new Set([...Object.keys(one.labels), ...labelled.flat()]);
  const names = nameFunctions(graph.functions, labels, (file) => readFileSync(path.join(one.folder, file), "utf8"));
  const inside = new Set(names.values());
  return graph.edges.flatMap(({ caller, callee }): Edge[] => {
    const from = "id" in caller ? names.get(caller.id) : nameModule(caller.module, labels);
    // A label can mean something outside by its full name, when nothing in the case bears that name.
    const outside = (name: string): string => (labels.has(name) && !inside.has(name) ? name : `<outside>.${name}`);
    const to = "id" in callee ? names.get(callee.id) : outside(callee.outside);
    // What the labels have no function for, such as a class without a constructor, is no function here.
    return from === undefined || to === undefined ? [] : [[from, to]];
  });
}

function mutable([caller, callee]: Edge): [string, string] {
  return [caller, callee];
}
