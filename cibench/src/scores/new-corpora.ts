/** Intervals "for new corpora": how a tool would do on corpora that nobody chose yet. Pure. */
import type { NewCorpora } from "../schema/estimate.ts";
import type { CategoryScore, CorpusScore } from "../schema/score.ts";
import { CATEGORIES } from "../schema/task.ts";
import { normalise } from "./floor.ts";
import { studentQuantile } from "./student.ts";

/** With fewer, Student's interval is so wide that it says nothing, and rests on its assumptions alone. */
export const FEWEST_CORPORA = 5;

type Scored = Extract<CategoryScore, { state: "scored" }>;

/** What of a score these intervals rest on. */
export interface ScoredCorpora {
  floor: number;
  corpora: readonly Pick<CorpusScore, "corpus" | "macroF1">[];
}

/**
 * 95 % interval of the mean of corpora not seen: mean ± t · s / √G with G − 1 degrees of freedom.
 *
 * @param values one per corpus
 * @returns null for fewer than {@link FEWEST_CORPORA}
 * @see Student, Biometrika 6 (1908)
 */
export function meanOfNewCorpora(values: readonly number[]): { value: number; low: number; high: number } | null {
  const count = values.length;
  if (count < FEWEST_CORPORA) return null;
  const value = mean(values);
  const half = studentQuantile(count - 1) * Math.sqrt(squaredError(values));
  return { value, low: value - half, high: value + half };
}

/**
 * Of a category: every corpus has its own score, (macro F1 − floor) / (1 − floor) with the floor of the category, and weighs the same. Where the
 * score takes the items of all corpora together the mean over corpora is another number, which stands beside it.
 */
export function newCorporaOfCategory(score: ScoredCorpora): NewCorpora {
  if (score.floor >= 1) return none(score.corpora.length, FLOOR_OF_ONE);
  const scores = scoresOf(score);
  const interval = meanOfNewCorpora(scores);
  if (interval !== null) return { ...interval, corpora: scores.length, reason: null };
  return none(scores.length, "too few corpora");
}

/**
 * Of a level or total: Σ weight · mean over corpora / Σ weight. What a corpus contributes in several categories is taken together, since the
 * same tool reads the same code there. With d = (score − mean) · weight / √(G(G − 1)) summed per corpus, the squared error is Σ d². Categories that share a corpus
 * form a group, with the degrees of freedom of the one with the fewest corpora; those of the whole are Satterthwaite's over groups.
 *
 * @param scores the categories that are measured, at least one; what is unsupported is 0 everywhere and has no corpora
 * @see Satterthwaite, Biometrics Bulletin 2 (1946); Welch, Biometrika 34 (1947)
 */
export function newCorporaOfLevel(scores: readonly CategoryScore[]): NewCorpora {
  const weights = scores.reduce((sum, { category }) => sum + CATEGORIES[category].weight, 0);
  const scored = scores.filter((score) => score.state === "scored");
  const parts = scored.map((score) => partOf(score, CATEGORIES[score.category].weight / weights));
  const corpora = new Set(parts.flatMap(({ deviations }) => [...deviations.keys()])).size;
  const few = parts.filter(({ count }) => count < FEWEST_CORPORA).map(({ title }) => title.toLowerCase());
  if (parts.length === 0) return none(0, "nothing is scored");
  if (scored.some(({ floor }) => floor >= 1)) return none(corpora, FLOOR_OF_ONE);
  if (few.length > 0) return none(corpora, `too few corpora (${few.join(", ")})`);
  let [variance, squares] = [0, 0];
  for (const group of groupsOf(parts)) {
    const together = new Map<string, number>();
    for (const { deviations } of group) {
      for (const [corpus, one] of deviations) together.set(corpus, (together.get(corpus) ?? 0) + one);
    }
    const own = [...together.values()].reduce((sum, one) => sum + one ** 2, 0);
    variance += own;
    squares += own ** 2 / (Math.min(...group.map(({ count }) => count)) - 1);
  }
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  const half = variance === 0 ? 0 : studentQuantile(variance ** 2 / squares) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half, corpora, reason: null };
}

const FLOOR_OF_ONE = "a trivial answer reaches 1";

/** One category in a weighed mean. */
interface Part {
  title: string;
  count: number;
  /** Its mean over corpora, times its weight. */
  value: number;
  deviations: ReadonlyMap<string, number>;
}

function partOf(score: Scored, weight: number): Part {
  const own = score.corpora.filter(({ macroF1 }) => macroF1.value !== null);
  const values = scoresOf(score);
  const [count, middle] = [values.length, mean(values)];
  const scale = weight / Math.sqrt(count * (count - 1));
  return {
    title: CATEGORIES[score.category].title,
    count,
    value: weight * middle,
    deviations: new Map(own.map(({ corpus }, at) => [corpus, scale * ((values[at] as number) - middle)])),
  };
}

/** Parts that are linked by corpora which they share. */
function groupsOf(parts: readonly Part[]): Part[][] {
  let groups: Part[][] = [];
  for (const part of parts) {
    const isLinked = (group: readonly Part[]) =>
      group.some(({ deviations }) => [...deviations.keys()].some((corpus) => part.deviations.has(corpus)));
    groups = [...groups.filter((group) => !isLinked(group)), [...groups.filter(isLinked).flat(), part]];
  }
  return groups;
}

/** The score of each corpus about which truth says anything. */
function scoresOf({ corpora, floor }: ScoredCorpora): number[] {
  return corpora.flatMap(({ macroF1 }) => (macroF1.value === null ? [] : [normalise(macroF1.value, floor)]));
}

function none(corpora: number, reason: string): NewCorpora {
  return { value: null, low: null, high: null, corpora, reason };
}

/** Squared standard error of a mean. */
function squaredError(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (values.length * (values.length - 1));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
