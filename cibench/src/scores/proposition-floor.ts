/** What trivial forecasts are expected to reach. `selfcheck` gives the same answers through an adapter. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { PropositionAnswer } from "../schema/answer.ts";
import { type Statement, statementsOf, type StatementTruth } from "../tasks/understanding/propositions.ts";
import { statedWorth } from "../evaluators/propositions.ts";
import { mixSeed } from "./bootstrap.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";
import { BASE_ERROR, BASE_RATE } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

type Rng = ReturnType<typeof xoroshiro128plus>;

/** A forecast that needs no understanding. */
export interface TrivialForecast {
  name: string;
  /** It differs from draw to draw. */
  isDrawn?: true;
  /** What it says of each statement, in the order of the task; null abstains. */
  probabilities: (statements: readonly Statement[], rng: Rng) => (number | null)[];
}

/** The share of statements that `easy-5-percent` is right about. */
const EASY_SHARE = 0.05;

/**
 * - `abstain`: no probability anywhere, which is what `null` comes to.
 * - `base-rate`: the share of true statements of split `fit`, everywhere.
 * - `always-0`, `always-1`: none is true; all are.
 * - `always-wrong`: certain of the contrary of the truth, and of what nothing decides.
 * - `easy-5-percent`: certain and right about every twentieth statement, and silent about the rest. Somebody knows these without having
 *   understood more, so that this is the floor.
 * - `random`: probabilities drawn from [0, 1] alike.
 * - `guess-half`: abstains from a half of them that is drawn, and says of the others 0.6 or 0.4, as drawn.
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
    probabilities: (all) => all.map(({ isTrue }, index) => (index % (1 / EASY_SHARE) === 0 ? truthOf(isTrue) : null)),
  },
  { name: "random", isDrawn: true, probabilities: (all, rng) => all.map(() => uniformFloat64(rng)) },
  {
    name: "guess-half",
    isDrawn: true,
    probabilities: (all, rng) =>
      all.map(() => (uniformFloat64(rng) < 0.5 ? null : uniformFloat64(rng) < 0.5 ? 0.4 : 0.6)),
  },
  {
    name: "shuffled-gold",
    isDrawn: true,
    probabilities: (all, rng) => {
      return shuffle(
        all.map(({ isTrue }) => truthOf(isTrue)),
        rng,
      );
    },
  },
];

/** The truth as a forecast: of what nothing decides none. */
export function truthOf(isTrue: boolean | null): number | null {
  return isTrue === null ? null : Number(isTrue);
}

/** In the form in which tools answer. */
export function forecastAnswers(
  statements: readonly Statement[],
  probabilities: readonly (number | null)[],
): PropositionAnswer[] {
  return statements.map(({ id }, index) => ({ itemId: id, probability: probabilities[index] ?? null }));
}

/**
 * What each trivial forecast is expected to reach in raw, the mean of what all statements together are worth. Draws are means of 1,000.
 *
 * @param truths at least one that has statements
 */
export function forecastExpectations(truths: readonly StatementTruth[], seed: number): Expectation[] {
  const corpora = truths.map((truth) => ({ corpus: truth.corpus, all: statementsOf(truth) ?? [] }));
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

function creditOf(all: readonly Statement[], probabilities: readonly (number | null)[]): number {
  const places = new Map(all.map(({ id }, index) => [id, index]));
  return all.reduce((sum, { isTrue, partner }, index) => {
    if (isTrue === null) {
      const at = places.get(partner ?? "") ?? -1;
      const isAbstained = probabilities[index] === null;
      return sum + (isAbstained ? statedWorth(probabilities[at], all[at]?.isTrue === true) : 0);
    }
    const error = ((probabilities[index] ?? BASE_RATE) - Number(isTrue)) ** 2;
    return sum + 1 - error / BASE_ERROR;
  }, 0);
}
