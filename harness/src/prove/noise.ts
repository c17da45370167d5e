/** Machines that are made up, each noisy in another way: what the gate has to bear. Pure; the generator is passed in. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * One session on a machine: each call runs the next process, whose true cost (as a logarithm) it is given, and returns the
 * logarithm of what was measured.
 *
 * @param slots processes that the session will have, about; drift and swaps happen within them
 */
export type Machine = (random: RandomGenerator, slots: number) => (cost: number) => number;

export const NOISE_KINDS = [
  "independent",
  "ar-0.3",
  "ar-0.6",
  "ar-0.9",
  "bimodal",
  "bursts",
  "drift",
  "runner-swap",
  "gc-sawtooth",
  "quantised",
  "throughput",
] as const;
export type NoiseKind = (typeof NOISE_KINDS)[number];

/** The five that the published procedures were compared on. */
export const CORE_KINDS: readonly NoiseKind[] = ["independent", "ar-0.9", "bimodal", "bursts", "drift"];

/** Standard deviation of what is independent from process to process. */
const PROCESS_SD = 0.01;

export const MACHINES: Record<NoiseKind, Machine> = {
  independent: (random) => (cost) => cost + PROCESS_SD * normal(random),
  "ar-0.3": autoregressive(0.3),
  "ar-0.6": autoregressive(0.6),
  "ar-0.9": autoregressive(0.9),
  /** Three processes of ten are 8 % slower: another layout of memory. */
  bimodal: (random) => (cost) =>
    cost + PROCESS_SD * normal(random) + (uniformFloat64(random) < 0.3 ? Math.log(1.08) : 0),
  /** A tenth of the processes meets something else running (+30 %), and all have a tail to the right. */
  bursts: (random) => (cost) =>
    cost +
    PROCESS_SD * normal(random) -
    0.01 * Math.log(1 - uniformFloat64(random)) +
    (uniformFloat64(random) < 0.1 ? Math.log(1.3) : 0),
  /** Ten per cent slower from the first process to the last: a machine that warms up. */
  drift: (random, slots) => {
    let slot = 0;
    return (cost) => cost + PROCESS_SD * normal(random) + Math.log(1.1) * Math.min(1, slot++ / slots);
  },
  /** Somewhere in the session the work moves to a machine that is a quarter slower and twice as noisy. */
  "runner-swap": (random, slots) => {
    const at = slots * (0.25 + 0.5 * uniformFloat64(random));
    let slot = 0;
    return (cost) =>
      cost + (slot++ < at ? PROCESS_SD * normal(random) : Math.log(1.25) + 2 * PROCESS_SD * normal(random));
  },
  /** Cost rises by 6 % over seven processes and falls back, like a heap that fills up. */
  "gc-sawtooth": (random) => {
    let slot = Math.floor(7 * uniformFloat64(random));
    return (cost) => cost + PROCESS_SD * normal(random) + 0.06 * ((slot++ % 7) / 6);
  },
  /** A timer with ticks of 2 % of the value: ties, and differences of nought. */
  quantised: (random) => (cost) => Math.log(Math.round(Math.exp(cost + PROCESS_SD * normal(random)) * 50) / 50),
  /** Rates instead of times: the caller says how many of them a second has. */
  throughput: (random) => (cost) => cost + PROCESS_SD * normal(random),
};

/** A machine's state with autocorrelation `phi` and standard deviation 2 %, and each process's own noise. */
function autoregressive(phi: number): Machine {
  const step = 0.02 * Math.sqrt(1 - phi * phi);
  return (random) => {
    let state = 0.02 * normal(random);
    return (cost) => {
      state = phi * state + step * normal(random);
      return cost + state + PROCESS_SD * normal(random);
    };
  };
}

/** Box and Muller's normal deviate. */
export function normal(random: RandomGenerator): number {
  return Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}
