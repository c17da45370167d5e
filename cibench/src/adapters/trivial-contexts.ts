/** Answers of what to read that need no understanding. `selfcheck` runs them and expects each to land on its floor. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import type { ContextTruth } from "../evaluators/context.ts";
import type { Excerpt } from "../schema/context.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { contextAnswers, TRIVIAL_READINGS } from "../scores/context-floor.ts";
import type { SelfCheck } from "./adapter.ts";
import { silentElsewhere } from "./trivial-changes.ts";

/** One way to answer all questions of what to read. */
export function reading(
  read: (truth: ContextTruth, seed: number) => readonly (readonly Excerpt[])[],
): Required<Pick<SelfCheck, "contexts">> {
  return {
    contexts: async (task, _root, { seed, clock }, truth) => {
      const start = clock();
      const items = contextAnswers(truth, read(truth, seed));
      return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
    },
  };
}

/** Every trivial answer as an adapter; it has nothing to say about anything else. */
export const CONTEXT_ATTACKS: readonly Attack[] = TRIVIAL_READINGS.map(({ name, read }): Attack => ({
  adapter: {
    ...silentElsewhere(name),
    ...reading((truth, seed) => read(truth, xoroshiro128plus(mixSeed(seed, `${name} answer ${truth.corpus}`)))),
  },
  baseline: name,
}));
