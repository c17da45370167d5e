/** Expected and maximum calibration error over bins. Pure. */

/** Bins of equal width over [0, 1]; a confidence of 1 lies in the last. */
export const ECE_BINS = 15;

/** Sums of each bin, three numbers a bin: items, their confidences, how many are correct. */
export type BinSums = Float64Array;

export function emptyBins(): BinSums {
  return new Float64Array(3 * ECE_BINS);
}

/** Adds `weight` items of one confidence. */
export function addToBin(sums: BinSums, confidence: number, correct: number, weight: number): void {
  const start = 3 * Math.min(ECE_BINS - 1, Math.floor(confidence * ECE_BINS));
  sums[start] = (sums[start] as number) + weight;
  sums[start + 1] = (sums[start + 1] as number) + weight * confidence;
  sums[start + 2] = (sums[start + 2] as number) + weight * correct;
}

/**
 * ECE = Σ_b (n_b / n) · |correct_b / n_b − confidence_b / n_b|, MCE = the largest of these differences.
 *
 * @param sums of at least one item
 * @returns both in [0, 1]; 0 means calibrated
 * @see Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 2; Naeini et al., AAAI 2015
 */
export function binnedErrors(sums: BinSums): { ece: number; mce: number } {
  let [total, gaps, mce] = [0, 0, 0];
  for (let start = 0; start < sums.length; start += 3) {
    const items = sums[start] as number;
    if (items === 0) continue;
    const gap = Math.abs((sums[start + 2] as number) - (sums[start + 1] as number));
    total += items;
    gaps += gap;
    mce = Math.max(mce, gap / items);
  }
  return { ece: gaps / total, mce };
}
