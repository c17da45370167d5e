/** How probable statements about calls are by Drift's call graph: the sum over what it lists that is the target. */
import { readFile } from "node:fs/promises";
import type { CallGraph, CallSite, FunctionSymbol } from "@drift/engine";
import type { PropositionAnswer } from "../schema/answer.ts";
import { ANSWERED, UnlistedTable } from "../schema/calibration.ts";
import type { PropositionItem } from "../schema/task.ts";
import { siteFinder } from "./drift-sites.ts";

/** What the graph says of one statement: how the site is answered, and the probability of the target if it is listed. */
export interface Listing {
  status: (typeof ANSWERED)[number];
  probability: number | null;
  /** Different targets that are listed at the site. */
  targets: number;
}

/**
 * Answers to all statements. Where the site is unknown to the engine, answered `unknown`, or the target is no function to it, it
 * abstains; and so it does of what a run enters where several targets are listed, since the graph says no more than that each of
 * them can be. A target that is not listed is as probable as such targets turned out to be on split `fit` (`calibration unlisted`).
 */
export function propositionsFrom(
  graph: CallGraph,
  items: readonly PropositionItem[],
  { answered }: UnlistedTable,
): PropositionAnswer[] {
  const listingOf = listingFinder(graph);
  return items.map((item) => {
    const listing = listingOf(item);
    if (listing === null) return { itemId: item.id, probability: null };
    if (item.asks === "enters" && listing.targets > 1) {
      return { itemId: item.id, probability: null, reason: `any of ${listing.targets} targets can be entered` };
    }
    return { itemId: item.id, probability: listing.probability ?? answered[listing.status].probability };
  });
}

/** @returns for each statement what is listed; null where the graph says nothing */
export function listingFinder(graph: CallGraph): (item: PropositionItem) => Listing | null {
  const siteOf = siteFinder(graph);
  const functionOf = functionFinder(graph);
  return (item) => {
    const site = siteOf(item);
    const symbol = functionOf(item.target);
    if (site === undefined || symbol === undefined || !isAnswered(site.status)) return null;
    const listed = site.targets.filter(({ id }) => id === symbol.id);
    const sum = listed.reduce((all, { probability }) => all + probability, 0);
    const targets = new Set(site.targets.map(({ id, external }) => id ?? `outside ${external}`)).size;
    return { status: site.status, probability: listed.length === 0 ? null : Math.min(1, sum), targets };
  };
}

function isAnswered(status: CallSite["status"]): status is Listing["status"] {
  return ANSWERED.some((one) => one === status);
}

/** The engine may leave out modifiers and decorators: of the functions that end where the definition does, the outermost within it. */
function functionFinder(graph: CallGraph): (target: PropositionItem["target"]) => FunctionSymbol | undefined {
  const byEnd = Map.groupBy(graph.functions, (one) => endKey(one.file, one));
  return ({ file, span }) =>
    (byEnd.get(endKey(file, span)) ?? [])
      .filter((one) => isBefore(span, one))
      .reduce<FunctionSymbol | undefined>(
        (outer, one) => (outer === undefined || isBefore(one, outer) ? one : outer),
        undefined,
      );
}

function endKey(file: string, { endLine, endColumn }: { endLine: number; endColumn: number }): string {
  return `${file}:${endLine}:${endColumn}`;
}

function isBefore(a: { line: number; column: number }, b: { line: number; column: number }): boolean {
  return a.line < b.line || (a.line === b.line && a.column <= b.column);
}

/** The table that `calibration unlisted` wrote. */
export async function readUnlisted(): Promise<UnlistedTable> {
  return UnlistedTable.parse(JSON.parse(await readFile(new URL("drift-unlisted.json", import.meta.url), "utf8")));
}
