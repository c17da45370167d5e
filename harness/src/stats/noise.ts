/** Series of noise whose level never changes, of the kinds that benchmarks show. Seeded; for simulations. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * `independent`, `ar-0.3`, `ar-0.6`, `ar-0.8`: normal, the latter first-order autoregressive · `bimodal`: three values of
 * ten are 8 % higher · `heavy-tailed`: Student's t with 2.5 degrees of freedom · `bursts`: every tenth value is up to
 * 30 % higher.
 */
export const NOISE_KINDS = ["independent", "ar-0.3", "ar-0.6", "ar-0.8", "bimodal", "heavy-tailed", "bursts"] as const;
export type NoiseKind = (typeof NOISE_KINDS)[number];

const LEVEL = 100;

/** `n` values above 0 about 100; `sd` is the standard deviation of their logs (of the scale, where tails are heavy). */
export function noiseSeries(kind: NoiseKind, { n, sd, seed }: { n: number; sd: number; seed: number }): number[] {
  const draw = logNoise(kind, sd, seeded(seed));
  return Array.from({ length: n }, () => LEVEL * Math.exp(draw()));
}

/** Neighbouring seeds give streams that begin alike; scattered over 32 bits (the finalizer of MurmurHash3) they don't. */
function seeded(seed: number): RandomGenerator {
  let mixed = seed ^ 0x9e37_79b9;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  const random = xoroshiro128plus(mixed ^ (mixed >>> 16));
  for (let i = 0; i < WARM_UP; i++) random.next();
  return random;
}

/** Values of a generator that still show its seed. */
const WARM_UP = 64;

function logNoise(kind: NoiseKind, sd: number, random: RandomGenerator): () => number {
  const normal = normalSource(random);
  const autoregressed = (phi: number): (() => number) => {
    const next = autoregressive(phi, normal);
    return () => sd * next();
  };
  const kinds: Record<NoiseKind, () => () => number> = {
    independent: () => () => sd * normal(),
    "ar-0.3": () => autoregressed(0.3),
    "ar-0.6": () => autoregressed(0.6),
    "ar-0.8": () => autoregressed(0.8),
    bimodal: () => () => sd * normal() + (uniformFloat64(random) < 0.3 ? Math.log(1.08) : 0),
    "heavy-tailed": () => () => sd * studentT(2.5, random, normal),
    bursts: () => () => sd * normal() + (uniformFloat64(random) < 0.1 ? 0.3 * uniformFloat64(random) : 0),
  };
  return kinds[kind]();
}

/** Standard normal values, two at a time by Box and Muller. */
export function normalSource(random: RandomGenerator): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
    const angle = 2 * Math.PI * uniformFloat64(random);
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** A stationary first-order autoregressive process of variance 1. @param phi in (-1, 1) */
export function autoregressive(phi: number, normal: () => number): () => number {
  const innovation = Math.sqrt(1 - phi * phi);
  let state = normal();
  return () => {
    const value = state;
    state = phi * state + innovation * normal();
    return value;
  };
}

/** By the ratio of a normal to the root of a gamma variable. @see Marsaglia and Tsang, ACM TOMS 26, 2000 */
function studentT(degrees: number, random: RandomGenerator, normal: () => number): number {
  const d = degrees / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - uniformFloat64(random)) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return normal() / Math.sqrt((2 * d * v) / degrees);
  }
}
