/** What a gate can see, and how many pairs it needs for that. Pure; `seed` draws the simulated gates. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { probit, quantileSorted } from "simple-statistics";
import { hodgesLehmann, lowerBound } from "../stats/signed-rank.ts";
import type { DetectableEffect, GateSettings } from "./schema.ts";

/** Differences below which nothing is drawn again: the formula answers instead. */
const FEWEST_DRAWN = 10;
/** Profiles this long are drawn in blocks of neighbours, which keeps what one moment did to several pairs together. */
const BLOCKS_FROM = 60;
const BLOCK = 6;
const GATES = 600;
const POWER = 0.9;

export interface DetectionOptions extends Pick<GateSettings, "screenAlpha" | "q" | "seed"> {
  /** Cases of the family. */
  family: number;
  screenPairs: number;
  confirmPairs: number;
  /** Log ratio that does not count. */
  margin: number;
}

/**
 * The least worsening that the whole rule finds in 9 of 10 gates, if it is the only one of the family.
 *
 * Gates are drawn from `differences`, moved so that their centre is no change. A worsening e passes a stage exactly when
 * the stage's lower bound plus e is above the margin, so each drawn gate has a least e: the larger of its two stages. The
 * answer is the 0.9 quantile of those.
 *
 * @param differences log ratios of code that did not change, or of this run
 * @param basis what `differences` are
 */
export function detectableEffect(
  differences: readonly number[],
  basis: "profile" | "this-run",
  options: DetectionOptions,
): DetectableEffect {
  const { screenAlpha, q, family, screenPairs, confirmPairs } = options;
  if (2 ** -screenPairs > screenAlpha || 2 ** -confirmPairs > q / family) return { effect: null, basis };
  if (differences.length < FEWEST_DRAWN) {
    const sd = standardDeviation(differences);
    return { effect: sd === null ? null : Math.expm1(byFormula(sd, options)), basis: "formula" };
  }
  return { effect: Math.expm1(Math.max(0, quantileSorted([...leastEffects(differences, options)], POWER))), basis };
}

/**
 * How often the whole rule finds a worsening `share`, if it is the only one of the family: the share of drawn gates whose
 * least effect it reaches.
 *
 * @param differences at least 10
 */
export function detectionPower(differences: readonly number[], share: number, options: DetectionOptions): number {
  const { screenAlpha, q, family, screenPairs, confirmPairs } = options;
  if (2 ** -screenPairs > screenAlpha || 2 ** -confirmPairs > q / family) return 0;
  const least = leastEffects(differences, options);
  return least.filter((effect) => effect <= Math.log1p(share)).length / least.length;
}

/** The least log ratio that each of many drawn gates finds, ascending. */
function leastEffects(differences: readonly number[], options: DetectionOptions): Float64Array {
  const { screenAlpha, q, family, screenPairs, confirmPairs, margin } = options;
  const centre = hodgesLehmann(differences, 0.95).estimate;
  const random = xoroshiro128plus(options.seed);
  const block = differences.length >= BLOCKS_FROM ? BLOCK : 1;
  const draw = (n: number): number[] => {
    const drawn: number[] = [];
    while (drawn.length < n) {
      const from = uniformInt(random, 0, differences.length - 1);
      for (let i = 0; i < block && drawn.length < n; i++)
        drawn.push((differences[(from + i) % differences.length] as number) - centre);
    }
    return drawn;
  };
  return Float64Array.from({ length: GATES }, () =>
    Math.max(
      margin - (lowerBound(draw(screenPairs), screenAlpha) as number),
      margin - (lowerBound(draw(confirmPairs), q / family) as number),
    ),
  ).sort();
}

/** margin + (z_{1-alpha} + z_power) · sd / sqrt(0.955 K), of the second stage alone. */
function byFormula(sd: number, { q, family, confirmPairs, margin }: DetectionOptions): number {
  return margin + ((probit(1 - q / family) + probit(POWER)) * sd) / Math.sqrt(0.955 * confirmPairs);
}

/**
 * How many pairs a stage needs to see `target` in 19 of 20 gates: the formula above, solved for K. It looks at the width of
 * the differences' interval alone, never at where it lies, so that going on measuring favours no verdict.
 *
 * @param differences at least 5
 * @param alpha of the stage
 * @param target log ratio to be seen, above `margin`
 */
export function pairsWanted(
  differences: readonly number[],
  { alpha, margin, target }: { alpha: number; margin: number; target: number },
): number {
  const sd = standardDeviation(differences);
  if (sd === null) return Infinity;
  return Math.ceil((((probit(1 - alpha) + probit(0.95)) * sd) / (target - margin)) ** 2 / 0.955);
}

/** From the width of the 95 % interval, which does not mind a few outliers; null below two differences. */
export function standardDeviation(differences: readonly number[]): number | null {
  if (differences.length < 2) return null;
  const { low, high, level } = hodgesLehmann(differences, 0.95);
  return ((high - low) / (2 * probit((1 + level) / 2))) * Math.sqrt(0.955 * differences.length);
}
