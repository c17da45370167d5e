/** Answers about proposed changes that need no understanding. `selfcheck` runs them and expects each to land on its floor. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { proposalAnswers, TRIVIAL_VERDICTS } from "../scores/rule-floor.ts";
import { silentElsewhere } from "./trivial-changes.ts";

/** Every trivial answer as an adapter; it has nothing to say about anything else. */
export const RULE_ATTACKS: readonly Attack[] = TRIVIAL_VERDICTS.map(({ name, said }): Attack => ({
  adapter: {
    ...silentElsewhere(name),
    rules: async (task, _root, { seed, clock }, truth) => {
      const start = clock();
      const rng = xoroshiro128plus(mixSeed(seed, `${name} answer ${task.corpus}`));
      const items = proposalAnswers(truth, said(truth, rng));
      return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
    },
  },
  baseline: name,
}));
