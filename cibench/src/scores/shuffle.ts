/** Random orders. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Puts items into a random order, each as likely, where they stand (Fisher-Yates), and returns them. */
export function shuffle<T>(items: T[], rng: ReturnType<typeof xoroshiro128plus>): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = uniformInt(rng, 0, last);
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
