/** Level 3, token efficiency: "the file of this is open; which lines of others does one need to read?" */
import { CONTEXT_ATTACKS } from "../adapters/trivial-contexts.ts";
import { defineCategory, onlyAnswered } from "../category.ts";
import { type ContextTruth, judgeContexts } from "../evaluators/context.ts";
import { ContextAnswer, type ContextTask } from "../schema/context.ts";
import { contextExpectations } from "../scores/context-floor.ts";
import { contextTask } from "../tasks/application/context.ts";

export const tokenEfficiency = defineCategory<ContextTruth, ContextTask, ContextAnswer>({
  category: "token-efficiency",
  truthOf: ({ contexts }) => contexts ?? null,
  about: ({ inputsSha256, oracles }) => ({ inputsSha256, oracles: [...oracles] }),
  taskOf: contextTask,
  itemAnswer: ContextAnswer,
  fits: ({ excerpts }, { sources }) => excerpts.every((excerpt) => sources.has(excerpt)),
  method: "contexts",
  judge: judgeContexts,
  judgeSome: (answers, truth) => judgeContexts(answers, onlyAnswered(truth, answers)),
  expect: contextExpectations,
  attacks: CONTEXT_ATTACKS,
});
