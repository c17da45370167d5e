/** Which of the engine's call sites an item is about. */
import type { CallGraph, CallSite } from "@drift/engine";
import type { CallSiteItem } from "../schema/task.ts";

/** By exact span; undefined where the engine knows no such site. */
export function siteFinder(graph: CallGraph): (item: Pick<CallSiteItem, "file" | "span">) => CallSite | undefined {
  const sites = new Map<string, CallSite>();
  for (const site of graph.callSites) {
    const key = spanKey(site.file, site);
    // A decorator or JSX element may span the same text as a call; the call is what was asked about.
    if (!sites.has(key) || ASKED_KINDS.has(site.kind)) sites.set(key, site);
  }
  return ({ file, span }) => sites.get(spanKey(file, span));
}

const ASKED_KINDS: ReadonlySet<string> = new Set(["call", "new", "optional-call", "tagged-template", "super-call"]);

function spanKey(file: string, span: { line: number; column: number; endLine: number; endColumn: number }): string {
  return `${file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;
}
