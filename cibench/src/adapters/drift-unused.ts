/** What Drift's call graph says about functions that nothing needs: no calls lead to them from the program, or from tests alone. */
import type { CallGraph, FunctionSymbol } from "@drift/engine";
import type { Choice, ChoiceAnswer, ChoiceTask } from "../schema/choice.ts";
import { reachable } from "../reachable.ts";
import { isTestFile } from "./text-functions.ts";

/** Answers about functions; which file to edit is nothing that a call graph knows. */
export function unusedFrom(graph: CallGraph, task: ChoiceTask): ChoiceAnswer[] {
  const byPlace = new Map(graph.functions.map((one) => [`${one.file}:${one.line}`, one]));
  const { program, tests } = needed(graph);
  const choices = new Map(task.choices.map((choice) => [choice.id, choice]));
  return task.items.map(({ id: itemId, kind, choices: offered }): ChoiceAnswer => {
    const known = offered.flatMap((id) => symbolOf(choices.get(id), byPlace) ?? []);
    if (kind === "edit" || known.length === 0)
      return { itemId, status: "unknown", reason: "no call graph says so", chosen: [] };
    const chosen = offered.filter((id) => {
      const symbol = symbolOf(choices.get(id), byPlace);
      if (symbol === undefined || program.has(symbol.id)) return false;
      return tests.has(symbol.id) === (kind === "test-only");
    });
    return { itemId, status: "likely", chosen: chosen.map((choice) => ({ choice, probability: 1 })) };
  });
}

function symbolOf(
  choice: Choice | undefined,
  byPlace: ReadonlyMap<string, FunctionSymbol>,
): FunctionSymbol | undefined {
  return choice?.span == null ? undefined : byPlace.get(`${choice.file}:${choice.span.line}`);
}

/**
 * What the program leads to, and what any function of a test file leads to; every listed target counts. Functions of the program that
 * nothing calls may be called by something that was not followed, so what they call is not for tests alone.
 */
function needed(graph: CallGraph): { program: Set<string>; tests: Set<string> } {
  const callees = new Map<string, Set<string>>();
  const add = (from: string, to: string): void => {
    callees.set(from, (callees.get(from) ?? new Set()).add(to));
  };
  const roots = { program: new Set<string>(), tests: new Set<string>() };
  for (const { file, caller, targets } of graph.callSites) {
    if (isTestFile(file)) roots.tests.add(caller);
    else if (caller.endsWith("#<module>")) roots.program.add(caller);
    for (const { id } of targets) if (id !== undefined) add(caller, id);
  }
  // What is written within a function is made by it, whoever calls it then.
  for (const own of Map.groupBy(graph.functions, ({ file }) => file).values()) {
    for (const one of own) for (const outer of own) if (outer !== one && contains(outer, one)) add(outer.id, one.id);
  }
  const called = new Set([...callees.values()].flatMap((some) => [...some]));
  const uncalled = graph.functions.filter(({ id, file }) => !called.has(id) && !isTestFile(file)).map(({ id }) => id);
  const program = reachable([...roots.program, ...uncalled], callees);
  // Of these themselves nothing says that they are needed.
  for (const id of uncalled) program.delete(id);
  return { program, tests: reachable(roots.tests, callees) };
}

function contains(outer: FunctionSymbol, inner: FunctionSymbol): boolean {
  const startsBefore = outer.line < inner.line || (outer.line === inner.line && outer.column <= inner.column);
  const endsAfter =
    outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn);
  return startsBefore && endsAfter;
}
