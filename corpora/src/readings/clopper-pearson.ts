/** Exact interval of a share that was counted. Pure. */

/**
 * Clopper and Pearson's interval: the shares p for which neither `successes` or fewer nor `successes` or more of `n` fair
 * draws with p would be rarer than (1 - level) / 2.
 *
 * @param successes in [0, n]
 * @param n at least 1
 * @see Clopper and Pearson, "The Use of Confidence or Fiducial Limits", Biometrika 26, 1934
 */
export function clopperPearson(successes: number, n: number, level = 0.95): { low: number; high: number } {
  const tail = (1 - level) / 2;
  return {
    low: successes === 0 ? 0 : solve((p) => 1 - atMost(successes - 1, n, p) < tail),
    high: successes === n ? 1 : solve((p) => atMost(successes, n, p) > tail),
  };
}

/** The share in [0, 1] up to which `holds` is true. */
function solve(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X <= k) for X of the binomial distribution of n draws with p in (0, 1): term by term, each from the one before. */
function atMost(k: number, n: number, p: number): number {
  const odds = Math.log(p) - Math.log1p(-p);
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let i = 0; i < k; i++) {
    term += Math.log(n - i) - Math.log(i + 1) + odds;
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}
