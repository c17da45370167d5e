/** Whole gates on made-up machines, with the same rule that decides real ones. Pure: seeds in, counts out. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { cumulativeStdNormalProbability } from "simple-statistics";
import { logWorsening, plannedConfirmPairs, wantsMorePairs, WIDEN_BY } from "../gate/decide.ts";
import type { GateSettings } from "../gate/schema.ts";
import { marginP, type StagedDifferences, testFamily } from "../gate/two-stage.ts";
import { hodgesLehmann, randomizedSignedRankP } from "../stats/signed-rank.ts";
import { MACHINES, normal, type NoiseKind } from "./noise.ts";

export interface SimulationOptions {
  kind: NoiseKind;
  gates: number;
  cases: number;
  seed: number;
  /** Of the gate; its budget is taken for large enough. */
  rule: GateSettings;
  /** Slowdown of the first `planted` cases, as a share; the others are the null. */
  slowdown?: { share: number; planted: number };
}

export interface SimulationResult {
  gates: number;
  /** Gates in which a case that did not change was red. */
  falseRed: number;
  /** Gates in which one was called improved. */
  falseImproved: number;
  /** Planted cases over all gates, and how many of them were red. */
  planted: number;
  found: number;
}

/** Runs `gates` gates, one after the other. */
export function simulateGates(options: SimulationOptions): SimulationResult {
  const { gates, seed, rule, slowdown = { share: 0, planted: 0 } } = options;
  const random = xoroshiro128plus(seed);
  const result: SimulationResult = { gates, falseRed: 0, falseImproved: 0, planted: 0, found: 0 };
  for (let gate = 0; gate < gates; gate++) {
    const staged = simulateOne(random, options);
    const { worse, better } = testFamily(staged, rule);
    const red = worse.map(({ adjustedP }) => adjustedP <= rule.q);
    if (red.slice(slowdown.planted).includes(true)) result.falseRed++;
    if (better.some(({ adjustedP }) => adjustedP <= rule.q)) result.falseImproved++;
    result.planted += slowdown.planted;
    result.found += red.slice(0, slowdown.planted).filter(Boolean).length;
  }
  return result;
}

/** One session: rounds of all cases in a new order each, a coin per pair, then fresh rounds of the suspects. */
function simulateOne(random: RandomGenerator, options: SimulationOptions): StagedDifferences[] {
  const { kind, cases, rule, slowdown } = options;
  const margin = Math.log1p(rule.margin);
  const next = MACHINES[kind](random, 2 * cases * rule.screenPairs);
  const direction = kind === "throughput" ? "higher" : "lower";
  const value = (cost: number): number => Math.exp(direction === "higher" ? -next(cost) : next(cost));
  const effects = Array.from({ length: cases }, (_, i) =>
    slowdown !== undefined && i < slowdown.planted ? Math.log1p(slowdown.share) : 0,
  );
  const staged = effects.map(() => ({ screen: [] as number[], confirm: [] as number[], margin }));
  const pair = (effect: number): number => {
    const headFirst = uniformInt(random, 0, 1) === 1;
    const first = value(headFirst ? effect : 0);
    const second = value(headFirst ? 0 : effect);
    return headFirst ? logWorsening(second, first, direction) : logWorsening(first, second, direction);
  };
  const rounds = (which: readonly number[], stage: "screen" | "confirm", count: number): void => {
    const order = [...which];
    for (let round = 0; round < count; round++) {
      shuffle(order, random);
      for (const i of order) (staged[i] as (typeof staged)[number])[stage].push(pair(effects[i] as number));
    }
  };
  const those = (holds: (one: StagedDifferences) => boolean): number[] =>
    staged.flatMap((one, i) => (holds(one) ? [i] : []));
  rounds([...effects.keys()], "screen", rule.screenPairs);
  for (;;) {
    const wide = those((one) => wantsMorePairs(one, rule));
    if (wide.length === 0) break;
    rounds(wide, "screen", WIDEN_BY);
  }
  const suspects = those(
    ({ screen }) => Math.min(marginP(screen, margin, 1), marginP(screen, margin, -1)) <= rule.screenAlpha,
  );
  const planned = suspects.map((i) => plannedConfirmPairs(staged[i] as StagedDifferences, rule, cases));
  for (let round = 0; round < Math.max(0, ...planned); round++)
    rounds(
      suspects.filter((_, at) => round < (planned[at] as number)),
      "confirm",
      1,
    );
  return staged;
}

function shuffle(order: number[], random: RandomGenerator): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}

/** How a single test and its interval behave where nothing changed: one session of `pairs` pairs each. */
export interface Calibration {
  sessions: number;
  /** Largest distance of the randomised p at margin 0 from the uniform distribution, and how probable a larger one is. */
  uniformity: { distance: number; p: number };
  /** At the margin, for each alpha, how often p was at most alpha. */
  atMargin: { alpha: number; rejected: number }[];
  /** For each level, how many intervals held the true value. */
  coverage: { level: number; covered: number }[];
}

export const ALPHAS = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5];
export const LEVELS = [0.9, 0.95, 0.99];

export function calibrate(options: {
  kind: NoiseKind;
  sessions: number;
  pairs: number;
  seed: number;
  margin: number;
}): Calibration {
  const { kind, sessions, pairs, seed } = options;
  const margin = Math.log1p(options.margin);
  const random = xoroshiro128plus(seed);
  const uniform: number[] = [];
  const rejected = ALPHAS.map(() => 0);
  const covered = LEVELS.map(() => 0);
  for (let session = 0; session < sessions; session++) {
    const next = MACHINES[kind](random, 2 * pairs);
    const differences = Array.from({ length: pairs }, () => {
      const [first, second] = [next(0), next(0)];
      return uniformInt(random, 0, 1) === 1 ? first - second : second - first;
    });
    uniform.push(randomizedSignedRankP(differences, uniformFloat64(random)));
    const p = marginP(differences, margin, 1);
    ALPHAS.forEach((alpha, i) => (rejected[i] = (rejected[i] as number) + (p <= alpha ? 1 : 0)));
    LEVELS.forEach((level, i) => {
      const { low, high } = hodgesLehmann(differences, level);
      covered[i] = (covered[i] as number) + (low <= 0 && high >= 0 ? 1 : 0);
    });
  }
  const distance = distanceFromUniform(uniform);
  return {
    sessions,
    uniformity: { distance, p: kolmogorovP(distance, sessions) },
    atMargin: ALPHAS.map((alpha, i) => ({ alpha, rejected: rejected[i] as number })),
    coverage: LEVELS.map((level, i) => ({ level, covered: covered[i] as number })),
  };
}

function distanceFromUniform(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - i / sorted.length), Math.abs((i + 1) / sorted.length - value)),
    0,
  );
}

/** Kolmogorov's limit of how probable a distance of `d` or more is. @see Marsaglia, Tsang and Wang, 2003 */
function kolmogorovP(d: number, n: number): number {
  const x = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * d;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/**
 * What happens without all this: `processes` of each side, one side after the other, all their iterations in one pool, and
 * Mann and Whitney's test at 1 %. The simulator is too kind when this is seldom wrong.
 *
 * @returns how many of `runs` comparisons of identical code it called different
 */
export function pooledMannWhitney(options: {
  kind: NoiseKind;
  runs: number;
  processes: number;
  iterations: number;
  seed: number;
}): number {
  const { kind, runs, processes, iterations, seed } = options;
  const random = xoroshiro128plus(seed);
  let different = 0;
  for (let run = 0; run < runs; run++) {
    const next = MACHINES[kind](random, 2 * processes);
    const side = (): number[] =>
      Array.from({ length: processes }, () => {
        const level = next(0);
        return Array.from({ length: iterations }, () => level + 0.01 * normal(random));
      }).flat();
    if (mannWhitneyP(side(), side()) <= 0.01) different++;
  }
  return different;
}

/** Two-sided, by the normal limit, which hundreds of values allow; ties are as good as impossible here. */
function mannWhitneyP(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, ofA: true })), ...b.map((value) => ({ value, ofA: false }))];
  all.sort((x, y) => x.value - y.value);
  const ranks = all.reduce((sum, { ofA }, i) => sum + (ofA ? i + 1 : 0), 0);
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const sd = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return 2 * (1 - cumulativeStdNormalProbability(Math.abs(u - (a.length * b.length) / 2) / sd));
}
