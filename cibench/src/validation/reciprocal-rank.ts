/** Where the first relevant candidate stands. Pure. */

/** Candidates with one score. */
export interface ScoredGroup {
  relevant: number;
  other: number;
}

/**
 * 1 / rank of the first relevant candidate, as the expectation over all orders of candidates with equal scores.
 *
 * @param groups from the highest score to the lowest
 * @returns in [0, 1]; 0 where nothing is relevant
 * @see Voorhees, "The TREC-8 Question Answering Track Report" (1999)
 */
export function reciprocalRank(groups: readonly ScoredGroup[]): number {
  let before = 0;
  for (const { relevant, other } of groups) {
    if (relevant > 0) return expectedReciprocal(before, relevant, other);
    before += other;
  }
  return 0;
}

/** Σ over k of P(the first relevant one is the k-th of its group) / (before + k). */
function expectedReciprocal(before: number, relevant: number, other: number): number {
  let [sum, noneYet, left] = [0, 1, relevant + other];
  for (let k = 1; k <= other + 1; k++, left--) {
    const chance = relevant / left;
    sum += (noneYet * chance) / (before + k);
    noneYet *= 1 - chance;
  }
  return sum;
}
