/** Level 2, uncertainty: for each of the same statements about calls, half of them true, "how probable is it?" */
import type { CallGraphTruth } from "@drift/corpora";
import { PROPOSITION_ATTACKS } from "../adapters/trivial-propositions.ts";
import { defineCategory } from "../category.ts";
import { judgePropositions } from "../evaluators/propositions.ts";
import { PropositionAnswer } from "../schema/answer.ts";
import type { PropositionTask } from "../schema/task.ts";
import { forecastExpectations } from "../scores/proposition-floor.ts";
import { propositionsOf, propositionTask } from "../tasks/understanding/propositions.ts";

export const uncertaintyCalibration = defineCategory<CallGraphTruth, PropositionTask, PropositionAnswer>({
  category: "uncertainty-calibration",
  truthOf: ({ truth }) => (truth === null || propositionsOf(truth) === null ? null : truth),
  about: ({ inputsSha256, oracles }) => ({ inputsSha256, oracles }),
  taskOf: propositionTask,
  itemAnswer: PropositionAnswer,
  method: "propositions",
  judge: judgePropositions,
  expect: forecastExpectations,
  attacks: PROPOSITION_ATTACKS,
});
