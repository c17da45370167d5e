/**
 * What Drift's call graph says about routes: a function is exposed by those whose handler leads to it by calls, unless the check is
 * named where the route is added, or calls of the handler lead to the check. It does not know what checks on a router around them.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CallGraph } from "@drift/engine";
import type { Choice, ChoiceAnswer, ChoiceTask } from "../schema/choice.ts";
import { reachable } from "../reachable.ts";
import { SymbolFinder } from "./drift-symbols.ts";
import { committedTargets } from "./drift-targets.ts";

/** Answers to all questions of a task; `unknown` about functions that the engine did not read. */
export async function routesFrom(graph: CallGraph, task: ChoiceTask, root: string): Promise<ChoiceAnswer[]> {
  const finder = new SymbolFinder(graph);
  const callees = calleesOf(graph);
  const checks = task.items.flatMap(({ subjects }) => subjects.filter(({ role }) => role === "check"));
  const check = checks[0] === undefined ? undefined : finder.of(checks[0]);
  const exposing = new Map<string, ReadonlySet<string>>();
  for (const route of task.choices) {
    const named = finder.namedIn(await textAt(root, route), route.file);
    const reached = reachable(
      named.filter((one) => one !== check).map(({ id }) => id),
      callees,
    );
    const isChecked = check !== undefined && (named.includes(check) || reached.has(check.id));
    exposing.set(route.id, isChecked ? new Set() : reached);
  }
  return task.items.map((item): ChoiceAnswer => {
    const symbol = item.subjects[0] === undefined ? undefined : finder.of(item.subjects[0]);
    if (symbol === undefined) return { itemId: item.id, status: "unknown", reason: "not read", chosen: [] };
    const chosen = item.choices.filter((id) => exposing.get(id)?.has(symbol.id) === true);
    return { itemId: item.id, status: "likely", chosen: chosen.map((choice) => ({ choice, probability: 1 })) };
  });
}

function calleesOf(graph: CallGraph): Map<string, Set<string>> {
  const callees = new Map<string, Set<string>>();
  for (const site of graph.callSites) {
    const known = callees.get(site.caller) ?? new Set();
    callees.set(site.caller, known);
    for (const { id } of committedTargets(site)) if (id !== undefined) known.add(id);
  }
  return callees;
}

async function textAt(root: string, { file, span }: Choice): Promise<string> {
  const lines = (await readFile(join(root, file), "utf8")).split(/\r\n|\n|\r/);
  return lines.slice((span?.line ?? 1) - 1, span?.endLine ?? lines.length).join("\n");
}
