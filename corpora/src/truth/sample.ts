/** Draws the sites of a large corpus that are kept: seeded, the same for the same sites, rare kinds whole. */
import { createHash } from "node:crypto";
import { isJudged } from "./item-score.ts";
import type { CallGraphTruth, SiteTruth } from "./schema.ts";

/** Sites kept per corpus, so that no corpus outweighs the others. */
export const MAX_SITES = 4_500;
/** Fixed before the first corpus was sampled. */
export const SAMPLE_SEED = 1;

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
 * At most `limit` of `sites`, in their order. Sites are told apart by kind, and within a kind those that trivial
 * answers solve, those that they do not, and unjudged ones. Each of these groups gets the same share of the limit; one
 * with fewer sites is kept whole and leaves its rest to the others, so what is rare (and mostly hard) is kept. Within a
 * group those with the lowest sha256 of seed and id stay: a site more or less elsewhere hardly changes anything.
 */
export function sampleSites<T extends Pick<SiteTruth, "id" | "stratum" | "easy" | "must" | "closed">>(
  sites: readonly T[],
  { limit, seed }: { limit: number; seed: number },
): T[] {
  if (sites.length <= limit) return [...sites];
  const kept = new Set<string>();
  const groups = [...Map.groupBy(sites, groupOf).values()].sort((a, b) => a.length - b.length);
  let left = limit;
  groups.forEach((group, index) => {
    const share = Math.min(group.length, Math.floor(left / (groups.length - index)));
    left -= share;
    for (const { id } of inRandomOrder(group, seed).slice(0, share)) kept.add(id);
  });
  return sites.filter(({ id }) => kept.has(id));
}

/** The same items in an order that follows from seed and ids alone. */
export function inRandomOrder<T extends { id: string }>(items: readonly T[], seed: number): T[] {
  return items
    .map((item) => ({ item, rank: createHash("sha256").update(`${seed} ${item.id}`).digest("hex") }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}

function groupOf(site: Pick<SiteTruth, "stratum" | "easy" | "must" | "closed">): string {
  return `${site.stratum} ${isJudged(site) ? (site.easy ? "easy" : "hard") : "unjudged"}`;
}
