/** Draws the sites of a large corpus that are kept: seeded, the same for the same sites, rare kinds whole. */
import { createHash } from "node:crypto";
import { isJudged } from "./item-score.ts";
import type { CallGraphTruth, SiteTruth } from "./schema.ts";

/** Sites kept per corpus, so that no corpus outweighs the others. */
export const MAX_SITES = 4_000;
/** Of easy sites of one kind no more are kept than this, or than {@link EASY_PER_HARD} for each hard one. */
export const MAX_EASY = 250;
const EASY_PER_HARD = 3;
/** Fixed before the first corpus was sampled. */
export const SAMPLE_SEED = 1;
/** Shares within a kind of site: what is not easy tells tools apart, what is not judged only says how much is unknown. */
const WEIGHTS = { hard: 4, easy: 2, unjudged: 1 } as const;
type Group = keyof typeof WEIGHTS;

/** A corpus's truth with the sites that are stored of it, and what there was before. */
export function sampledTruth(truth: CallGraphTruth, limit = MAX_SITES): CallGraphTruth {
  const { sites } = truth;
  const kept = sampleSites(sites, { limit, seed: SAMPLE_SEED });
  if (kept.length === sites.length) return truth;
  const unknown = sites.filter((site) => !isJudged(site)).length;
  const easy = sites.filter((site) => site.easy).length;
  return { ...truth, sampled: { seed: SAMPLE_SEED, from: sites.length, unknown, easy }, sites: kept };
}

/**
 * At most `limit` of `sites`, in their order. Sites are told apart by kind, and within a kind those that trivial answers
 * do not solve (hard), those that they do (easy), and unjudged ones. Of easy ones at most {@link MAX_EASY} are kept, or
 * three for each hard one: more of them tell nothing new. What is still too much is cut to shares of 4 : 2 : 1; a group
 * with fewer sites is kept whole and leaves its rest to the others, so what is rare is kept. Within a group those with
 * the lowest sha256 of seed and id stay: a site more or less elsewhere hardly changes anything.
 */
export function sampleSites<T extends Pick<SiteTruth, "id" | "stratum" | "easy" | "must" | "closed">>(
  sites: readonly T[],
  { limit, seed }: { limit: number; seed: number },
): T[] {
  const groups = [...Map.groupBy(sites, ({ stratum }) => stratum).values()].flatMap((kind) => {
    const { hard = [], easy = [], unjudged = [] } = Object.groupBy(kind, groupOf);
    const mostEasy = Math.max(MAX_EASY, EASY_PER_HARD * hard.length);
    return [
      { members: hard, weight: WEIGHTS.hard, most: hard.length },
      { members: easy, weight: WEIGHTS.easy, most: Math.min(easy.length, mostEasy) },
      { members: unjudged, weight: WEIGHTS.unjudged, most: unjudged.length },
    ];
  });
  groups.sort((a, b) => a.most / a.weight - b.most / b.weight);
  const kept = new Set<string>();
  let left = limit;
  let weights = groups.reduce((sum, { weight }) => sum + weight, 0);
  for (const { members, weight, most } of groups) {
    const share = Math.min(most, Math.floor((left * weight) / weights));
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
