/** From what a tool proposes at each call site to edges that truth says are right or wrong. Pure. */
import type { CallGraphTruth, SiteTruth } from "@drift/corpora";
import { allowedKeys, predictedKey, targetKey } from "../evaluators/graph-edges.ts";
import { definitionLocator } from "../evaluators/locate-definition.ts";
import type { AnswerTarget } from "../schema/answer.ts";
import type { Evidence } from "../schema/calibration.ts";

/** One target that a tool proposes at a site. */
export interface Candidate {
  target: AnswerTarget;
  evidence: Evidence;
  /** How many candidates of this kind the site has, itself included. */
  among: number;
}

/** A candidate that truth decides. */
export interface Edge {
  evidence: Evidence;
  among: number;
  /** As stated by the tool. */
  probability: number;
  right: boolean;
  /** Edges of one file are alike; files are what is resampled. */
  file: string;
  /** Who decides: a closed set of targets, or the run of a site whose set is open. */
  by: "closed" | "ran";
}

/** The edges of one corpus. */
export interface CorpusEdges {
  id: string;
  version: string;
  kind: "real" | "synthetic";
  edges: readonly Edge[];
}

/**
 * The candidates that truth decides, in the order of its sites.
 *
 * Whether a site counts never depends on what is proposed there, or right edges would be seen more often than wrong
 * ones:
 *
 * - Where the set is closed, *must* is right, what is allowed (*may*, callbacks) is left out, all else is wrong.
 * - Where it is open and the site ran, what was entered is right, what is allowed is left out, and all else is wrong:
 *   other input might have entered it, so these labels make probabilities too low rather than too high.
 * - Elsewhere only right edges can be known; such sites are left out.
 *
 * The outside is one target, as everywhere in CIBench. A definition proposed twice counts once.
 *
 * @param candidates by site id
 */
export function labelEdges(candidates: ReadonlyMap<string, readonly Candidate[]>, truth: CallGraphTruth): Edge[] {
  const locate = definitionLocator(truth.definitions);
  return truth.sites.flatMap((site) => {
    const by = decidedBy(site);
    if (by === null) return [];
    const right = new Set((by === "closed" ? site.must : site.traced).map(targetKey));
    const leftOut = allowedKeys(site)
      .union(new Set(site.must.map(targetKey)))
      .difference(right);
    return distinct(candidates.get(site.id) ?? [], (target) => predictedKey(target, locate)).flatMap(
      ([key, { evidence, among, target }]) =>
        leftOut.has(key)
          ? []
          : [{ evidence, among, probability: target.probability, right: right.has(key), file: site.file, by }],
    );
  });
}

/** Counts of labelled edges, as records keep them. */
export function countEdges({ id, version, edges }: Omit<CorpusEdges, "kind">): {
  id: string;
  version: string;
  closed: number;
  ran: number;
  right: number;
} {
  const count = (isCounted: (edge: Edge) => boolean): number => edges.filter(isCounted).length;
  return {
    id,
    version,
    closed: count(({ by }) => by === "closed"),
    ran: count(({ by }) => by === "ran"),
    right: count(({ right }) => right),
  };
}

function decidedBy(site: SiteTruth): Edge["by"] | null {
  if (site.closed) return "closed";
  return site.traced.length > 0 ? "ran" : null;
}

/** Of candidates that mean the same target the most probable, names outside being one target. */
function distinct(candidates: readonly Candidate[], keyOf: (target: AnswerTarget) => string): [string, Candidate][] {
  const found = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = keyOf(candidate.target);
    const known = found.get(key);
    if (known === undefined || known.target.probability < candidate.target.probability) found.set(key, candidate);
  }
  return [...found];
}
