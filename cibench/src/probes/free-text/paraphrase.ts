/** Whether a clause means what a phrasing says, by the cosine of an embedding model. Pure. */
import type { Paraphrase } from "./score.ts";

/** Turns texts into vectors of length 1. */
export type Embed = (texts: readonly string[]) => Promise<ReadonlyMap<string, Float64Array>>;

/**
 * From this cosine on a clause means what a phrasing says. Chosen with all-MiniLM-L6-v2 on seen phrasings, those with the same words left
 * out: there it tells best between what is stated and what is only mentioned (Youden's index).
 */
export const SIMILAR = 0.3;

/**
 * Asks the model once, about all that `score` wants to know.
 *
 * @param score scores answers, whatever it returns
 */
export async function paraphraseBy(embed: Embed, score: (paraphrase: Paraphrase) => unknown): Promise<Paraphrase> {
  const texts = new Set<string>();
  score((clause, phrasing) => {
    texts.add(clause).add(phrasing);
    return false;
  });
  const vectors = await embed([...texts]);
  return (clause, phrasing) => {
    const [one, other] = [vectors.get(clause), vectors.get(phrasing)];
    return one !== undefined && other !== undefined && dot(one, other) >= SIMILAR;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
