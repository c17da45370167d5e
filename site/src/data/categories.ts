/** What the benchmark means to measure. The weights are the suite's; a test holds them equal to it. */
import type { Board } from "./board.ts";

/** One planned category: weight in points of 100. */
export interface PlannedCategory {
  id: string;
  title: string;
  level: 1 | 2 | 3 | 4;
  weight: number;
}

export const LEVELS = { 1: "Perception", 2: "Understanding", 3: "Application", 4: "Validation" } as const;

export const PLANNED_CATEGORIES: readonly PlannedCategory[] = [
  { id: "pattern-recognition", title: "Pattern recognition with outliers", level: 1, weight: 10 },
  { id: "call-graph", title: "Call graph", level: 1, weight: 10 },
  { id: "data-flow", title: "Data flow", level: 1, weight: 10 },
  { id: "architectural-intent", title: "Architectural intent", level: 2, weight: 12 },
  { id: "causal-reasoning", title: "Causal reasoning", level: 2, weight: 15 },
  { id: "uncertainty-calibration", title: "Uncertainty calibration", level: 2, weight: 8 },
  { id: "token-efficiency", title: "Token efficiency", level: 3, weight: 8 },
  { id: "compositional-reasoning", title: "Compositional reasoning", level: 3, weight: 7 },
  { id: "negative-knowledge", title: "Negative knowledge", level: 3, weight: 6 },
  { id: "iterative-refinement", title: "Iterative refinement", level: 3, weight: 4 },
  { id: "human-agreement", title: "Agreement with human judgement", level: 4, weight: 10 },
];

/** What a category asks about, and what its raw figure is called. */
export function wordsOf(category: string): { item: string; raw: string; rawTitle: string } {
  return category === "call-graph"
    ? { item: "call site", raw: "macro-F1", rawTitle: "Macro-F1" }
    : { item: "item", raw: "raw", rawTitle: "Raw" };
}

/** The boards that show a category, real corpora first; none when it is not measured. */
export function boardsOfCategory(boards: Board[], id: string): Board[] {
  return boards.filter((board) => board.category === id);
}
