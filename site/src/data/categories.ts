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

/** How one category is spoken of. */
export interface CategoryWords {
  /** One thing that is asked about, and several of them. */
  item: string;
  items: string;
  /** The name of its raw figure within a sentence and at its head. */
  raw: string;
  rawTitle: string;
  /** What is true where no answer is right. */
  nothing: string;
}

const WORDS: Record<string, CategoryWords> = {
  "call-graph": {
    item: "call site",
    items: "call sites",
    raw: "macro-F1",
    rawTitle: "Macro-F1",
    nothing: "nothing is certain",
  },
  "data-flow": { item: "question", items: "questions", raw: "raw", rawTitle: "Raw", nothing: "at none" },
  "pattern-recognition": { item: "file", items: "files", raw: "raw", rawTitle: "Raw", nothing: "none" },
  "compositional-reasoning": {
    item: "function",
    items: "functions",
    raw: "raw",
    rawTitle: "Raw",
    nothing: "through none",
  },
  "negative-knowledge": { item: "question", items: "questions", raw: "raw", rawTitle: "Raw", nothing: "none" },
  "causal-reasoning": {
    item: "change",
    items: "changes",
    raw: "raw",
    rawTitle: "Raw",
    nothing: "nothing was seen to break",
  },
  "architectural-intent": {
    item: "change",
    items: "changes",
    raw: "raw",
    rawTitle: "Raw",
    nothing: "no rule rejects it",
  },
  "token-efficiency": {
    item: "question",
    items: "questions",
    raw: "area under recall",
    rawTitle: "Area under recall",
    nothing: "no line of another file",
  },
  "iterative-refinement": {
    item: "draft",
    items: "drafts",
    raw: "share repaired",
    rawTitle: "Share repaired",
    nothing: "none",
  },
  "uncertainty-calibration": {
    item: "statement",
    items: "statements",
    raw: "Brier skill",
    rawTitle: "Brier skill",
    nothing: "it cannot",
  },
};

/** The words of a category; plain ones for a category that has none of its own. */
export function wordsOf(category: string): CategoryWords {
  return (
    (Object.hasOwn(WORDS, category) && WORDS[category]) || {
      item: "item",
      items: "items",
      raw: "raw",
      rawTitle: "Raw",
      nothing: "nothing",
    }
  );
}

/** The title of a category as planned, else its id. */
export function titleOf(category: string): string {
  return PLANNED_CATEGORIES.find(({ id }) => id === category)?.title ?? category;
}

const NEGATIVE: Readonly<Record<string, string>> = {
  dead: "Which functions of the file does nothing need?",
  "test-only": "Which functions of the file do tests alone need?",
  edit: "Which file is edited by hand to change what the function gives?",
};

const READING: Readonly<Partial<Record<string, string>>> = {
  callees: "Which lines of other files hold the functions that calls in % enter?",
  callers: "Which lines of other files call %?",
  breaks: "In which lines can a change be that makes tests of this file fail?",
};

/** What a tool was asked about one item, in a sentence. `place` is `file:line:column`. */
export function questionOf(category: string, item: { callee: string | null; syntax: string; place: string }): string {
  switch (category) {
    case "call-graph":
      return `Which definitions can ${item.callee === null ? "the call" : `the call of ${item.callee}`} at ${item.place} reach?`;
    case "causal-reasoning":
      return item.syntax.includes("pair")
        ? `Of the two changes at ${item.place}, which breaks something, and what?`
        : `If the change "${item.syntax}" is made at ${item.place}, which test files fail, and which of the package's own files no longer compile?`;
    case "architectural-intent":
      return item.syntax.startsWith("pair")
        ? `Of two changes put to the repository at ${item.place}, which does a rule that it enforces reject?`
        : `If the change "${item.syntax}" is put to the repository at ${item.place}, does a rule that it enforces reject it, and which?`;
    case "uncertainty-calibration":
      return `How probable is it that ${item.callee === null ? "the call" : `the call of ${item.callee}`} at ${item.place} can reach the definition named below?`;
    case "data-flow":
      return item.syntax === "harm"
        ? `At which calls can the value that is read at ${item.place} do harm?`
        : `At which calls does the value that is read at ${item.place} arrive?`;
    case "pattern-recognition":
      return `Which functions of the file break the stated convention? (${item.place})`;
    case "compositional-reasoning":
      return `Through which routes can a request that was not checked make ${item.callee ?? "the function"} at ${item.place} run?`;
    case "iterative-refinement":
      return item.syntax === "callees"
        ? `Which functions do calls in ${item.callee ?? "the function"} at ${item.place} enter, if a draft is half right?`
        : `Which functions call ${item.callee ?? "the function"} at ${item.place}, if a draft is half right?`;
    case "token-efficiency":
      return (
        (READING[item.syntax] ?? titleOf(category)).replace("%", item.callee ?? "the function") + ` (${item.place})`
      );
    case "negative-knowledge":
      return (Object.hasOwn(NEGATIVE, item.syntax) && NEGATIVE[item.syntax]) || `${titleOf(category)}: ${item.place}`;
    default:
      return `${titleOf(category)}: ${item.callee ?? item.syntax} at ${item.place}`;
  }
}

/** The boards that show a category, real corpora first; none when it is not measured. */
export function boardsOfCategory(boards: Board[], id: string): Board[] {
  return boards.filter((board) => board.category === id);
}
