/** From what a tool proposes at each call site to edges that truth says are right or wrong. Pure. */
import type { CallGraphTruth, SiteTruth } from "@drift/corpora";
import { allowedKeys, predictedKey, targetKey } from "../evaluators/graph-edges.ts";
import { definitionLocator } from "../evaluators/locate-definition.ts";
import type { AnswerTarget } from "../schema/answer.ts";
import type { CalibrationCorpus, Evidence } from "../schema/calibration.ts";

/** One target that a tool proposes at a site. */
export interface Candidate {
  target: AnswerTarget;
  evidence: Evidence;
  /** Of how many it is one, itself included. */
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
  /** The call site, within its corpus: edges of one are right or wrong together more often than not. */
  site: string;
  /**
   * Who decides: a closed set of targets, or the run of a site whose set is open. `unentered`: it did not enter the
   * target there, and no site of the corpus did, so that nothing is known of it.
   */
  by: "closed" | "ran" | "unentered";
}

/** What a reliability diagram needs to know of an edge, or of whatever else was given a probability. */
export type StatedEdge = Pick<Edge, "probability" | "right" | "file">;

export interface StatedEdges {
  id: string;
  edges: readonly StatedEdge[];
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
 * - Where it is open and the site ran, what was entered is right, what is allowed is left out, and what was entered
 *   elsewhere only is wrong: other input might have entered it, which makes probabilities too low.
 * - There a target that no site entered is `unentered`, and `right` is false. Tests that never run a function cannot
 *   show from where it is called, so what is fitted or measured leaves such edges out; a function that only tests or
 *   sites left out of the truth entered is among them, which makes probabilities too high.
 * - Elsewhere only right edges can be known; such sites are left out.
 *
 * The outside is one target, as everywhere in CIBench. A definition proposed twice counts once.
 *
 * @param candidates by site id
 */
export function labelEdges(candidates: ReadonlyMap<string, readonly Candidate[]>, truth: CallGraphTruth): Edge[] {
  const locate = definitionLocator(truth.definitions);
  const entered = enteredKeys(truth);
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
          : [
              {
                evidence,
                among,
                probability: target.probability,
                right: right.has(key),
                file: site.file,
                site: site.id,
                by: by === "ran" && !entered.has(key) ? "unentered" : by,
              },
            ],
    );
  });
}

/** The corpora without the edges of which nothing is known. */
export function knownEdges(corpora: readonly CorpusEdges[]): CorpusEdges[] {
  return corpora.map((corpus) => ({ ...corpus, edges: corpus.edges.filter(({ by }) => by !== "unentered") }));
}

/** Counts of labelled edges, as records keep them. */
export function countEdges({ id, version, edges }: Omit<CorpusEdges, "kind">): CalibrationCorpus {
  const count = (isCounted: (edge: Edge) => boolean): number => edges.filter(isCounted).length;
  return {
    id,
    version,
    closed: count(({ by }) => by === "closed"),
    ran: count(({ by }) => by === "ran"),
    unentered: count(({ by }) => by === "unentered"),
    right: count(({ right }) => right),
  };
}

/** What some site was seen to enter, the outside included. */
function enteredKeys({ sites }: CallGraphTruth): Set<string> {
  return new Set([
    targetKey({ external: "" }),
    ...sites.flatMap((site) => [...site.traced.map(targetKey), ...site.callbacks]),
  ]);
}

function decidedBy(site: SiteTruth): "closed" | "ran" | null {
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
