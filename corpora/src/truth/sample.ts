/** Draws the sites of a large corpus that are kept: seeded, the same for the same sites, rare kinds whole. */
import { createHash } from "node:crypto";
import { isJudged } from "./item-score.ts";
import type { CallGraphTruth, SiteTruth } from "./schema.ts";

/** Sites kept per corpus, so that no corpus outweighs the others. */
export const MAX_SITES = 3_000;
/** Fixed before the first corpus was sampled. */
export const SAMPLE_SEED = 1;
/** Shares within a kind of site: what is not easy tells tools apart, what is not judged only says how much is unknown. */
const WEIGHTS = { hard: 4, easy: 2, unjudged: 1 } as const;
type Group = keyof typeof WEIGHTS;

/** A corpus's truth with the sites that are stored of it, and what there was before. */
export function sampledTruth(truth: CallGraphTruth, limit = MAX_SITES): CallGraphTruth {
  const { sites } = truth;
  if (sites.length <= limit) return truth;
  const unknown = sites.filter((site) => !isJudged(site)).length;
  const easy = sites.filter((site) => site.easy).length;
  const sampled = { seed: SAMPLE_SEED, from: sites.length, unknown, easy };
  return { ...truth, sampled, sites: sampleSites(sites, { limit, seed: SAMPLE_SEED }) };
}

/**
 * At most `limit` of `sites`, in their order. Sites are told apart by kind, and within a kind those that trivial answers
 * do not solve, those that they do, and unjudged ones, which get shares of 4 : 2 : 1. A group with fewer sites is kept
 * whole and leaves its rest to the others, so what is rare is kept. Within a group those with the lowest sha256 of seed
 * and id stay: a site more or less elsewhere hardly changes anything.
 */
export function sampleSites<T extends Pick<SiteTruth, "id" | "stratum" | "easy" | "must" | "closed">>(
  sites: readonly T[],
  { limit, seed }: { limit: number; seed: number },
): T[] {
  if (sites.length <= limit) return [...sites];
  const kept = new Set<string>();
  const kinds = Map.groupBy(sites, (site) => `${site.stratum} ${groupOf(site)}`);
  const groups = [...kinds.values()]
    .map((members) => ({ members, weight: WEIGHTS[groupOf(members[0] as T)] }))
    .sort((a, b) => a.members.length / a.weight - b.members.length / b.weight);
  let left = limit;
  let weights = groups.reduce((sum, { weight }) => sum + weight, 0);
  for (const { members, weight } of groups) {
    const share = Math.min(members.length, Math.floor((left * weight) / weights));
    left -= share;
    weights -= weight;
    for (const { id } of inRandomOrder(members, seed).slice(0, share)) kept.add(id);
  }
  return sites.filter(({ id }) => kept.has(id));
}

/** The same items in an order that follows from seed and ids alone. */
export function inRandomOrder<T extends { id: string }>(items: readonly T[], seed: number): T[] {
  return items
    .map((item) => ({ item, rank: createHash("sha256").update(`${seed} ${item.id}`).digest("hex") }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}

function groupOf(site: Pick<SiteTruth, "easy" | "must" | "closed">): Group {
  return isJudged(site) ? (site.easy ? "easy" : "hard") : "unjudged";
}
