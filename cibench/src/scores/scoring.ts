/** How the items of a category become one number. Who compares stored runs needs this and nothing else of a category. */
import { Stratum } from "@drift/corpora/truth";
import type { Category } from "../schema/task.ts";

/** The formula of a category; its README section says it in words. */
export interface Scoring {
  /** Kinds of items, in the order in which they are listed. */
  strata: readonly string[];
  /**
   * F1 of a stratum: of all its `edges` together, or the mean over its `items` of what each is worth. The latter is for
   * categories in which "nothing" can be the right answer.
   */
  stratumF1: "edges" | "items";
  /** Whether strata weigh the same in macro F1, or as many items as they have. */
  strataWeigh: "same" | "items";
  /** raw: the mean over `corpora` of their macro F1, or the macro F1 of the items of `all` corpora together. */
  raw: "corpora" | "all";
  /**
   * The corpora whose score counts with the weight of the category. Generated ones count alone where the truth can only be
   * planted: no real corpus has it.
   */
  weighs: "real" | "synthetic";
  /** With fewer items on these corpora a score is shown, and its weight is not counted as measured. */
  leastItems: number;
}

const CALL_GRAPH: Scoring = {
  strata: Stratum.options,
  stratumF1: "edges",
  strataWeigh: "same",
  raw: "corpora",
  weighs: "real",
  leastItems: 1,
};

/** Strata of the category about changes. */
export const CHANGE_STRATA = ["test-break", "compile-break", "no-break", "pair", "compile-pair"] as const;
export type ChangeStratum = (typeof CHANGE_STRATA)[number];

/** A corpus has few changes of some kinds, so that a mean over corpora would be one of chance. */
const CAUSAL_REASONING: Scoring = {
  strata: CHANGE_STRATA,
  stratumF1: "items",
  strataWeigh: "same",
  raw: "all",
  weighs: "real",
  leastItems: 100,
};

/** Strata of the category about rules: what a package lets in, and what a linter minds; changes that are rejected, others, and pairs. */
export const RULE_STRATA = [
  "boundary-violates",
  "boundary-allowed",
  "boundary-pair",
  "rule-violates",
  "rule-allowed",
  "rule-pair",
] as const;
export type RuleStratum = (typeof RULE_STRATA)[number];

/** A corpus has few pairs of some kinds. */
const ARCHITECTURAL_INTENT: Scoring = {
  strata: RULE_STRATA,
  stratumF1: "items",
  strataWeigh: "same",
  raw: "all",
  weighs: "real",
  leastItems: 100,
};

/** Of all statements, on all corpora as on each: half are true, as drawn. An abstention counts as a forecast of this. */
export const BASE_RATE = 0.5;

/** The expected squared error of who forecasts the base rate everywhere. */
export const BASE_ERROR = BASE_RATE * (1 - BASE_RATE);

/** The stratum of statements that nothing in a project decides. */
export const UNDECIDABLE = "undecidable";

/** Strata of the category of statements: kinds of calls, under names of their own, since who stores items tells categories by these. */
export const STATEMENT_STRATA = [...Stratum.options.map((stratum) => `statement-${stratum}` as const), UNDECIDABLE];

/**
 * Each statement is worth 1 − (p − truth)² / (b − b²), b the base rate, so that their mean is the Brier skill against it. An undecidable
 * one is worth, to who abstains there, what the decided one that it is paired with is, at least 0.
 */
const UNCERTAINTY_CALIBRATION: Scoring = {
  strata: STATEMENT_STRATA,
  stratumF1: "items",
  strataWeigh: "items",
  raw: "all",
  weighs: "real",
  leastItems: 200,
};

/** Strata of the category of what to read: what is called, who calls, and what a test depends on. */
export const CONTEXT_STRATA = ["read-callees", "read-callers", "read-breaks"] as const;

/** A corpus has few questions of a kind. */
const TOKEN_EFFICIENCY: Scoring = {
  strata: CONTEXT_STRATA,
  stratumF1: "items",
  strataWeigh: "same",
  raw: "all",
  weighs: "real",
  leastItems: 100,
};

/** Strata of the category of drafts: what is called, and who calls. */
export const REFINEMENT_STRATA = ["refine-callees", "refine-callers"] as const;

/** A corpus has few questions of a kind. */
const ITERATIVE_REFINEMENT: Scoring = { ...TOKEN_EFFICIENCY, strata: REFINEMENT_STRATA };

/** Questions with choices about what was planted: corpora are alike but for their language, and have few edges of some kinds. */
const planted = (strata: readonly string[]): Scoring => ({
  strata,
  stratumF1: "edges",
  strataWeigh: "same",
  raw: "all",
  weighs: "synthetic",
  leastItems: 100,
});

const SCORINGS: Partial<Record<Category, Scoring>> = {
  "pattern-recognition": planted([
    "pattern-envelope",
    "pattern-audit",
    "pattern-clamp",
    "pattern-layers",
    "copy-paste",
  ]),
  "call-graph": CALL_GRAPH,
  "data-flow": planted(["reach", "harm"]),
  "architectural-intent": ARCHITECTURAL_INTENT,
  "causal-reasoning": CAUSAL_REASONING,
  "uncertainty-calibration": UNCERTAINTY_CALIBRATION,
  "token-efficiency": TOKEN_EFFICIENCY,
  "compositional-reasoning": planted(["service", "repository", "logic", "core"]),
  "negative-knowledge": planted(["dead", "test-only", "edit"]),
  "iterative-refinement": ITERATIVE_REFINEMENT,
};

/** Categories that have tasks, in the order of reports. */
export const MEASURED = Object.keys(SCORINGS) as Category[];

/** Whether a score rests on enough items for its weight to count. */
export function isMeasured(category: Category, corpora: readonly { sites: number }[]): boolean {
  return corpora.reduce((sum, { sites }) => sum + sites, 0) >= scoringOf(category).leastItems;
}

/** The kind of corpora whose score counts with the weight of a category. */
export function weighedKind(category: Category): Scoring["weighs"] {
  return SCORINGS[category]?.weighs ?? "real";
}

/** Whether a category has tasks, and so a formula. */
export function hasTasks(category: Category): boolean {
  return category in SCORINGS;
}

/** The formula of a category that has tasks. */
export function scoringOf(category: Category): Scoring {
  return SCORINGS[category] as Scoring;
}
