/** How far two judges of answers agree: Cohen's kappa with its interval over questions. Pure. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { ConceptState, FreeTextAgreement, FreeTextVerdict } from "../../schema/free-text.ts";
import { estimate, mixSeed, RESAMPLES } from "../../scores/bootstrap.ts";

/** What two judges, of whom the first is the measure, say of one answer; states concept by concept. */
export interface Judged {
  itemId: string;
  verdicts: readonly [FreeTextVerdict, FreeTextVerdict];
  states: (readonly [ConceptState, ConceptState])[];
}

type Pair = readonly [string | boolean, string | boolean];

/** Of the verdict `right` against all others, and of the states. Questions are resampled with all their answers. */
export function agreement(part: string, judged: readonly Judged[], seed: number): FreeTextAgreement {
  const verdicts = judged.map(({ verdicts: [one, other] }): Pair => [one === "right", other === "right"]);
  // Where the labels are all alike, chance explains everything.
  const hasBoth = new Set(verdicts.map(([label]) => label)).size === 2;
  const byItem = [...Map.groupBy(judged.keys(), (index) => judged[index]?.itemId).values()];
  const rng = xoroshiro128plus(mixSeed(seed, "free text"));
  const draws = Float64Array.from({ length: hasBoth ? RESAMPLES : 0 }, () =>
    cohenKappa(
      byItem.flatMap(() =>
        (byItem[uniformInt(rng, 0, byItem.length - 1)] ?? []).map((index) => verdicts[index] as Pair),
      ),
    ),
  );
  const kappa = estimate({
    value: hasBoth ? cohenKappa(verdicts) : Number.NaN,
    n: judged.length,
    clusters: byItem.length,
    draws,
  });
  const stateKappa = hasBoth ? cohenKappa(judged.flatMap(({ states }) => states)) : Number.NaN;
  return {
    part,
    answers: judged.length,
    agreement: judged.length === 0 ? null : verdicts.filter(([a, b]) => a === b).length / judged.length,
    kappa: kappa.value,
    kappaLow: kappa.low,
    kappaHigh: kappa.high,
    stateKappa: Number.isNaN(stateKappa) ? null : stateKappa,
  };
}

/**
 * κ = (observed − expected) / (1 − expected) agreement of two judges.
 *
 * @returns NaN where both say the same one thing of everything
 * @see Cohen, Educational and Psychological Measurement 20 (1960)
 */
export function cohenKappa(pairs: readonly Pair[]): number {
  const n = pairs.length;
  const observed = pairs.filter(([a, b]) => a === b).length / n;
  const labels = [...new Set(pairs.flat())];
  const share = (label: string | boolean, judge: 0 | 1): number =>
    pairs.filter((pair) => pair[judge] === label).length / n;
  const expected = labels.reduce((sum, label) => sum + share(label, 0) * share(label, 1), 0);
  return (observed - expected) / (1 - expected);
}
