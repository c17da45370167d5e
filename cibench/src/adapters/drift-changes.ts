/**
 * What Drift's call graph says about a change: the tests from which calls lead to the changed function, those that speak of it first,
 * and, where files are compiled, the files that no longer fit what is there. It has no type checker and runs nothing.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CallGraph, FunctionSymbol } from "@drift/engine";
import { Importers } from "@drift/corpora";
import type { ChangeAnswer } from "../schema/answer.ts";
import type { ChangeItem, ChangeTask } from "../schema/task.ts";
import { reachable } from "../reachable.ts";
import { compileBreaks, isTyped } from "./drift-compile-breaks.ts";
import { committedTargets } from "./drift-targets.ts";
import { RelevantTests } from "./drift-relevant-tests.ts";

type Break = ChangeAnswer["breaks"][number];

/** Answers to all changes of a task, from one graph of the unchanged project. */
export async function changesFrom(graph: CallGraph, task: ChangeTask, root: string): Promise<ChangeAnswer[]> {
  const callers = new Callers(graph);
  const importers = await Importers.of(root);
  const texts = new Map<string, string>();
  const importing = task.files.flatMap((file) => [...importers.all(file)]);
  for (const file of new Set([...task.files, ...task.testFiles, ...importing])) {
    texts.set(file, await readFile(join(root, file), "utf8").catch(() => ""));
  }
  const relevant = new RelevantTests(task.testFiles, texts);
  const project = { texts, importersOf: (file: string): ReadonlySet<string> => new Set(importers.all(file)) };
  return task.items.map((item) => {
    const changed = callers.changedBy(item);
    const broken = isTyped(item.file)
      ? compileBreaks(item, project, callers.filesCalling(changed.map(({ id }) => id)))
      : new Set<string>();
    const breaks = [
      // What does not compile is not tested.
      ...(broken.size > 0 ? [] : failing(item, { callers, changed, relevant, task })),
      ...[...broken].sort().map((file): Break => ({ what: "compile", file, probability: COMPILES_NOT })),
    ];
    return { itemId: item.id, status: "likely", breaks };
  });
}

/** How probable it is that a file does not compile where it is said so here. No corpus of split `fit` has such changes. */
const COMPILES_NOT = 0.8;

interface Known {
  callers: Callers;
  changed: readonly Changed[];
  relevant: RelevantTests;
  task: ChangeTask;
}

/** Test files that lead to the change. Where there are many, those that share most words with it. */
function failing(item: ChangeItem, { callers, changed, relevant, task: { testFiles } }: Known): Break[] {
  const ids = changed.map(({ id }) => id);
  const leading = (isLoose: boolean): string[] => {
    const reached = callers.filesLeadingTo(ids, isLoose);
    return testFiles.filter((file) => reached.has(file));
  };
  const called = leading(false);
  const reached = called.length > 0 ? called : leading(true);
  const probability = item.operator === "shift-boundary" ? BOUNDARY_BREAKS : BREAKS;
  const kept = new Set(reached.length > FEW ? relevant.among(reached, item, changed) : reached);
  return reached.map((file): Break => ({ what: "test", file, probability: kept.has(file) ? probability : LESS }));
}

/** Of changes other than shifted boundaries that tests of split `fit` run, 416 of 473 broke one (`change-probabilities.test.ts`). */
export const BREAKS = 0.88;
/** Of shifted boundaries 44 of 82 did: hardly more than a toss-up, so the answer stays just below what counts as a claim. */
export const BOUNDARY_BREAKS = 0.49;
/** Of test files that are reached and not kept. An assumption: few of them break. */
const LESS = 0.05;
/** With so many test files or fewer all are taken to run the change. */
const FEW = 3;

/** A function, or the top level of a file, that a change lies in. */
interface Changed {
  id: string;
  /** Its lines. */
  line: number;
  endLine: number;
}

/** The graph, read from callee to caller. */
class Callers {
  /** Functions, or top levels, that call one. */
  readonly #of = new Map<string, Set<string>>();
  /** The same, with the code around each, which makes it, whoever calls it then. */
  readonly #loosely = new Map<string, Set<string>>();
  readonly #byFile: ReadonlyMap<string, readonly FunctionSymbol[]>;
  readonly #fileOf = new Map<string, string>();

  constructor(graph: CallGraph) {
    this.#byFile = Map.groupBy(graph.functions, ({ file }) => file);
    const add = (of: Map<string, Set<string>>, id: string, caller: string): void => {
      of.set(id, (of.get(id) ?? new Set()).add(caller));
    };
    for (const { id, file } of graph.functions) this.#fileOf.set(id, file);
    for (const site of graph.callSites) {
      this.#fileOf.set(site.caller, site.file);
      for (const { id } of committedTargets(site)) {
        if (id === undefined) continue;
        add(this.#of, id, site.caller);
        add(this.#loosely, id, site.caller);
      }
    }
    for (const symbol of graph.functions) {
      const around = this.#around(symbol);
      add(this.#loosely, symbol.id, around);
      // A function within a function is entered by calls of that one, as far as is known.
      if (around !== moduleOf(symbol.file)) add(this.#of, symbol.id, around);
    }
  }

  /** The function around a change; outside of all of them the top level, and all functions of the file, which see it. */
  changedBy({ file, span }: ChangeItem): Changed[] {
    const inner = this.#innermost(file, { line: span.line, column: span.column });
    const all = inner === null ? this.#functionsOf(file) : [inner];
    const found = all.map(({ id, line, endLine }) => ({ id, line, endLine }));
    return inner === null ? [{ id: moduleOf(file), line: span.line, endLine: span.endLine }, ...found] : found;
  }

  /** Files of everything from which calls lead to one of these, their own included. */
  filesLeadingTo(ids: readonly string[], isLoose: boolean): Set<string> {
    return this.#filesOf(reachable(ids, isLoose ? this.#loosely : this.#of));
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
