/** What trivial forecasts are expected to reach. `selfcheck` gives the same answers through an adapter. */
import type { CallGraphTruth } from "@drift/corpora";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { PropositionAnswer } from "../schema/answer.ts";
import { type Proposition, propositionsOf } from "../tasks/understanding/propositions.ts";
import { mixSeed } from "./bootstrap.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";
import { BASE_ERROR } from "./item-credit.ts";
import { BASE_RATE } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

type Rng = ReturnType<typeof xoroshiro128plus>;

/** A forecast that needs no understanding. */
export interface TrivialForecast {
  name: string;
  /** It differs from draw to draw. */
  isDrawn?: true;
  /** What it says of each statement, in the order of the task; null abstains. */
  probabilities: (propositions: readonly Proposition[], rng: Rng) => (number | null)[];
}

/** The share of statements that `easy-5-percent` is right about. */
const EASY_SHARE = 0.05;

/**
 * - `abstain`: no probability anywhere, which is what `null` comes to.
 * - `base-rate`: the share of true statements of split `fit`, everywhere.
 * - `always-0`, `always-1`: none is true; all are.
 * - `always-wrong`: certain of the contrary of the truth.
 * - `easy-5-percent`: certain and right about every twentieth statement, and silent about the rest. Somebody knows these without having
 *   understood more, so that this is the floor.
 * - `random`: probabilities drawn from [0, 1] alike.
 * - `shuffled-gold`: the truth about a corpus, permuted over its statements.
 */
export const TRIVIAL_FORECASTS: readonly TrivialForecast[] = [
  { name: "abstain", probabilities: (all) => all.map(() => null) },
  { name: "base-rate", probabilities: (all) => all.map(() => BASE_RATE) },
  { name: "always-0", probabilities: (all) => all.map(() => 0) },
  { name: "always-1", probabilities: (all) => all.map(() => 1) },
  { name: "always-wrong", probabilities: (all) => all.map(({ isTrue }) => Number(!isTrue)) },
  {
    name: "easy-5-percent",
    probabilities: (all) => all.map(({ isTrue }, index) => (index % (1 / EASY_SHARE) === 0 ? Number(isTrue) : null)),
  },
  { name: "random", isDrawn: true, probabilities: (all, rng) => all.map(() => uniformFloat64(rng)) },
  {
    name: "shuffled-gold",
    isDrawn: true,
    probabilities: (all, rng) => {
      return shuffle(
        all.map(({ isTrue }) => Number(isTrue)),
        rng,
      );
    },
  },
];

/** In the form in which tools answer. */
export function forecastAnswers(
  propositions: readonly Proposition[],
  probabilities: readonly (number | null)[],
): PropositionAnswer[] {
  return propositions.map(({ id }, index) => ({ itemId: id, probability: probabilities[index] ?? null }));
}

/**
 * What each trivial forecast is expected to reach in raw, the Brier skill of all statements together. Draws are means of 1,000.
 *
 * @param truths at least one that has statements
 */
export function forecastExpectations(truths: readonly CallGraphTruth[], seed: number): Expectation[] {
  const corpora = truths.map((truth) => ({ corpus: truth.corpus, all: propositionsOf(truth) ?? [] }));
  const statements = corpora.reduce((sum, { all }) => sum + all.length, 0);
  return TRIVIAL_FORECASTS.map(({ name, isDrawn = false, probabilities }): Expectation => {
    let [raw, variance] = [0, 0];
    for (const { corpus, all } of corpora) {
      const rng = xoroshiro128plus(mixSeed(seed, `${name} ${corpus}`));
      const draws = isDrawn ? BASELINE_DRAWS : 1;
      let [sum, squares] = [0, 0];
      for (let draw = 0; draw < draws; draw++) {
        const credit = creditOf(all, probabilities(all, rng)) / statements;
        sum += credit;
        squares += credit ** 2;
      }
      raw += sum / draws;
      variance += Math.max(0, squares / draws - (sum / draws) ** 2);
    }
    return { name, raw, deviation: Math.sqrt(variance) };
  });
}

function creditOf(all: readonly Proposition[], probabilities: readonly (number | null)[]): number {
  return all.reduce((sum, { isTrue }, index) => {
    const error = ((probabilities[index] ?? BASE_RATE) - Number(isTrue)) ** 2;
    return sum + 1 - error / BASE_ERROR;
  }, 0);
}
