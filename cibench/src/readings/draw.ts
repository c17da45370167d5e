/** Draws edges of a call graph to be read by hand. Pure. */
import { drawByHash } from "@drift/corpora";
import type { CallGraph } from "@drift/engine";
import { committedTargets } from "../adapters/drift-targets.ts";
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
 * Draws `count` of all edges to functions of the project that the tool commits to, as
 * {@link drawByHash} does. In the order of file and line.
 *
 * @returns `from`: how many there are
 */
export function drawEdges({ graph, files, count, seed, linesOf }: DrawOptions): { from: number; edges: ReadEdge[] } {
  const functions = new Map(graph.functions.map((symbol) => [symbol.id, symbol]));
  const all = graph.callSites
    .filter(({ file }) => files.has(file))
    .flatMap((site) =>
      committedTargets(site).flatMap(({ id, probability }): ReadEdge[] => {
        const symbol = id === undefined ? undefined : functions.get(id);
        if (symbol === undefined) return [];
        const { file, line, column, kind } = site;
        const text = (linesOf(file)[line - 1] ?? "").slice(column - 1, column - 1 + SHOWN_TEXT);
        return [
          {
            site: { file, line, column, kind, text },
            target: {
              file: symbol.file,
              line: symbol.line,
              column: symbol.column,
              name: symbol.name,
              kind: symbol.kind,
            },
            probability,
            verdict: null,
            why: null,
          },
        ];
      }),
    );
  return { from: all.length, edges: drawByHash(all, edgeKey, { count, seed }) };
}

/** What makes two edges the same, in one version of a corpus. */
export function edgeKey({ site, target }: Pick<ReadEdge, "site" | "target">): string {
  const place = ({ file, line, column, kind }: { file: string; line: number; column: number; kind: string }): string =>
    `${kind} ${file}:${line}:${column}`;
  return `${place(site)} ${place(target)}`;
}
