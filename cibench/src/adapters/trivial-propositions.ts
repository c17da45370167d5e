/** Forecasts that need no understanding. `selfcheck` runs them and expects each to land on its published expectation. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Attack } from "../category.ts";
import { mixSeed } from "../scores/bootstrap.ts";
import { forecastAnswers, TRIVIAL_FORECASTS } from "../scores/proposition-floor.ts";
import { statementsOf } from "../tasks/understanding/propositions.ts";
import { silentElsewhere } from "./trivial-changes.ts";

/** Every trivial forecast as an adapter; it has nothing to say about anything else. */
export const PROPOSITION_ATTACKS: readonly Attack[] = TRIVIAL_FORECASTS.map(({ name, probabilities }): Attack => ({
  adapter: {
    ...silentElsewhere(name),
    propositions: async (task, _root, { seed, clock }, truth) => {
      const start = clock();
      const rng = xoroshiro128plus(mixSeed(seed, `${name} answer ${task.corpus}`));
      const all = statementsOf(truth) ?? [];
      const items = forecastAnswers(all, probabilities(all, rng));
      return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - start } };
    },
  },
  baseline: name,
}));
