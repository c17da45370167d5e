/** A run's points by level of the benchmark: the parts of its stored total. */
import { type Board, readLeaderboard } from "./board.ts";
import type { LEVELS } from "./categories.ts";
import type { Store } from "./open.ts";
import { type CategoryScore, listCategoryScores } from "./scores.ts";

export type Level = keyof typeof LEVELS;

/** What one level gave a run. */
export interface LevelPoints {
  level: Level;
  /** Σ weight · max(0, score) over its measured categories, as the total counts them; null when none is measured. */
  points: number | null;
  /** Points of its measured categories, and of all that are planned. */
  measured: number;
  planned: number;
}

/**
 * The points of a run by level, levels 1 to 4. A category counts by its score on real code, and on generated code where
 * no real code has truth; one that the tool does not support is measured and gives 0.
 */
export function levelPoints(store: Store, runId: string): LevelPoints[] {
  const { boards } = readLeaderboard(store);
  const scores = listCategoryScores(store, runId);
  return ([1, 2, 3, 4] as const).map((level) => {
    const own = scores.filter((score) => score.level === level);
    const categories = new Map(own.map(({ category, weight }) => [category, weight]));
    const weights = [...categories].map(([category, weight]) => ({
      weight,
      share: countedShare(category, own, boards),
    }));
    const measured = weights.filter(({ share }) => share !== null);
    return {
      level,
      points: measured.length === 0 ? null : sum(measured.map(({ weight, share }) => weight * (share ?? 0))),
      measured: sum(measured.map(({ weight }) => weight)),
      planned: sum([...categories.values()]),
    };
  });
}

/** The share of a category's points that a run gets, in [0, 1]; null when the category is not measured. */
function countedShare(category: string, scores: readonly CategoryScore[], boards: readonly Board[]): number | null {
  const kinds = boards.filter((board) => board.category === category).map(({ kind }) => kind);
  const kind = kinds.includes("real") ? "real" : kinds[0];
  const own = scores.filter((score) => score.category === category);
  const score = own.find((one) => one.state === "scored" && one.kind === kind);
  if (score !== undefined) return Math.max(0, score.score.value ?? 0);
  return kind !== undefined && own.some(({ state }) => state === "unsupported") ? 0 : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
