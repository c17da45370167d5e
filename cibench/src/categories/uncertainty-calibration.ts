/** Level 2, uncertainty: for each of the same statements about calls, half of them true, "how probable is it?" */
import { PROPOSITION_ATTACKS } from "../adapters/trivial-propositions.ts";
import { defineCategory } from "../category.ts";
import { judgePropositions } from "../evaluators/propositions.ts";
import { PropositionAnswer } from "../schema/answer.ts";
import type { PropositionTask } from "../schema/task.ts";
import { forecastExpectations } from "../scores/proposition-floor.ts";
import { propositionTask, statementsOf, type StatementTruth } from "../tasks/understanding/propositions.ts";

export const uncertaintyCalibration = defineCategory<StatementTruth, PropositionTask, PropositionAnswer>({
  category: "uncertainty-calibration",
  truthOf: ({ truth, planted }) => {
    const about = truth ?? planted ?? null;
    return about === null || statementsOf(about) === null ? null : about;
  },
  about: (truth) => ({
    inputsSha256: truth.inputsSha256,
    oracles: "facts" in truth ? [truth.oracle] : truth.oracles,
  }),
  taskOf: propositionTask,
  itemAnswer: PropositionAnswer,
  method: "propositions",
  judge: judgePropositions,
  expect: forecastExpectations,
  attacks: PROPOSITION_ATTACKS,
});
