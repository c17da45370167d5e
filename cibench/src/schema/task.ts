/** What a tool is asked. */
import { Position, SiteSyntax, Span } from "@drift/corpora/truth";
import { z } from "zod";

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
