/** What trivial answers are expected to reach where a category averages what its items are worth. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { mixSeed } from "./bootstrap.ts";
import { averagedStrata } from "./edge-table.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";

export type Rng = ReturnType<typeof xoroshiro128plus>;

/** How a trivial answer is told from others. */
export interface TrivialKind {
  name: string;
  /** The same everywhere, so that the best for each corpus may be chosen in hindsight. */
  isConstant?: true;
  /** It differs from draw to draw. */
  isDrawn?: true;
}

export interface TrivialWorths<Truth> {
  /** At least one. */
  truths: readonly Truth[];
  strata: readonly string[];
  /** The stratum of each item of a corpus. */
  stratumOf: (truth: Truth) => readonly string[];
  trivial: readonly TrivialKind[];
  /** What each item of a corpus is worth, in the order of `stratumOf`, when the answer of this number is given. */
  worth: (truth: Truth, trivial: number) => (rng: Rng) => Iterable<number>;
  seed: number;
}

/**
 * The expected raw of every trivial answer, with the weights of the score: the mean over strata of what all items of a stratum are
 * worth. `constant` is the best of the constants for each corpus in hindsight. Draws are means of 1,000.
 */
export function itemExpectations<Truth extends { corpus: string }>({
  truths,
  strata,
  stratumOf,
  trivial,
  worth,
  seed,
}: TrivialWorths<Truth>): Expectation[] {
  const kinds = truths.map((truth) => stratumOf(truth).map((stratum) => strata.indexOf(stratum)));
  const items = strata.map((_, at) => kinds.reduce((sum, own) => sum + own.filter((kind) => kind === at).length, 0));
  const isAveraged = averagedStrata(items);
  const averaged = isAveraged.filter(Boolean).length;
  // An item of a stratum counts this much in raw.
  const weights = items.map((count, at) => (isAveraged[at] === true ? 1 / (averaged * count) : 0));
  const found = truths.map((truth, corpus) => {
    const own = (kinds[corpus] ?? []).map((kind) => weights[kind] ?? 0);
    return trivial.map(({ name, isDrawn = false }, at) => {
      const rng = xoroshiro128plus(mixSeed(seed, `${name} ${truth.corpus}`));
      const worthOnce = worth(truth, at);
      const draws = isDrawn ? BASELINE_DRAWS : 1;
      let [mean, squares] = [0, 0];
      for (let draw = 0; draw < draws; draw++) {
        let [raw, item] = [0, 0];
        for (const one of worthOnce(rng)) raw += (own[item++] ?? 0) * one;
        mean += raw / draws;
        squares += raw ** 2 / draws;
      }
      return { mean, variance: Math.max(0, squares - mean ** 2) };
    });
  });
  const sum = (of: (own: (typeof found)[number]) => number): number => found.reduce((all, own) => all + of(own), 0);
  const constant = sum((own) =>
    Math.max(...own.flatMap(({ mean }, at) => (trivial[at]?.isConstant === true ? [mean] : []))),
  );
  return [
    { name: "null", raw: 0, deviation: 0 },
    { name: "constant", raw: constant, deviation: 0 },
    ...trivial.map(({ name }, at): Expectation => ({
      name,
      raw: sum((own) => own[at]?.mean ?? 0),
      deviation: Math.sqrt(sum((own) => own[at]?.variance ?? 0)),
    })),
  ];
}
