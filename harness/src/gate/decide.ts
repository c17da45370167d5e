/** Pairs of processes in, a verdict for each case out. Pure: whoever has the pairs and the settings decides the same. */
import { quantileSorted } from "simple-statistics";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { hodgesLehmann } from "../stats/signed-rank.ts";
import { decideCount, isCount } from "./counts.ts";
import { detectableEffect, pairsWanted } from "./detectable.ts";
import { quarantineReason, type SeriesNoise, seriesName } from "./noise-profile.ts";
import type { CaseVerdict, GateSettings, Pair, PairedSamples, Verdict } from "./schema.ts";
import { type StagedDifferences, type StagedP, testFamily } from "./two-stage.ts";

const LEVEL = 0.95;

/** What is known of a testbed's noise, by {@link seriesName}. */
export type Noise = ReadonlyMap<string, SeriesNoise>;

/**
 * Decides all cases of one gate together.
 *
 * A timed case is regressed (improved) when screening suspected it and the confirming pairs' p, corrected over all timed
 * cases, is at most `q`; unchanged when its interval lies within `unchangedWithin`; inconclusive otherwise. Counts are
 * compared, not tested. A quarantined case is never regressed.
 *
 * @returns by effect, the worst first
 */
export function decideGate(samples: readonly PairedSamples[], settings: GateSettings, noise: Noise): CaseVerdict[] {
  const timed = samples.filter((one) => !isCount(one));
  const staged = timed.map((one) => stagedDifferences(one, settings, noise.get(seriesName(one))));
  const { worse, better } = testFamily(staged, settings);
  const verdicts = timed.map((one, i) =>
    decideTimed(one, staged[i] as StagedDifferences, {
      worse: worse[i] as StagedP,
      better: better[i] as StagedP,
      family: timed.length,
      settings,
      noise: noise.get(seriesName(one)),
    }),
  );
  const counted = samples.filter(isCount).map((one) => decideCount(one, settings, noise.get(seriesName(one))));
  return [...verdicts, ...counted].toSorted((a, b) => worsening(b) - worsening(a));
}

/** What a gate as a whole says: red only for what is regressed, and never green where something could not be told. */
export function overallVerdict(
  cases: readonly Pick<CaseVerdict, "verdict">[],
  scores: readonly { decision: Pick<CaseVerdict, "verdict"> }[] = [],
): Verdict {
  const order: readonly Verdict[] = ["regressed", "inconclusive", "improved"];
  const all = [...cases, ...scores.map(({ decision }) => decision)];
  return order.find((one) => all.some(({ verdict }) => verdict === one)) ?? "unchanged";
}

/** Logs of how many times worse the head was, pair by pair. */
export function logRatios(pairs: readonly Pair[], direction: "lower" | "higher"): number[] {
  return pairs.map(({ base, head }) => logWorsening(base.value, head.value, direction));
}

/** Log of how many times worse the head is: above 0 when a time rose or a rate fell. */
export function logWorsening(base: number, head: number, direction: "lower" | "higher"): number {
  return direction === "lower" ? Math.log(head / base) : Math.log(base / head);
}

/**
 * Log ratio that does not count for a case: that of the settings, or the 95th percentile of what gates of its stored
 * differences of identical code estimate, if that is larger.
 */
export function caseMargin(settings: GateSettings, noise: SeriesNoise | undefined): number {
  const asked = Math.log1p(settings.margin);
  const differences = noise?.differences ?? [];
  if (differences.length < LONG_PROFILE) return asked;
  const random = xoroshiro128plus(settings.seed);
  const estimates = Float64Array.from({ length: 200 }, () => {
    const from = uniformInt(random, 0, differences.length - 1);
    const block = Array.from(
      { length: settings.confirmPairs },
      (_, i) => differences[(from + i) % differences.length] as number,
    );
    return Math.abs(hodgesLehmann(block, LEVEL).estimate);
  });
  return Math.max(asked, quantileSorted([...estimates.sort()], 0.95));
}

/** Differences of identical code from which a margin of a case's own is taken. */
const LONG_PROFILE = 60;

export function stagedDifferences(
  { pairs, direction }: PairedSamples,
  settings: GateSettings,
  noise: SeriesNoise | undefined,
): StagedDifferences {
  const of = (stage: Pair["stage"]): number[] =>
    logRatios(
      pairs.filter((pair) => pair.stage === stage),
      direction,
    );
  return { screen: of("screen"), confirm: of("confirm"), margin: caseMargin(settings, noise) };
}

interface Findings {
  worse: StagedP;
  better: StagedP;
  family: number;
  settings: GateSettings;
  noise: SeriesNoise | undefined;
}

function decideTimed(one: PairedSamples, staged: StagedDifferences, found: Findings): CaseVerdict {
  const { caseId, metric, unit, direction } = one;
  const { settings, family, noise, worse, better } = found;
  const { screen, confirm, margin } = staged;
  const suspected = Math.min(worse.screenP, better.screenP) <= settings.screenAlpha;
  // Pairs that made a case a suspect overstate its effect, so a suspect is estimated from the fresh ones.
  const estimated = suspected && confirm.length > 0 ? confirm : [...screen, ...confirm];
  const centre = estimated.length === 0 ? null : hodgesLehmann(estimated, LEVEL);
  const detectable = detectableOf(staged, found);
  const quarantine = quarantineReason(noise, {
    ...settings,
    family,
    margin,
    confirmPairs: plannedConfirmPairs(staged, settings, family),
  });
  const decided = decide(centre, { suspected, confirmed: confirm.length > 0, worse, better, settings });
  const held = quarantine !== null && decided.verdict !== "unchanged";
  return {
    ...{ caseId, metric, unit, direction },
    channel: "time",
    verdict: held ? "inconclusive" : decided.verdict,
    reason: held ? quarantine : decided.reason,
    quarantined: quarantine !== null,
    screenPairs: screen.length,
    confirmPairs: confirm.length,
    ...asRatio(direction, centre),
    screenP: worse.screenP,
    confirmP: worse.confirmP,
    adjustedP: worse.adjustedP,
    adjustedImprovementP: better.adjustedP,
    margin: Math.expm1(margin),
    detectable,
  };
}

type Centre = ReturnType<typeof hodgesLehmann>;

function decide(
  centre: Centre | null,
  {
    suspected,
    confirmed,
    worse,
    better,
    settings,
  }: { suspected: boolean; confirmed: boolean; worse: StagedP; better: StagedP; settings: GateSettings },
): { verdict: Verdict; reason: string | null } {
  if (centre === null) return { verdict: "inconclusive", reason: "the budget ended before its first pair" };
  if (worse.adjustedP <= settings.q) return { verdict: "regressed", reason: null };
  if (better.adjustedP <= settings.q) return { verdict: "improved", reason: null };
  if (centre.level >= LEVEL && Math.max(centre.high, -centre.low) <= Math.log1p(settings.unchangedWithin))
    return { verdict: "unchanged", reason: null };
  if (suspected && !confirmed)
    return { verdict: "inconclusive", reason: "suspected, but the budget ended before it could be confirmed" };
  return {
    verdict: "inconclusive",
    reason: `a change larger than ${percent(settings.unchangedWithin)} can be neither shown nor ruled out`,
  };
}

/** Whether a screening's interval is still too wide to see what should be seen. */
export function wantsMorePairs(
  { screen, margin }: Pick<StagedDifferences, "screen" | "margin">,
  { screenAlpha, mostPairs, unchangedWithin }: GateSettings,
): boolean {
  if (screen.length >= mostPairs || screen.length < FEWEST_SCREEN) return false;
  const target = Math.max(Math.log1p(unchangedWithin), margin * 2);
  return pairsWanted(screen, { alpha: screenAlpha, margin, target }) > screen.length;
}

/** Rounds between two looks at the widths. */
export const WIDEN_BY = 4;

/** Pairs below which a screening says nothing: 2^-5 is below its alpha. */
export const FEWEST_SCREEN = 5;

/** Fresh pairs that a suspect gets: more than asked for where the screening's interval was wide. */
export function plannedConfirmPairs(
  { screen, margin }: Pick<StagedDifferences, "screen" | "margin">,
  { q, confirmPairs, mostPairs, unchangedWithin }: GateSettings,
  family: number,
): number {
  const target = Math.max(Math.log1p(unchangedWithin), margin * 2);
  const wanted = screen.length < 5 ? confirmPairs : pairsWanted(screen, { alpha: q / family, margin, target });
  return Math.min(Math.max(wanted, confirmPairs), Math.max(mostPairs, confirmPairs));
}

function detectableOf(staged: StagedDifferences, { family, settings, noise }: Findings): CaseVerdict["detectable"] {
  const { screen, confirm, margin } = staged;
  const profile = noise?.differences ?? [];
  const options = {
    ...settings,
    family,
    screenPairs: screen.length,
    confirmPairs: confirm.length > 0 ? confirm.length : plannedConfirmPairs(staged, settings, family),
    margin,
  };
  return profile.length >= 20
    ? detectableEffect(profile, "profile", options)
    : detectableEffect([...screen, ...confirm], "this-run", options);
}

/** The ratio in the case's own unit: for a rate, twice as bad is half as much. */
function asRatio(direction: "lower" | "higher", centre: Centre | null): Pick<CaseVerdict, "ratio" | "interval"> {
  if (centre === null) return { ratio: null, interval: null };
  const { estimate, low, high, level } = centre;
  return direction === "lower"
    ? { ratio: Math.exp(estimate), interval: { low: Math.exp(low), high: Math.exp(high), level } }
    : { ratio: Math.exp(-estimate), interval: { low: Math.exp(-high), high: Math.exp(-low), level } };
}

function worsening({ ratio, direction }: CaseVerdict): number {
  if (ratio === null) return -Infinity;
  return direction === "higher" ? 1 / ratio : ratio;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
