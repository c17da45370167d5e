/** Answers in rounds that need no understanding. `selfcheck` runs them and expects each to land on its floor. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import type { AskFeedback, RefinementTruth } from "../evaluators/refinement.ts";
import type { Chosen, RefinementItem } from "../schema/refinement.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { TRIVIAL_REFININGS } from "../scores/refinement-floor.ts";
import type { SelfCheck } from "./adapter.ts";
import { silentElsewhere } from "./trivial-changes.ts";

/** One way to answer all questions with a draft. */
export function refining(
  play: (truth: RefinementTruth, seed: number) => (item: RefinementItem, feedback: AskFeedback) => Chosen[],
): Required<Pick<SelfCheck, "refinement">> {
  return {
    refinement: async (task, _root, { seed, clock, feedback = () => null }, truth) => {
      const start = clock();
      const answer = play(truth, seed);
      const items = task.items.map((item) => ({ itemId: item.id, rounds: answer(item, feedback) }));
      return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
    },
  };
}

/** What truth says, at once. */
export const goldRefinement = refining((truth) => {
  const must = new Map(truth.items.map((item) => [item.id, item.must]));
  return ({ id }) => [(must.get(id) ?? []).map((choice) => ({ choice, probability: 1 }))];
});

/** Every trivial answer as an adapter; it has nothing to say about anything else. */
export const REFINEMENT_ATTACKS: readonly Attack[] = TRIVIAL_REFININGS.map(({ name, play }): Attack => ({
  adapter: {
    ...silentElsewhere(name),
    ...refining((truth, seed) => play(truth, xoroshiro128plus(mixSeed(seed, `${name} answer ${truth.corpus}`)))),
  },
  baseline: name,
}));
