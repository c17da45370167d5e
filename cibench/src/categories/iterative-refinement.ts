/** Level 3, iterative refinement: "some of this draft is wrong and some is missing; what is right?", in rounds with feedback. */
import { REFINEMENT_ATTACKS } from "../adapters/trivial-refinements.ts";
import { defineCategory, onlyAnswered } from "../category.ts";
import { feedbackGiver, judgeRefinements, type RefinementTruth } from "../evaluators/refinement.ts";
import { RefinementAnswer, type RefinementTask } from "../schema/refinement.ts";
import { refinementExpectations } from "../scores/refinement-floor.ts";
import { refinementTask } from "../tasks/application/refinement.ts";

export const iterativeRefinement = defineCategory<RefinementTruth, RefinementTask, RefinementAnswer>({
  category: "iterative-refinement",
  truthOf: ({ refinements }) => refinements ?? null,
  about: ({ inputsSha256, oracles }) => ({ inputsSha256, oracles: [...oracles] }),
  taskOf: refinementTask,
  itemAnswer: RefinementAnswer,
  method: "refinement",
  given: (truth) => ({ feedback: feedbackGiver(truth) }),
  judge: judgeRefinements,
  judgeSome: (answers, truth) => judgeRefinements(answers, onlyAnswered(truth, answers)),
  expect: refinementExpectations,
  attacks: REFINEMENT_ATTACKS,
});
