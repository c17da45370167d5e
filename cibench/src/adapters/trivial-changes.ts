/** Answers about changes that need no understanding. `selfcheck` runs them and expects each to land on its floor. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { changeAnswers, TRIVIAL_CHANGES } from "../scores/change-floor.ts";
import type { SelfCheck } from "./adapter.ts";

/** A self-check of one category: it has nothing to say about calls. */
export function silentElsewhere(name: string): SelfCheck {
  return {
    name,
    role: "self-check",
    version: async () => "1",
    answer: async (task) => ({ taskId: task.id, items: [], usage: { indexMs: 0, answerMs: 0 } }),
  };
}

/** Every trivial answer as an adapter; it has nothing to say about calls. */
export const CHANGE_ATTACKS: readonly Attack[] = TRIVIAL_CHANGES.map(({ name, breaks }): Attack => {
  const adapter: SelfCheck = {
    ...silentElsewhere(name),
    changes: async (task, _root, { seed, clock }, truth) => {
      const start = clock();
      const rng = xoroshiro128plus(mixSeed(seed, `${name} answer ${task.corpus}`));
      const items = changeAnswers(truth, breaks(truth, rng));
      return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
    },
  };
  return { adapter, baseline: name };
});
