/** P-values of a family of tests, adjusted for how many there are. */

/**
 * Benjamini and Hochberg: rejecting what is at most q keeps the expected share of wrong rejections at q.
 *
 * @param ps in [0, 1]
 * @returns adjusted, in [0, 1], in the order given
 * @see Benjamini and Hochberg, "Controlling the False Discovery Rate", JRSS B 57, 1995
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).toSorted((a, b) => (ps[b] as number) - (ps[a] as number));
  const adjusted: number[] = ps.map(() => 1);
  let least = 1;
  order.forEach((i, position) => {
    least = Math.min(least, ((ps[i] as number) * ps.length) / (ps.length - position));
    adjusted[i] = least;
  });
  return adjusted;
}
