/** Numbers drawn from a seed: the same ones everywhere. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Dice } from "./module-builder.ts";

export function diceOf(seed: number): Dice {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
}
