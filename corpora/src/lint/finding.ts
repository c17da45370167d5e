/** What `corpora lint` finds. */
import { z } from "zod";

/** Names of the rules, for filtering. */
export const LintRule = z.enum([
  "manifest",
  "family",
  "licence",
  "canary",
  "stored-truth",
  "size",
  "unique",
  "reference",
  "consistent",
  "position",
  "answer-leak",
  "duplicate",
  "erratum",
  "constant",
]);
export type LintRule = z.infer<typeof LintRule>;

/** Something that is not as it must be. */
export const Finding = z.strictObject({
  corpus: z.string(),
  rule: LintRule,
  /** Id of the site or definition, or a file of the checkout. */
  at: z.string(),
  message: z.string(),
});
export type Finding = z.infer<typeof Finding>;
