/** Draws edges of a call graph to be read by hand. Pure. */
import type { CallGraph, CallSite, CallTarget, FunctionSymbol } from "@drift/engine";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { committedTargets } from "../adapters/drift.ts";
import type { ReadEdge } from "../schema/reading.ts";

/** Characters of a call that are shown. */
const SHOWN_TEXT = 120;

export interface DrawOptions {
  graph: Pick<CallGraph, "functions" | "callSites">;
  /** Calls in other files are not drawn. */
  files: ReadonlySet<string>;
  count: number;
  seed: number;
  /** Lines of a file, without their ends. */
  linesOf: (file: string) => readonly string[];
}

/**
 * Draws `count` of all edges to functions of the project that the tool commits to, each as likely as any other, without
 * putting back; in the order of file and line.
 *
 * @returns `from`: how many there are
 */
export function drawEdges({ graph, files, count, seed, linesOf }: DrawOptions): { from: number; edges: ReadEdge[] } {
  const functions = new Map(graph.functions.map((symbol) => [symbol.id, symbol]));
  const all = graph.callSites
    .filter(({ file }) => files.has(file))
    .flatMap((site) =>
      committedTargets(site).flatMap((target): [CallSite, CallTarget, FunctionSymbol][] => {
        const symbol = target.id === undefined ? undefined : functions.get(target.id);
        return symbol === undefined ? [] : [[site, target, symbol]];
      }),
    );
  const random = xoroshiro128plus(seed);
  const order = all.map((_, i) => i);
  const drawn = Math.min(count, all.length);
  for (let i = 0; i < drawn; i++) {
    const j = uniformInt(random, i, order.length - 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const edges = order
    .slice(0, drawn)
    .toSorted((a, b) => a - b)
    .map((i): ReadEdge => {
      const [{ file, line, column }, { probability }, symbol] = all[i] as [CallSite, CallTarget, FunctionSymbol];
      const text = (linesOf(file)[line - 1] ?? "").slice(column - 1, column - 1 + SHOWN_TEXT);
      return {
        site: { file, line, column, text },
        target: { file: symbol.file, line: symbol.line, column: symbol.column, name: symbol.name, kind: symbol.kind },
        probability,
        verdict: null,
        why: null,
      };
    });
  return { from: all.length, edges };
}
