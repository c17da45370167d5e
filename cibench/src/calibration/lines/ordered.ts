/** How well confidence tells right from wrong, whatever its scale: AUROC and risk-coverage. Pure. */

/** Items of one confidence, the most confident group first. */
export interface Group {
  correct: number;
  wrong: number;
}

/**
 * The chance that a correct item has more confidence than a wrong one, ties counting one half (Mann-Whitney).
 *
 * @returns NaN where all are correct, or all wrong
 * @see Hanley and McNeil, Radiology 143 (1982)
 */
export function auroc(groups: readonly Group[]): number {
  let [above, pairs, wrongs] = [0, 0, 0];
  for (const { correct, wrong } of groups) {
    pairs += wrong * (above + correct / 2);
    above += correct;
    wrongs += wrong;
  }
  return pairs / (above * wrongs);
}

/**
 * Area under the risk-coverage curve: the mean over k of the share of wrong ones among the k most confident. Within one
 * confidence the order is random, and the expectation counts.
 *
 * @returns NaN without items
 * @see Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017; Geifman et al., ICLR 2019
 */
export function riskCoverageArea(groups: readonly Group[]): number {
  let [covered, wrongs, area] = [0, 0, 0];
  for (const { correct, wrong } of groups) {
    const size = correct + wrong;
    if (size === 0) continue;
    // Σ over k of (wrongs + wrong · (k − covered) / size) / k, with k from covered + 1 to covered + size.
    area += (wrongs - (wrong * covered) / size) * (harmonic(covered + size) - harmonic(covered)) + wrong;
    covered += size;
    wrongs += wrong;
  }
  return area / covered;
}

/** The share of wrong ones among the most confident share of items; at the edge of a group its own share. */
export function riskAt(groups: readonly Group[], coverage: number): number {
  const total = groups.reduce((sum, { correct, wrong }) => sum + correct + wrong, 0);
  const wanted = Math.max(1, Math.round(coverage * total));
  let [covered, wrongs] = [0, 0];
  for (const { correct, wrong } of groups) {
    const taken = Math.min(correct + wrong, wanted - covered);
    if (taken <= 0) break;
    wrongs += (wrong * taken) / (correct + wrong);
    covered += taken;
  }
  return wrongs / covered;
}

const harmonics = [0];

function harmonic(n: number): number {
  for (let next = harmonics.length; next <= n; next++) harmonics.push((harmonics[next - 1] as number) + 1 / next);
  return harmonics[n] as number;
}
