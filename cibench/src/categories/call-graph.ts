/** Level 1, call graph: for each call site, "which definitions can this call reach?" */
import type { CallGraphTruth } from "@drift/corpora";
import { ATTACKS } from "../adapters/trivial.ts";
import { defineCategory } from "../category.ts";
import { judgeCallGraph } from "../evaluators/graph-edges.ts";
import { CallSiteAnswer } from "../schema/answer.ts";
import type { CallGraphTask } from "../schema/task.ts";
import { baselineExpectations, type Expectation, meanExpectations } from "../scores/floor.ts";
import { callGraphTask } from "../tasks/perception/call-graph.ts";

export const callGraph = defineCategory<CallGraphTruth, CallGraphTask, CallSiteAnswer>({
  category: "call-graph",
  truthOf: ({ truth }) => truth,
  about: ({ inputsSha256, oracles }) => ({ inputsSha256, oracles }),
  taskOf: callGraphTask,
  itemAnswer: CallSiteAnswer,
  method: "answer",
  judge: (answers, truth, task) => {
    const outcomes = new Map(judgeCallGraph(answers, truth).map((outcome) => [outcome.itemId, outcome]));
    return task.items.flatMap(({ id }) => outcomes.get(id) ?? []);
  },
  expect: (truths, seed) => meanExpectations(truths.map((truth) => expectationsOf(truth, seed))),
  attacks: ATTACKS,
});

const known = new WeakMap<CallGraphTruth, Expectation[]>();

/** It takes a second for a large corpus. */
function expectationsOf(truth: CallGraphTruth, seed: number): Expectation[] {
  const expectations = known.get(truth) ?? baselineExpectations(truth, seed);
  known.set(truth, expectations);
  return expectations;
}
