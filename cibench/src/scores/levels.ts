/** From the scores of categories to those of levels and the total. */
import type { CategoryScore, LevelScore } from "../schema/score.ts";
import { CATEGORIES, type Category } from "../schema/task.ts";
import { estimate, RESAMPLES, type Resampled } from "./bootstrap.ts";
import { type JudgedCorpus, rawOfTables, tableOf } from "./category-score.ts";
import { normalise } from "./floor.ts";
import { expandedTail, type Influence } from "./influence.ts";
import { newCorporaOfLevel } from "./new-corpora.ts";

/** A category that is measured, and what was judged in it on the corpora that weigh. */
export interface MeasuredCategory {
  score: Extract<CategoryScore, { state: "scored" | "unsupported" }>;
  /** None where the tool does not support the category. */
  corpora: readonly JudgedCorpus[];
}

/**
 * Levels with a measured category, ascending, then the total of all levels: Σ weight · score / Σ weight over measured categories, signed. What is
 * unsupported is 0. The files of a corpus are drawn for all its categories at once, since the same file is read for all of them.
 *
 * @returns none where nothing is measured
 */
export function levelScores(measured: readonly MeasuredCategory[], seed: number): LevelScore[] {
  if (measured.length === 0) return [];
  const files = filesOf(measured);
  const drawn = measured.map((one) => drawnOf(one, files, seed));
  const levels = [...new Set(measured.map(({ score }) => CATEGORIES[score.category].level))].toSorted((a, b) => a - b);
  return [...levels, null].map((level): LevelScore => {
    const isOf = (category: Category): boolean => level === null || CATEGORIES[category].level === level;
    const own = drawn.filter(({ score }) => isOf(score.category));
    const measuredWeight = own.reduce((sum, { weight }) => sum + weight, 0);
    return {
      level,
      weight: Object.values(CATEGORIES).reduce(
        (sum, one) => sum + (level === null || one.level === level ? one.weight : 0),
        0,
      ),
      measuredWeight,
      score: { ...together(own, measuredWeight), n: own.length },
      newCorpora: newCorporaOfLevel(own.map(({ score }) => score)),
    };
  });
}

/** A category with its resamples; null where it is 0 whatever is drawn. */
interface Drawn {
  score: MeasuredCategory["score"];
  weight: number;
  resampled: Resampled | null;
  /** On the score, of each corpus by its id. */
  influences: ReadonlyMap<string, Influence>;
}

function drawnOf(
  { score, corpora }: MeasuredCategory,
  files: ReadonlyMap<string, readonly string[]>,
  seed: number,
): Drawn {
  const weight = CATEGORIES[score.category].weight;
  if (score.state === "unsupported") return { score, weight, resampled: null, influences: new Map() };
  const tables = corpora.map((corpus) => tableOf(score.category, corpus, files.get(corpus.id)));
  const { raw, influences } = rawOfTables(tables, seed);
  const scale = 1 - score.floor;
  return {
    score,
    weight,
    resampled: {
      ...raw,
      value: normalise(raw.value, score.floor),
      draws: raw.draws.map((draw) => normalise(draw, score.floor)),
    },
    influences: new Map(corpora.map(({ id }, at) => [id, (influences[at] as Influence).map((one) => one / scale)])),
  };
}

function together(parts: readonly Drawn[], weights: number) {
  const scored = parts.filter((part): part is Drawn & { resampled: Resampled } => part.resampled !== null);
  const sumOf = (of: (resampled: Resampled) => number): number =>
    scored.reduce((sum, { weight, resampled }) => sum + (weight / weights) * of(resampled), 0);
  const byCorpus = new Map<string, Influence>();
  for (const { weight, influences } of scored) {
    for (const [corpus, own] of influences) {
      const sum = byCorpus.get(corpus);
      byCorpus.set(
        corpus,
        own.map((one, file) => (sum?.[file] ?? 0) + (weight / weights) * one),
      );
    }
  }
  const draws = Float64Array.from({ length: RESAMPLES }, (_, draw) => sumOf((one) => one.draws[draw] as number));
  const clusters = Math.min(...scored.map(({ resampled }) => resampled.clusters));
  return estimate({ value: sumOf(({ value }) => value), n: 0, clusters, draws }, expandedTail([...byCorpus.values()]));
}

/** The files of each corpus that any category asks about, sorted. */
function filesOf(measured: readonly MeasuredCategory[]): Map<string, string[]> {
  const files = Map.groupBy(
    measured.flatMap(({ corpora }) => corpora),
    ({ id }) => id,
  );
  return new Map(
    [...files].map(([id, own]) => [
      id,
      [...new Set(own.flatMap(({ outcomes }) => outcomes.map(({ file }) => file)))].sort(),
    ]),
  );
}
