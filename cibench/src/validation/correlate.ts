/** How far two series agree. Pure; NaN where one of them is constant or there are fewer than two pairs. */

/** Product-moment correlation, in [−1, 1]. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const [x, y] = [value - meanA, (b[index] as number) - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  // A sum of squares that rounding alone made is none.
  if (isConstant(a) || isConstant(b)) return Number.NaN;
  return Math.max(-1, Math.min(1, both / Math.sqrt(squareA * squareB)));
}

/** Pearson's coefficient of average ranks. @see Spearman, American Journal of Psychology 15 (1904) */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(averageRanks(a), averageRanks(b));
}

/**
 * Kendall's tau-b: (concordant − discordant) / √((n₀ − ties in a)(n₀ − ties in b)), with n₀ = n (n − 1) / 2 pairs. O(n²).
 *
 * @see Kendall, Biometrika 33 (1945)
 */
export function kendall(a: readonly number[], b: readonly number[]): number {
  let [balance, untiedA, untiedB] = [0, 0, 0];
  for (let one = 1; one < a.length; one++) {
    for (let other = 0; other < one; other++) {
      const [x, y] = [sign(a, one, other), sign(b, one, other)];
      balance += x * y;
      untiedA += x * x;
      untiedB += y * y;
    }
  }
  return balance / Math.sqrt(untiedA * untiedB);
}

/** Ranks from 1 on; equal values share the mean of theirs. */
export function averageRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).toSorted((x, y) => (values[x] as number) - (values[y] as number));
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++;
    for (let at = from; at <= to; at++) ranks[order[at] as number] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function sign(values: readonly number[], one: number, other: number): number {
  return Math.sign((values[one] as number) - (values[other] as number));
}
