/** Draws edges of a call graph to be read by hand. Pure. */
import type { CallGraph } from "@drift/engine";
import { committedTargets } from "../adapters/drift-targets.ts";
import { sha256 } from "../canonical-json.ts";
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
 * Draws `count` of all edges to functions of the project that the tool commits to, each as likely as any other: those
 * whose hash with the seed is smallest. So an edge that was drawn stays when others come or go, and what was read of it
 * still counts. In the order of file and line.
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
  const drawn = new Set(
    all
      .map((edge): [string, ReadEdge] => [sha256(`${seed} ${edgeKey(edge)}`), edge])
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, count)
      .map(([, edge]) => edge),
  );
  return { from: all.length, edges: all.filter((edge) => drawn.has(edge)) };
}

/** What makes two edges the same, in one version of a corpus. */
export function edgeKey({ site, target }: Pick<ReadEdge, "site" | "target">): string {
  const place = ({ file, line, column, kind }: { file: string; line: number; column: number; kind: string }): string =>
    `${kind} ${file}:${line}:${column}`;
  return `${place(site)} ${place(target)}`;
}

/** Edges as they were drawn, with what was read of those that had been drawn before. */
export function keepVerdicts(drawn: readonly ReadEdge[], before: readonly ReadEdge[]): ReadEdge[] {
  const known = new Map(before.map((edge) => [edgeKey(edge), edge]));
  return drawn.map((edge) => {
    const { verdict, why } = known.get(edgeKey(edge)) ?? edge;
    return { ...edge, verdict, why };
  });
}
