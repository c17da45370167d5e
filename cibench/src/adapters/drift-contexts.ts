/**
 * What Drift's call graph says one has to read: the functions that calls of a function may enter, the most probable first, then what
 * these call; the calls that may enter it; for a test file all functions that calls lead to from there, the nearest first.
 */
import type { CallGraph, CallSite, FunctionSymbol } from "@drift/engine";
import type { ContextAnswer, ContextItem, ContextTask, Excerpt } from "../schema/context.ts";
import { SymbolFinder } from "./drift-symbols.ts";
import { committedTargets } from "./drift-targets.ts";

/** Answers to all questions of a task; nothing about functions that the engine did not read. */
export function contextsFrom(graph: CallGraph, task: ContextTask): ContextAnswer[] {
  const reader = new GraphReader(graph, task);
  return task.items.map((item) => ({ itemId: item.id, excerpts: reader.excerptsFor(item) }));
}

/** As many as are worth reading: far more than the largest budget pays for. */
const MOST_EXCERPTS = 300;

class GraphReader {
  readonly #finder: SymbolFinder;
  readonly #functions: ReadonlyMap<string, FunctionSymbol>;
  readonly #sitesOf: ReadonlyMap<string, readonly CallSite[]>;
  readonly #calling = new Map<string, { site: CallSite; probability: number }[]>();
  readonly #callers: ReadonlyMap<string, readonly string[]>;
  readonly #files: ReadonlySet<string>;

  constructor(graph: CallGraph, { files }: ContextTask) {
    this.#finder = new SymbolFinder(graph);
    this.#functions = new Map(graph.functions.map((symbol) => [symbol.id, symbol]));
    this.#sitesOf = Map.groupBy(graph.callSites, ({ caller }) => caller);
    this.#callers = Map.groupBy(this.#sitesOf.keys(), (caller) => this.#sitesOf.get(caller)?.[0]?.file ?? "");
    this.#files = new Set(files);
    for (const site of graph.callSites) {
      for (const { id, probability } of site.targets) {
        if (id === undefined) continue;
        const known = this.#calling.get(id) ?? [];
        this.#calling.set(id, known);
        known.push({ site, probability });
      }
    }
  }

  excerptsFor({ kind, subject }: ContextItem): Excerpt[] {
    const { file } = subject;
    const isElsewhere = (one: { file: string }): boolean => one.file !== file && this.#files.has(one.file);
    const excerpts = (): Excerpt[] => {
      if (kind === "breaks") return this.#inOrder(this.#reachedFrom(this.#callers.get(file) ?? []));
      const symbol = this.#finder.of(subject);
      if (symbol === undefined) return [];
      return kind === "callers" ? this.#callsOf(symbol) : this.#callees(symbol, isElsewhere);
    };
    return excerpts().filter(isElsewhere).slice(0, MOST_EXCERPTS);
  }

  #callsOf({ id }: FunctionSymbol): Excerpt[] {
    const calls = (this.#calling.get(id) ?? []).toSorted((a, b) => b.probability - a.probability);
    return distinct(calls.map(({ site }) => ({ file: site.file, line: site.line, endLine: site.endLine })));
  }

  /** Those that are entered from its own text, then what calls lead to from there, at the end what is only possible. */
  #callees(symbol: FunctionSymbol, isElsewhere: (one: FunctionSymbol) => boolean): Excerpt[] {
    const within = this.#within(symbol);
    const sites = within.flatMap((id) => this.#sitesOf.get(id) ?? []);
    const entered = this.#targets(sites.flatMap(committedTargets));
    const possible = this.#targets(
      sites.flatMap(({ targets }) => targets).toSorted((a, b) => b.probability - a.probability),
    );
    const direct = entered.filter(isElsewhere);
    const next = this.#reachedFrom(direct.map(({ id }) => id));
    return this.#inOrder([...direct, ...possible, ...next]);
  }

  #within(symbol: FunctionSymbol): string[] {
    const nested = [...this.#functions.values()].filter(
      (one) => one.file === symbol.file && one.line >= symbol.line && one.endLine <= symbol.endLine,
    );
    return [...new Set([symbol.id, ...nested.map(({ id }) => id)])];
  }

  /** In the order of how many calls lead there. */
  #reachedFrom(callers: readonly string[]): FunctionSymbol[] {
    const reached = new Set<FunctionSymbol>();
    let pending = callers;
    while (pending.length > 0 && reached.size < MOST_EXCERPTS) {
      const sites = pending.flatMap((caller) => this.#sitesOf.get(caller) ?? []);
      const next = this.#targets(sites.flatMap(committedTargets)).filter((one) => !reached.has(one));
      for (const one of next) reached.add(one);
      pending = next.map(({ id }) => id);
    }
    return [...reached];
  }

  #targets(targets: readonly { id?: string | undefined }[]): FunctionSymbol[] {
    return [...new Set(targets.flatMap(({ id }) => this.#functions.get(id ?? "") ?? []))];
  }

  #inOrder(functions: readonly FunctionSymbol[]): Excerpt[] {
    return distinct(functions.map(({ file, line, endLine }) => ({ file, line, endLine })));
  }
}

/** Without those whose lines lie in an earlier one. */
function distinct(excerpts: readonly Excerpt[]): Excerpt[] {
  const kept: Excerpt[] = [];
  for (const one of excerpts) {
    const isRead = kept.some((read) => read.file === one.file && read.line <= one.line && read.endLine >= one.endLine);
    if (!isRead) kept.push(one);
  }
  return kept;
}
