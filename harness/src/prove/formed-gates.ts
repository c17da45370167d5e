/** Gates formed from consecutive rounds of a pool, decided by the rule of real ones. Pure. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { plannedConfirmPairs, wantsMorePairs, WIDEN_BY } from "../gate/decide.ts";
import { detectableEffect, detectionPower, standardDeviation } from "../gate/detectable.ts";
import type { GateSettings } from "../gate/schema.ts";
import { marginP, type StagedDifferences, testFamily } from "../gate/two-stage.ts";
import { clopperPearson } from "@drift/corpora/clopper-pearson";
import { bootstrapInterval } from "../stats/summary.ts";

/** Log ratios of each case, in the order of the rounds. */
export type Differences = ReadonlyMap<string, readonly number[]>;

export interface FormOptions {
  /** Of identical code. */
  same: Differences;
  gates: number;
  settings: GateSettings;
}

/** A share that was counted, with its interval. */
export interface CountedShare {
  n: number;
  count: number;
  low: number;
  high: number;
}

export interface NullGates {
  gates: number;
  red: number;
  /**
   * 95 % interval of the share of red gates: whole stretches of rounds are drawn again, since gates overlap. Where none is
   * red, which no drawing can change, it is Clopper and Pearson's of `disjoint` gates without a red one.
   */
  low: number;
  high: number;
  /** Gates that would fit into the pool side by side: what the share rests on when none is red. */
  disjoint: number;
}

/** Rounds of one stretch: long enough for what one moment does to several rounds to stay in one. */
const STRETCH = 32;

/** Gates of identical code. */
export function formNullGates({ same, gates, settings }: FormOptions): NullGates {
  const rounds = roundsOf(same);
  const random = xoroshiro128plus(settings.seed);
  const stretches = new Map<number, { red: number; gates: number }>();
  let red = 0;
  let used = 0;
  for (let gate = 0; gate < gates; gate++) {
    const start = uniformInt(random, 0, rounds - 1);
    const { staged, length } = formGate([...same.values()], start, settings);
    used += length;
    const isRed = testFamily(staged, settings).worse.some(({ adjustedP }) => adjustedP <= settings.q);
    const stretch = stretches.get(Math.floor(start / STRETCH)) ?? { red: 0, gates: 0 };
    stretches.set(Math.floor(start / STRETCH), { red: stretch.red + Number(isRed), gates: stretch.gates + 1 });
    red += Number(isRed);
  }
  const all = [...stretches.values()];
  const share = (drawn: Uint32Array): number => {
    let [reds, total] = [0, 0];
    for (const i of drawn) {
      reds += all[i]?.red ?? 0;
      total += all[i]?.gates ?? 0;
    }
    return reds / total;
  };
  const disjoint = Math.max(1, Math.floor(rounds / (used / gates)));
  const interval =
    red === 0 ? clopperPearson(0, disjoint) : bootstrapInterval(all.length, share, { seed: settings.seed });
  return { gates, red, disjoint, low: interval.low, high: interval.high };
}

export interface CasePower {
  caseId: string;
  /** Of the differences of identical code. */
  sd: number;
  /** Stated before anything is planted; null when nothing can be seen. */
  detectable: number | null;
  /** What the rule promises for this share, and what was found. */
  predicted: number;
  found: CountedShare;
}

export interface PlantedGates {
  share: number;
  gates: number;
  /** Gates in which a case without a plant was red. */
  falseRed: number;
  /** Over all planted cases, and over those that had stated 5 % or less. */
  found: CountedShare;
  foundWhereSeen: CountedShare;
  cases: CasePower[];
}

/** Gates in which 1 to 3 cases, chosen at random, come from the pool with planted work. */
export function formPlantedGates(options: FormOptions & { planted: Differences; share: number }): PlantedGates {
  const { same, planted, share, gates, settings } = options;
  const names = [...same.keys()].filter((name) => planted.has(name));
  const stated = new Map(
    names.map((name) => [name, statePower(name, same.get(name) as number[], names.length, share, settings)]),
  );
  const counts = new Map(names.map((name) => [name, { n: 0, count: 0 }]));
  const random = xoroshiro128plus(settings.seed);
  let falseRed = 0;
  for (let gate = 0; gate < gates; gate++) {
    const chosen = new Set(draw(names, uniformInt(random, 1, 3), random));
    const start = uniformInt(random, 0, roundsOf(same) - 1);
    const lists = names.map((name) => (chosen.has(name) ? planted : same).get(name) ?? []);
    const { worse } = testFamily(formGate(lists, start, settings).staged, settings);
    const red = new Set(names.filter((_, i) => (worse[i]?.adjustedP ?? 1) <= settings.q));
    falseRed += Number([...red].some((name) => !chosen.has(name)));
    for (const name of chosen) {
      const count = counts.get(name) as { n: number; count: number };
      count.n++;
      count.count += Number(red.has(name));
    }
  }
  const cases = names.map((name) => ({
    ...(stated.get(name) as Omit<CasePower, "found">),
    found: counted(counts.get(name) as { n: number; count: number }),
  }));
  const seen = cases.filter(({ detectable }) => detectable !== null && detectable <= 0.05);
  return { share, gates, falseRed, found: total(cases), foundWhereSeen: total(seen), cases };
}

/** What a case states of itself from identical code alone. */
export function statePower(
  name: string,
  differences: readonly number[],
  family: number,
  share: number,
  settings: GateSettings,
): Omit<CasePower, "found"> {
  const margin = Math.log1p(settings.margin);
  const typical = { screen: screenOf(differences, 0, margin, settings), margin };
  const options = {
    ...settings,
    family,
    margin,
    screenPairs: typical.screen.length,
    confirmPairs: plannedConfirmPairs(typical, settings, family),
  };
  return {
    caseId: name.split(" ")[0] as string,
    sd: standardDeviation(differences) ?? 0,
    detectable: detectableEffect(differences, "profile", options).effect,
    predicted: detectionPower(differences, share, options),
  };
}

/** One gate that begins at a round: each case is screened and, when suspected, confirmed on the rounds that follow. */
function formGate(
  lists: readonly (readonly number[])[],
  start: number,
  settings: GateSettings,
): { staged: StagedDifferences[]; length: number } {
  const margin = Math.log1p(settings.margin);
  let length = 0;
  const staged = lists.map((list) => {
    const screen = screenOf(list, start, margin, settings);
    const suspected = Math.min(marginP(screen, margin, 1), marginP(screen, margin, -1)) <= settings.screenAlpha;
    const wanted = suspected ? plannedConfirmPairs({ screen, margin }, settings, lists.length) : 0;
    const confirm = stretchOf(list, start + screen.length, wanted);
    length = Math.max(length, screen.length + wanted);
    return { screen, confirm, margin };
  });
  return { staged, length };
}

function screenOf(list: readonly number[], start: number, margin: number, settings: GateSettings): number[] {
  let screen = stretchOf(list, start, settings.screenPairs);
  while (wantsMorePairs({ screen, margin }, settings))
    screen = stretchOf(list, start, Math.min(screen.length + WIDEN_BY, settings.mostPairs));
  return screen;
}

/** Consecutive rounds; behind the last comes the first. */
function stretchOf(list: readonly number[], start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => list[(start + i) % list.length] as number);
}

function roundsOf(differences: Differences): number {
  return Math.min(...[...differences.values()].map(({ length }) => length));
}

function draw(names: readonly string[], count: number, random: RandomGenerator): string[] {
  const left = [...names];
  return Array.from(
    { length: Math.min(count, names.length) },
    () => left.splice(uniformInt(random, 0, left.length - 1), 1)[0] as string,
  );
}

function total(cases: readonly CasePower[]): CountedShare {
  return counted({
    n: cases.reduce((sum, { found }) => sum + found.n, 0),
    count: cases.reduce((sum, { found }) => sum + found.count, 0),
  });
}

function counted({ n, count }: { n: number; count: number }): CountedShare {
  return n === 0 ? { n, count, low: 0, high: 1 } : { n, count, ...clopperPearson(count, n) };
}
