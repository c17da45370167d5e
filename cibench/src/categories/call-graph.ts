/** Level 1, call graph: for each call site, "which definitions can this call reach?" */
import type { CallGraphTruth, SiteTruth } from "@drift/corpora";
import { ATTACKS } from "../adapters/trivial.ts";
import { defineCategory } from "../category.ts";
import { judgeCallGraph, siteJudge } from "../evaluators/graph-edges.ts";
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
  judgeSome: (answers, truth) => {
    const { sites, judge } = prepareSites(truth);
    return answers.flatMap((answer) => {
      const site = sites.get(answer.itemId);
      return site === undefined ? [] : [judge(site, answer)];
    });
  },
  expect: (truths, seed) => meanExpectations(truths.map((truth) => expectationsOf(truth, seed))),
  attacks: ATTACKS,
});

interface Sites {
  sites: ReadonlyMap<string, SiteTruth>;
  judge: ReturnType<typeof siteJudge>;
}

const prepared = new WeakMap<CallGraphTruth, Sites>();

/** Where definitions lie takes longer to find out than it takes to judge some sites. */
function prepareSites(truth: CallGraphTruth): Sites {
  const made = prepared.get(truth) ?? {
    sites: new Map(truth.sites.map((site) => [site.id, site])),
    judge: siteJudge(truth),
  };
  prepared.set(truth, made);
  return made;
}

const known = new WeakMap<CallGraphTruth, Expectation[]>();

/** It takes a second for a large corpus. */
function expectationsOf(truth: CallGraphTruth, seed: number): Expectation[] {
  const expectations = known.get(truth) ?? baselineExpectations(truth, seed);
  known.set(truth, expectations);
  return expectations;
}
