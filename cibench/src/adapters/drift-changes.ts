/**
 * What Drift's call graph says about a change: the tests from which calls lead to the changed function, and, where files are
 * compiled, the files that call what is no longer there. It has no type checker and runs nothing.
 */
import type { CallGraph, FunctionSymbol } from "@drift/engine";
import type { ChangeAnswer } from "../schema/answer.ts";
import type { ChangeItem, ChangeTask } from "../schema/task.ts";
import { reachable } from "../reachable.ts";
import { committedTargets } from "./drift-targets.ts";

type Break = ChangeAnswer["breaks"][number];

/** Answers to all changes of a task, from one graph of the unchanged project. */
export function changesFrom(graph: CallGraph, task: ChangeTask): ChangeAnswer[] {
  const callers = new Callers(graph);
  const tests = new Set(task.testFiles);
  return task.items.map((item) => {
    const changed = callers.changedBy(item);
    const reached = callers.filesLeadingTo(changed);
    const failing = [...reached].filter((file) => tests.has(file)).sort();
    const breaks = [
      ...failing.map((file): Break => ({ what: "test", file, probability: 1 })),
      ...notCompiling(item, changed, callers).map((file): Break => ({ what: "compile", file, probability: 1 })),
    ];
    return { itemId: item.id, status: "likely", breaks };
  });
}

/** Calls of a function that wants another argument first, in files with types. */
function notCompiling({ operator, file }: ChangeItem, changed: readonly string[], callers: Callers): string[] {
  if (operator !== "add-parameter" || !/\.[cm]?tsx?$/.test(file)) return [];
  return [...callers.filesCalling(changed)].sort();
}

/** The graph, read from callee to caller. */
class Callers {
  /** Functions, or top levels, that call one. */
  readonly #of = new Map<string, Set<string>>();
  readonly #byFile: ReadonlyMap<string, readonly FunctionSymbol[]>;
  readonly #fileOf = new Map<string, string>();

  constructor(graph: CallGraph) {
    this.#byFile = Map.groupBy(graph.functions, ({ file }) => file);
    for (const { id, file } of graph.functions) this.#fileOf.set(id, file);
    for (const site of graph.callSites) {
      this.#fileOf.set(site.caller, site.file);
      for (const { id } of committedTargets(site)) {
        if (id !== undefined) this.#of.set(id, (this.#of.get(id) ?? new Set()).add(site.caller));
      }
    }
    // What is written within a function is made by it, whoever calls it then.
    for (const symbol of graph.functions) {
      const around = this.#around(symbol);
      this.#of.set(symbol.id, (this.#of.get(symbol.id) ?? new Set()).add(around));
    }
  }

  /** The function around a change; outside of all of them the top level, and all functions of the file, which see it. */
  changedBy({ file, span }: ChangeItem): string[] {
    const inner = this.#innermost(file, { ...span, line: span.line, column: span.column });
    return inner === null ? [moduleOf(file), ...this.#functionsOf(file).map(({ id }) => id)] : [inner.id];
  }

  /** Files of everything from which calls lead to one of these, their own included. */
  filesLeadingTo(ids: readonly string[]): Set<string> {
    return this.#filesOf(reachable(ids, this.#of));
  }

  /** Files that call one of these directly. */
  filesCalling(ids: readonly string[]): Set<string> {
    return this.#filesOf(ids.flatMap((id) => [...(this.#of.get(id) ?? [])].filter((caller) => caller !== id)));
  }

  #filesOf(ids: Iterable<string>): Set<string> {
    return new Set([...ids].flatMap((id) => this.#fileOf.get(id) ?? []));
  }

  #functionsOf(file: string): readonly FunctionSymbol[] {
    return this.#byFile.get(file) ?? [];
  }

  /** The function, or top level, in whose text another lies. */
  #around(symbol: FunctionSymbol): string {
    const outer = this.#innermost(symbol.file, symbol, symbol.id);
    return outer?.id ?? moduleOf(symbol.file);
  }

  #innermost(file: string, at: { line: number; column: number }, except?: string): FunctionSymbol | null {
    const containing = this.#functionsOf(file).filter((one) => one.id !== except && contains(one, at));
    return containing.reduce<FunctionSymbol | null>(
      (inner, one) => (inner === null || contains(inner, one) ? one : inner),
      null,
    );
  }
}

function moduleOf(file: string): string {
  return `${file}#<module>`;
}

function contains(symbol: FunctionSymbol, { line, column }: { line: number; column: number }): boolean {
  const startsBefore = symbol.line < line || (symbol.line === line && symbol.column <= column);
  const endsAfter = symbol.endLine > line || (symbol.endLine === line && symbol.endColumn > column);
  return startsBefore && endsAfter;
}
