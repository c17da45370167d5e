/** A share that was counted, with its exact 95 % interval. */
import { clopperPearson } from "@drift/corpora/clopper-pearson";

export interface Proportion {
  successes: number;
  of: number;
  low: number;
  high: number;
}

/** @param of at least 1 */
export function proportion(successes: number, of: number): Proportion {
  return { successes, of, ...clopperPearson(successes, of) };
}
