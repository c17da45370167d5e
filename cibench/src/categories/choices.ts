/** What categories with listed choices share: task, form of an answer, judge, floor, self-checks. */
import type { LayeredTruth } from "@drift/corpora";
import type { MethodName } from "../adapters/adapter.ts";
import { CHOICE_ATTACKS } from "../adapters/trivial-choices.ts";
import { type CategoryDefinition, defineCategory, onlyAnswered } from "../category.ts";
import { type ChoiceTruth, judgeChoices } from "../evaluators/choices.ts";
import { ChoiceAnswer, type ChoiceCategory, type ChoiceTask } from "../schema/choice.ts";
import { choiceExpectations } from "../scores/choice-floor.ts";
import { choiceTask } from "../tasks/choices.ts";

/** @param truthFrom null where nothing of the category was planted */
export function choiceCategory(
  category: ChoiceCategory,
  method: MethodName,
  truthFrom: (planted: LayeredTruth) => ChoiceTruth | null,
): CategoryDefinition {
  // Made once per project: several tools run on it.
  const known = new WeakMap<LayeredTruth, { truth: ChoiceTruth | null }>();
  return defineCategory<ChoiceTruth, ChoiceTask, ChoiceAnswer>({
    category,
    truthOf: ({ planted }) => {
      if (planted == null) return null;
      const made = known.get(planted) ?? { truth: truthFrom(planted) };
      known.set(planted, made);
      return made.truth;
    },
    about: ({ inputsSha256, oracle }) => ({ inputsSha256, oracles: [oracle] }),
    taskOf: choiceTask,
    itemAnswer: ChoiceAnswer,
    method,
    judge: judgeChoices,
    judgeSome: (answers, truth) => judgeChoices(answers, onlyAnswered(truth, answers)),
    expect: (truths, seed) => choiceExpectations(category, truths, seed),
    attacks: CHOICE_ATTACKS,
  });
}
