/** Level 2, causal reasoning: for each change, "which tests break, or which of the package's own files no longer compile?" */
import type { ChangeTruth } from "@drift/corpora";
import { CHANGE_ATTACKS } from "../adapters/trivial-changes.ts";
import { defineCategory } from "../category.ts";
import { judgeChanges } from "../evaluators/changes.ts";
import { ChangeAnswer } from "../schema/answer.ts";
import type { ChangeTask } from "../schema/task.ts";
import { changeExpectations } from "../scores/change-floor.ts";
import { changeTask } from "../tasks/understanding/changes.ts";

export const causalReasoning = defineCategory<ChangeTruth, ChangeTask, ChangeAnswer>({
  category: "causal-reasoning",
  truthOf: ({ changes }) => changes ?? null,
  about: ({ truth }) => ({ inputsSha256: truth.inputsSha256, oracles: [truth.oracle] }),
  taskOf: changeTask,
  itemAnswer: ChangeAnswer,
  method: "changes",
  judge: judgeChanges,
  expect: changeExpectations,
  attacks: CHANGE_ATTACKS,
});
