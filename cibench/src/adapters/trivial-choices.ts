/** Answers to questions with choices that need no understanding. `selfcheck` runs them and expects each to land on its floor. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import type { ChoiceTruth } from "../evaluators/choices.ts";
import type { AnswerOf } from "../schema/answer.ts";
import type { ChoiceAnswer, ChoiceTask } from "../schema/choice.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { choiceAnswers, TRIVIAL_CHOICES } from "../scores/choice-floor.ts";
import { type AdapterContext, CHOICE_METHODS, type SelfCheck } from "./adapter.ts";
import { silentElsewhere } from "./trivial-changes.ts";

type Choosing = (
  task: ChoiceTask,
  root: string,
  context: AdapterContext,
  truth: ChoiceTruth,
) => Promise<AnswerOf<ChoiceAnswer>>;

/** One way to answer for all categories with choices. */
export function choosing(
  choose: (truth: ChoiceTruth, seed: number) => readonly (readonly string[])[],
): Record<(typeof CHOICE_METHODS)[number], Choosing> {
  const answer: Choosing = async (task, _root, { seed, clock }, truth) => {
    const start = clock();
    const items = choiceAnswers(truth, choose(truth, seed));
    return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
  };
  return Object.fromEntries(CHOICE_METHODS.map((method) => [method, answer])) as ReturnType<typeof choosing>;
}

/** Every trivial answer as an adapter; it has nothing to say about calls. */
export const CHOICE_ATTACKS: readonly Attack[] = TRIVIAL_CHOICES.map(({ name, choose }): Attack => {
  const adapter: SelfCheck = {
    ...silentElsewhere(name),
    ...choosing((truth, seed) => choose(truth, xoroshiro128plus(mixSeed(seed, `${name} answer ${truth.id}`)))),
  };
  return { adapter, baseline: name };
});
