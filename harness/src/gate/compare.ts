/** Paired raw values of many cases in, one verdict each out. Pure; `seed` draws the resamples of the smallest effect. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileSorted } from "simple-statistics";
import * as z from "zod";
import { benjaminiHochberg } from "../stats/false-discovery.ts";
import { hodgesLehmann, lowerBound, signedRankP } from "../stats/signed-rank.ts";
import { Verdict } from "./schema.ts";

/** What was measured of one case: `base[i]` and `head[i]` ran back to back. */
export const PairedCase = z.strictObject({
  id: z.string().min(1),
  /** Which way is better: lower for times and sizes, higher for rates. */
  direction: z
    .enum(["lower", "higher", "lower-is-better", "higher-is-better"])
    .transform((text) => (text.startsWith("lower") ? "lower" : "higher"))
    .default("lower"),
  base: z.array(z.number().positive()),
  head: z.array(z.number().positive()),
});
export type PairedCase = z.infer<typeof PairedCase>;

/** What the pairs of one case say. Ratios are head / base in the case's own unit, whichever direction is better. */
export const CaseComparison = z.strictObject({
  id: z.string(),
  verdict: Verdict,
  /** Why it is inconclusive; null otherwise. */
  reason: z.string().nullable(),
  pairs: z.int().nonnegative(),
  /** Hodges-Lehmann estimate of head / base; null without pairs. */
  ratio: z.number().positive().nullable(),
  /** Exact signed-rank interval of `ratio`, and its coverage, which few pairs keep below the wanted one. */
  interval: z.strictObject({ low: z.number(), high: z.number(), level: z.number() }).nullable(),
  /** One-sided p of "worse by more than the margin", before and after correction for all cases. */
  p: z.number(),
  adjustedP: z.number(),
  /** The same for "better by more than the margin", a family of its own. */
  improvementP: z.number(),
  adjustedImprovementP: z.number(),
  /**
   * Least worsening, as a share of the base, that would be found in 9 of 10 such comparisons if it were the only one;
   * null when so few pairs can find none.
   */
  smallestDetectableEffect: z.number().nullable(),
});
export type CaseComparison = z.infer<typeof CaseComparison>;

export interface CompareOptions {
  /** Worsening that does not count, as a share of the base. */
  margin: number;
  /** Share of wrong reds among the reds. */
  q: number;
  /** Change, as a share, within which a case may be called unchanged. */
  unchangedWithin: number;
  seed: number;
}

export const COMPARE_DEFAULTS: CompareOptions = { margin: 0.02, q: 0.05, unchangedWithin: 0.05, seed: 1 };

/** Pairs below which nothing is said: the least p that they can give is 2^-4. */
const FEWEST_PAIRS = 5;
const LEVEL = 0.95;
const POWER = 0.9;
const RESAMPLES = 500;

/**
 * Tests each case's log ratios against the margin with the one-sided signed-rank test, once, and corrects over all cases
 * with Benjamini and Hochberg's step.
 *
 * A case is regressed (improved) when the corrected p is at most `q`; unchanged when its interval is no wider than the band
 * of the margin, from -margin to +margin, and lies within `unchangedWithin`; inconclusive otherwise.
 *
 * @param cases ids distinct; `base` and `head` equally long
 */
export function compareCases(cases: readonly PairedCase[], options: CompareOptions): CaseComparison[] {
  const margin = Math.log1p(options.margin);
  const measured = cases.map((one) => ({ one, worse: logRatios(one) }));
  const enough = (differences: readonly number[]): boolean => differences.length >= FEWEST_PAIRS;
  const worseP = measured.map(({ worse }) => (enough(worse) ? signedRankP(worse.map((d) => d - margin)) : 1));
  const betterP = measured.map(({ worse }) => (enough(worse) ? signedRankP(worse.map((d) => -d - margin)) : 1));
  const adjustedP = benjaminiHochberg(worseP);
  const adjustedImprovementP = benjaminiHochberg(betterP);
  return measured.map(({ one, worse }, i) => {
    const found = { p: worseP[i], adjustedP: adjustedP[i], improvementP: betterP[i] } as Pick<
      CaseComparison,
      "p" | "adjustedP" | "improvementP"
    >;
    const improved = adjustedImprovementP[i] as number;
    const centre = worse.length === 0 ? null : hodgesLehmann(worse, LEVEL);
    return {
      id: one.id,
      ...decide(centre, { ...found, adjustedImprovementP: improved, pairs: worse.length }, options),
      pairs: worse.length,
      ...asRatio(one, centre),
      ...found,
      adjustedImprovementP: improved,
      smallestDetectableEffect: smallestDetectableEffect(worse, options.q / cases.length, options),
    };
  });
}

/** Logs of how many times worse the head was, pair by pair. */
function logRatios({ base, head, direction }: PairedCase): number[] {
  const sign = direction === "lower" ? 1 : -1;
  return base.map((value, i) => sign * (Math.log(head[i] as number) - Math.log(value)));
}

type Centre = ReturnType<typeof hodgesLehmann>;

function decide(
  centre: Centre | null,
  tests: { adjustedP: number; adjustedImprovementP: number; pairs: number },
  { q, margin, unchangedWithin }: CompareOptions,
): { verdict: Verdict; reason: string | null } {
  if (centre === null || tests.pairs < FEWEST_PAIRS)
    return { verdict: "inconclusive", reason: `${tests.pairs} of at least ${FEWEST_PAIRS} pairs` };
  if (tests.adjustedP <= q) return { verdict: "regressed", reason: null };
  if (tests.adjustedImprovementP <= q) return { verdict: "improved", reason: null };
  if (centre.high - centre.low > 2 * Math.log1p(margin))
    return { verdict: "inconclusive", reason: "the interval is wider than the margin's band" };
  if (Math.max(centre.high, -centre.low) > Math.log1p(unchangedWithin))
    return { verdict: "inconclusive", reason: "a change larger than may be called unchanged is possible" };
  return { verdict: "unchanged", reason: null };
}

/** The ratio in the case's own unit: for a rate, twice as bad is half as much. */
function asRatio({ direction }: PairedCase, centre: Centre | null): Pick<CaseComparison, "ratio" | "interval"> {
  if (centre === null) return { ratio: null, interval: null };
  const { estimate, low, high, level } = centre;
  return direction === "lower"
    ? { ratio: Math.exp(estimate), interval: { low: Math.exp(low), high: Math.exp(high), level } }
    : { ratio: Math.exp(-estimate), interval: { low: Math.exp(-high), high: Math.exp(-low), level } };
}

/**
 * Pairs are drawn again from those measured, moved so that their centre is no change. The test at `alpha` finds a
 * worsening e in such a draw exactly when the draw's lower bound plus e is above the margin, so the least e of a draw is
 * the margin minus that bound, and of all draws the {@link POWER} quantile.
 */
export function smallestDetectableEffect(
  worse: readonly number[],
  alpha: number,
  { margin, seed }: Pick<CompareOptions, "margin" | "seed">,
): number | null {
  if (worse.length < FEWEST_PAIRS || lowerBound(worse, alpha) === null) return null;
  const centre = hodgesLehmann(worse, LEVEL).estimate;
  const random = xoroshiro128plus(seed);
  const least = Float64Array.from({ length: RESAMPLES }, () => {
    const draw = worse.map(() => (worse[uniformInt(random, 0, worse.length - 1)] as number) - centre);
    return Math.log1p(margin) - (lowerBound(draw, alpha) as number);
  });
  return Math.expm1(Math.max(0, quantileSorted([...least.sort()], POWER)));
}
