/** What a tool is asked. */
import { Position, SiteSyntax, Span } from "@drift/corpora/truth";
import { z } from "zod";
import type { ChoiceTask } from "./choice.ts";
import type { ContextTask } from "./context.ts";
import type { RefinementTask } from "./refinement.ts";

/** The categories of the benchmark, with their level and weight in points of 100 (design 3.3). */
export const CATEGORIES = {
  "pattern-recognition": { level: 1, weight: 10, title: "Pattern recognition with outliers" },
  "call-graph": { level: 1, weight: 10, title: "Call graph" },
  "data-flow": { level: 1, weight: 10, title: "Data flow" },
  "architectural-intent": { level: 2, weight: 12, title: "Architectural intent" },
  "causal-reasoning": { level: 2, weight: 15, title: "Causal reasoning" },
  "uncertainty-calibration": { level: 2, weight: 8, title: "Uncertainty calibration" },
  "token-efficiency": { level: 3, weight: 8, title: "Token efficiency" },
  "compositional-reasoning": { level: 3, weight: 7, title: "Compositional reasoning" },
  "negative-knowledge": { level: 3, weight: 6, title: "Negative knowledge" },
  "iterative-refinement": { level: 3, weight: 4, title: "Iterative refinement" },
  "human-agreement": { level: 4, weight: 10, title: "Agreement with human judgement" },
} as const;

export const Category = z.enum(Object.keys(CATEGORIES) as [keyof typeof CATEGORIES, ...(keyof typeof CATEGORIES)[]]);
export type Category = z.infer<typeof Category>;

/** Points of the levels for which data can exist today: 100 without level 4, which waits for human judgement. */
export const ATTAINABLE_WEIGHT = Object.values(CATEGORIES).reduce(
  (sum, { level, weight }) => sum + (level === 4 ? 0 : weight),
  0,
);

/** One question: "which definitions can this call reach?" */
export const CallSiteItem = z.strictObject({
  id: z.string(),
  file: z.string(),
  span: Span,
  callee: z.strictObject({ name: z.string(), ...Position.shape }).nullable(),
  syntax: SiteSyntax,
});
export type CallSiteItem = z.infer<typeof CallSiteItem>;

/** All questions about the calls of one corpus. It holds no truth: adapters see this and the files only. */
export const CallGraphTask = z.strictObject({
  id: z.string(), // call-graph/<corpus>
  version: z.int().min(1),
  level: z.literal(1),
  category: z.literal("call-graph"),
  corpus: z.string(),
  /** Files under measure, relative to the corpus root. */
  files: z.array(z.string()),
  items: z.array(CallSiteItem),
});
export type CallGraphTask = z.infer<typeof CallGraphTask>;

/** One question: "if this change is made, which tests break, or which of the package's own files no longer compile?" */
export const ChangeItem = z.strictObject({
  id: z.string(),
  file: z.string(),
  /** What is replaced; an insertion ends where it starts. */
  span: Span,
  /** The kind of change, e.g. `negate-condition`. */
  operator: z.string(),
  /** The text at `span` as it is, and what stands there with the change. */
  before: z.string(),
  after: z.string(),
});
export type ChangeItem = z.infer<typeof ChangeItem>;

/** All questions about changes of one corpus. Each change is made alone, to the corpus as it is. */
export const ChangeTask = z.strictObject({
  id: z.string(), // causal-reasoning/<corpus>
  version: z.int().min(1),
  level: z.literal(2),
  category: z.literal("causal-reasoning"),
  corpus: z.string(),
  /** Files that are changed, relative to the corpus root; what else lies there may be read, too. */
  files: z.array(z.string()),
  /** The test files that are asked about: in each at least one test passes without a change. */
  testFiles: z.array(z.string()),
  items: z.array(ChangeItem),
});
export type ChangeTask = z.infer<typeof ChangeTask>;

/**
 * One statement: "this call can reach this definition". Where it `asks` whether the call "enters" the definition, it is one about runs: "when this
 * call runs, it enters this definition", of a run of which nothing is known but what lies in the repository.
 */
export const PropositionItem = z.strictObject({
  id: z.string(),
  file: z.string(),
  /** Of the whole call expression. */
  span: Span,
  callee: z.strictObject({ name: z.string(), ...Position.shape }).nullable(),
  syntax: SiteSyntax,
  /** The definition, by its first character; `name` is what it is called in its file. */
  target: z.strictObject({ name: z.string(), file: z.string(), span: Span }),
  asks: z.literal("enters").optional(),
});
export type PropositionItem = z.infer<typeof PropositionItem>;

/**
 * Statements about the calls of one corpus, half of which are true; the same for every tool. It does not say which. Of those about runs as
 * many again are undecidable: what is set outside of the repository decides them.
 */
export const PropositionTask = z.strictObject({
  id: z.string(), // uncertainty-calibration/<corpus>
  version: z.int().min(1),
  level: z.literal(2),
  category: z.literal("uncertainty-calibration"),
  corpus: z.string(),
  /** Files under measure, relative to the corpus root. */
  files: z.array(z.string()),
  items: z.array(PropositionItem),
});
export type PropositionTask = z.infer<typeof PropositionTask>;

/** One question: "if this change is made, does a rule that the repository enforces reject it, and which?" */
export const ProposalItem = z.strictObject({
  id: z.string(),
  change: z.discriminatedUnion("kind", [
    /** The text is put behind the end of the file, two empty lines apart. */
    z.strictObject({ kind: z.literal("append"), file: z.string(), text: z.string() }),
    /** A module outside of the package reaches for this. */
    z.strictObject({ kind: z.literal("reach"), by: z.enum(["import", "require"]), specifier: z.string() }),
  ]),
});
export type ProposalItem = z.infer<typeof ProposalItem>;

/** All changes that are put to one corpus, each alone, to the corpus as it is. Its configuration lies there, too. */
export const RuleTask = z.strictObject({
  id: z.string(), // architectural-intent/<corpus>
  version: z.int().min(1),
  level: z.literal(2),
  category: z.literal("architectural-intent"),
  corpus: z.string(),
  /** Files that are changed, relative to the corpus root; what else lies there may be read, too. */
  files: z.array(z.string()),
  items: z.array(ProposalItem),
});
export type RuleTask = z.infer<typeof RuleTask>;

/** The task of any category. */
export type AnyTask =
  CallGraphTask | ChangeTask | PropositionTask | RuleTask | ChoiceTask | ContextTask | RefinementTask;
