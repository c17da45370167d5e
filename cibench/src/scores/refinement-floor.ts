/** What trivial answers to questions with a draft are expected to reach. `selfcheck` gives the same answers through an adapter. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { countChoices } from "../evaluators/choices.ts";
import {
  type AskFeedback,
  draftF1,
  f1Of,
  feedbackGiver,
  feedbackOn,
  type KnownRefinement,
  type RefinementTruth,
  repaired,
} from "../evaluators/refinement.ts";
import { refineBy } from "../refine.ts";
import type { Chosen, RefinementItem } from "../schema/refinement.ts";
import { mixSeed } from "./bootstrap.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";
import { itemExpectations, type Rng, type TrivialKind } from "./item-expectations.ts";
import { REFINEMENT_STRATA } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

/** Answers in rounds that need no understanding. */
export interface TrivialRefining extends TrivialKind {
  /** How it answers the questions of a corpus, asked in the order of the truth. */
  play: (truth: RefinementTruth, rng: Rng) => (item: RefinementItem, feedback: AskFeedback) => Chosen[];
}

/**
 * - `keep-draft`; `list-everything`; `flip`: what is not in the draft; `first`: as many as are right, from the first on. The same everywhere.
 * - `random`: as many as are right, each choice as likely.
 * - `counting`: in each round a random one of the sets that agree with all feedback so far, and in the last round the choices that
 *   are in most of these. Since feedback names nothing, this is what can be dropped and kept by it alone.
 * - `shuffled-gold`: the true answers of a corpus, permuted over its questions of a kind, by their places in the list.
 */
export const TRIVIAL_REFININGS: readonly TrivialRefining[] = [
  { name: "keep-draft", isConstant: true, play: () => (item) => [all(item.draft)] },
  { name: "list-everything", isConstant: true, play: () => (item) => [all(item.choices)] },
  {
    name: "flip",
    isConstant: true,
    play:
      () =>
      ({ choices, draft }) => [all(choices.filter((choice) => !draft.includes(choice)))],
  },
  { name: "first", isConstant: true, play: () => (item) => [all(item.choices.slice(0, rightOnes(item)))] },
  {
    name: "random",
    isDrawn: true,
    play: (_, rng) => (item) => [all(shuffle([...item.choices], rng).slice(0, rightOnes(item)))],
  },
  { name: "counting", isDrawn: true, play: (_, rng) => (item, feedback) => byCounting(item, feedback, rng) },
  { name: "shuffled-gold", isDrawn: true, play: shuffledGold },
];

/**
 * What each trivial answer is expected to reach in raw, as {@link itemExpectations}.
 *
 * @param truths at least one
 */
export function refinementExpectations(truths: readonly RefinementTruth[], seed: number): Expectation[] {
  return itemExpectations({
    truths,
    strata: REFINEMENT_STRATA,
    stratumOf: ({ items }) => items.map(({ stratum }) => stratum),
    trivial: TRIVIAL_REFININGS,
    worth: (truth, at) => {
      const { name, play } = TRIVIAL_REFININGS[at] as TrivialRefining;
      const questions = truth.items.map((item) => ({ item, must: new Set(item.must), draft: draftF1(item) }));
      return function* (rng) {
        const answer = play(truth, rng);
        for (const { item, ...known } of questions) {
          // What counting finds depends on the numbers of the question alone.
          yield name === "counting" ? drawnFrom(gamesOf(item), rng) : worthOf(known, answer(item, noFeedback));
        }
      };
    },
    seed,
  });
}

function noFeedback(): null {
  return null;
}

function worthOf(known: { must: ReadonlySet<string>; draft: number }, rounds: readonly Chosen[]): number {
  const last = new Set((rounds.at(-1) ?? []).map(({ choice }) => choice));
  return repaired(known.draft, f1Of(countChoices(known.must, last)));
}

function drawnFrom(pool: readonly number[], rng: Rng): number {
  return pool[uniformInt(rng, 0, pool.length - 1)] ?? 0;
}

const games = new Map<string, number[]>();

/** What counting is worth in as many games as there are draws, about a question of the same numbers. */
function gamesOf({ choices, draft, must, feedback }: KnownRefinement): number[] {
  const right = draft.length - feedback.wrong;
  const key = [choices.length, draft.length, must.length, right].join();
  const known = games.get(key);
  if (known !== undefined) return known;
  const rng = xoroshiro128plus(mixSeed(1, `counting ${key}`));
  const pool = Array.from({ length: BASELINE_DRAWS }, () => {
    const order = shuffle(
      choices.map((_, at) => `${at}`),
      rng,
    );
    const gold = order.slice(0, must.length);
    const said = [...gold.slice(0, right), ...order.slice(must.length, must.length + draft.length - right)];
    const item: KnownRefinement = {
      id: "game",
      kind: "callers",
      question: "",
      subject: { role: "function", name: null, file: "", span: null },
      choices: choices.map((_, at) => `${at}`),
      draft: said,
      feedback: feedbackOn(new Set(gold), new Set(said)),
      stratum: "",
      must: gold,
      by: [],
    };
    const rounds = byCounting(item, feedbackGiver({ items: [item] }), rng);
    return worthOf({ must: new Set(gold), draft: draftF1(item) }, rounds);
  });
  games.set(key, pool);
  return pool;
}

function byCounting(item: RefinementItem, feedback: AskFeedback, rng: Rng): Chosen[] {
  const weights = item.choices.map(() => uniformInt(rng, 0, 1_000_000));
  return refineBy(item, weights, feedback, inMost);
}

/** Of sets of one size, the choices that are in most of them; `weights` decide between equals. */
function inMost(sets: readonly number[], weights: readonly number[]): number {
  const counts = weights.map((_, at) => sets.reduce((sum, set) => sum + ((set >> at) & 1), 0));
  const size = counts.reduce((sum, count) => sum + count, 0) / sets.length;
  const order = counts.map((_, at) => at);
  order.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (weights[b] ?? 0) - (weights[a] ?? 0));
  return order.slice(0, size).reduce((bits, at) => bits | (1 << at), 0);
}

function shuffledGold({ items }: RefinementTruth, rng: Rng): (item: RefinementItem) => Chosen[] {
  const said = new Map<string, Chosen>();
  for (const group of Map.groupBy(items, ({ kind }) => kind).values()) {
    const order = shuffle([...group], rng);
    group.forEach((item, at) => {
      const { choices, must } = order[at] ?? item;
      said.set(item.id, all(must.map((choice) => item.choices[choices.indexOf(choice) % item.choices.length] ?? "")));
    });
  }
  return ({ id }) => [said.get(id) ?? []];
}

function rightOnes({ draft, feedback }: RefinementItem): number {
  return draft.length - feedback.wrong + feedback.missing;
}

function all(choices: readonly string[]): Chosen {
  return choices.map((choice) => ({ choice, probability: 1 }));
}
