/** What an answer to one item is worth, by the rules of the call-graph score: trivial answers are judged with it. */
import type { SiteTruth, Target } from "./schema.ts";

/** Everything outside a corpus is one target: names of outside functions are shown, never compared. */
export const OUTSIDE = "external";

/** The identity of a target: a definition's id, or {@link OUTSIDE}. */
export function keyOf(target: Target): string {
  return "definition" in target ? target.definition : OUTSIDE;
}

/** True when the item is judged: a target is certain, or others are excluded. */
export function isJudged(site: Pick<SiteTruth, "must" | "closed">): boolean {
  return site.must.length > 0 || site.closed;
}

/**
 * F1 of the edges of one item: 2TP / (2TP + FP + FN), in [0, 1].
 *
 * True positives are claimed ∩ must; false negatives must ∖ claimed; claims outside must, may and callbacks are false
 * positives where the set is closed. Where it is open only the first claims, twice as many as there are known targets,
 * can be right. Null when nothing is known, or when a site without a certain target saw no excluded claim.
 *
 * @param claims distinct keys as of {@link keyOf}, the most probable first
 */
export function scoreItem(
  site: Pick<SiteTruth, "must" | "may" | "callbacks" | "closed">,
  claims: readonly string[],
): number | null {
  if (!isJudged(site)) return null;
  const must = new Set(site.must.map(keyOf));
  const allowed = new Set([...site.may.map(keyOf), ...site.callbacks]).difference(must);
  const countable = site.closed ? claims : claims.slice(0, 2 * (must.size + allowed.size));
  const right = countable.filter((key) => must.has(key)).length;
  const wrong = site.closed ? claims.filter((key) => !must.has(key) && !allowed.has(key)).length : 0;
  if (must.size === 0) return wrong > 0 ? 0 : null;
  return (2 * right) / (right + wrong + must.size);
}
