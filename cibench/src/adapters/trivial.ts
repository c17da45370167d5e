/** Answers that need no understanding. `selfcheck` runs them and expects each to land on its published floor. */
import type { CallGraphTruth, Definition, Target } from "@drift/corpora";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import type { AnswerTarget, CallSiteAnswer } from "../schema/answer.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { changeAnswers, goldBreaks } from "../scores/change-floor.ts";
import { firstDefinitions } from "../scores/floor.ts";
import { forecastAnswers, truthOf } from "../scores/proposition-floor.ts";
import { goldVerdicts, proposalAnswers } from "../scores/rule-floor.ts";
import { statementsOf } from "../tasks/understanding/propositions.ts";
import type { SelfCheck } from "./adapter.ts";
import { choosing } from "./trivial-choices.ts";
import { reading } from "./trivial-contexts.ts";
import { goldRefinement } from "./trivial-refinements.ts";
import { shuffle } from "../scores/shuffle.ts";

/** Says exactly what truth says: reaches 1, or the scorer is broken. */
export const goldAdapter: SelfCheck = {
  ...selfCheck("gold", (truth) => {
    const definitions = byId(truth);
    return answers(truth, (site) => site.must.map((target) => toAnswer(target, definitions)));
  }),
  changes: async (task, _root, { clock }, truth) => {
    const start = clock();
    const items = changeAnswers(truth, goldBreaks(truth));
    return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
  },
  propositions: async (task, _root, { clock }, truth) => {
    const start = clock();
    const all = statementsOf(truth) ?? [];
    const items = forecastAnswers(
      all,
      all.map(({ isTrue }) => truthOf(isTrue)),
    );
    return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
  },
  ...choosing(({ items }) => items.map(({ must }) => must)),
  ...goldRefinement,
  ...reading(({ items }) => items.map(({ gold }) => gold)),
  rules: async (task, _root, { clock }, truth) => {
    const start = clock();
    const items = proposalAnswers(truth, goldVerdicts(truth));
    return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
  },
};

/** Names the outside everywhere. */
export const externalAdapter = selfCheck("always-external", (truth) =>
  answers(truth, () => [{ external: "", probability: 1 }]),
);

/** Names the first definition of the call's own file. */
export const firstInFileAdapter = selfCheck("first-in-file", (truth) => {
  const definitions = byId(truth);
  const first = firstDefinitions(truth);
  return answers(truth, (site) => {
    const id = first.get(site.file);
    return id === undefined ? [] : [toAnswer({ definition: id }, definitions)];
  });
});

/** Names every definition and the outside, with certainty. */
export const everythingAdapter = selfCheck("list-everything", (truth) => {
  const all = [...truth.definitions.map(pointAt), { external: "", probability: 1 }];
  return answers(truth, () => all);
});

/** Names one definition at random. */
export const randomAdapter = selfCheck("random", (truth, seed) => {
  const rng = xoroshiro128plus(mixSeed(seed, `random answer ${truth.corpus}`));
  const all = truth.definitions.map(pointAt);
  return answers(truth, () => (all.length === 0 ? [] : [all[uniformInt(rng, 0, all.length - 1)] as AnswerTarget]));
});

/** Gives the true answers of other sites. */
export const shuffledGoldAdapter = selfCheck("shuffled-gold", (truth, seed) => {
  const rng = xoroshiro128plus(mixSeed(seed, `shuffled answer ${truth.corpus}`));
  const definitions = byId(truth);
  const pool = truth.sites.filter((site) => site.must.length > 0).map((site) => site.must);
  shuffle(pool, rng);
  let next = 0;
  return answers(truth, (site) =>
    site.must.length === 0 ? [] : (pool[next++] as Target[]).map((target) => toAnswer(target, definitions)),
  );
});

/** Everything that `selfcheck` expects on the floor, and the name of its expectation in the report. */
export const ATTACKS: readonly Attack[] = [
  { adapter: externalAdapter, baseline: "constant", orLess: true },
  { adapter: firstInFileAdapter, baseline: "first-in-file" },
  { adapter: everythingAdapter, baseline: "list-everything" },
  { adapter: randomAdapter, baseline: "random" },
  { adapter: shuffledGoldAdapter, baseline: "shuffled-gold" },
];

function selfCheck(name: string, itemsOf: (truth: CallGraphTruth, seed: number) => CallSiteAnswer[]): SelfCheck {
  return {
    name,
    role: "self-check",
    version: async () => "1",
    answer: async (task, _root, { seed, clock }, truth) => {
      const start = clock();
      const items = itemsOf(truth, seed);
      return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
    },
  };
}

function answers(
  truth: CallGraphTruth,
  targetsOf: (site: CallGraphTruth["sites"][number]) => AnswerTarget[],
): CallSiteAnswer[] {
  return truth.sites.map((site) => {
    const targets = targetsOf(site);
    return { itemId: site.id, status: targets.length === 0 ? "unknown" : "certain", targets };
  });
}

function byId(truth: CallGraphTruth): Map<string, Definition> {
  return new Map(truth.definitions.map((definition) => [definition.id, definition]));
}

function toAnswer(target: Target, definitions: ReadonlyMap<string, Definition>): AnswerTarget {
  if ("external" in target) return { external: target.external, probability: 1 };
  return pointAt(definitions.get(target.definition) as Definition);
}

function pointAt({ file, span }: Definition): AnswerTarget {
  return { file, line: span.line, column: span.column, probability: 1 };
}
