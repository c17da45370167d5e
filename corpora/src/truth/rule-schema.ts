/**
 * Ground truth about rules that a repository enforces: a concrete change, and what the checker that the repository chose, with
 * the repository's own configuration, says about it. Nothing here is read out of the configuration: it was run.
 */
import path from "node:path";
import { z } from "zod";
import { MANIFEST_ROOT } from "../manifest.ts";
import { Dropped } from "./change-schema.ts";
import { TRUTH_HEAD } from "./head.ts";
import { readGzipped, writeGzipped } from "./stored-gzip.ts";

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What is proposed to the repository. */
export const Proposal = z.discriminatedUnion("kind", [
  /** A text of ours behind the end of a file: after what {@link appended} says. */
  z.strictObject({
    kind: z.literal("append"),
    file: z.string(),
    text: z.string().min(1),
    /** sha256 of the file as it is, and with the text. */
    before: sha256,
    after: sha256,
  }),
  /** A module outside of the package reaches for this, by `import` or `require`. */
  z.strictObject({ kind: z.literal("reach"), by: z.enum(["import", "require"]), specifier: z.string().min(1) }),
]);
export type Proposal = z.infer<typeof Proposal>;

export const RuleItem = z.strictObject({
  /** Unique within the corpus. */
  id: z.string(),
  /** The name of the oracle that says so. */
  by: z.string(),
  /** Which of our texts it is, or `reach`: the same name elsewhere is the same question about another place. */
  name: z.string(),
  proposal: Proposal,
  verdict: z.enum(["violates", "allowed"]),
  /** Codes of the rules that the checker names because of the change, sorted; none when it is allowed. */
  said: z.array(z.string()),
});
export type RuleItem = z.infer<typeof RuleItem>;

/** Two items that differ in one thing only: the place of one text, or how the same is written in one place. */
export const RulePair = z.strictObject({
  violates: z.string(),
  allowed: z.string(),
  by: z.enum(["place", "form"]),
});
export type RulePair = z.infer<typeof RulePair>;

/** A checker that the corpus chose, and what it was asked. */
export const RuleOracle = z.strictObject({
  kind: z.literal("rule"),
  name: z.string(),
  version: z.string(),
  sharesCodeWith: z.array(z.string()),
  /** Files of the corpus that say what is enforced. */
  declaredIn: z.array(z.string()).min(1),
  /** Runs with each change, all of which said the same. */
  repeats: z.int().min(1),
  /** Changes that were put to it, from which the items were drawn, by what it said; and what was left out, and why. */
  asked: z.strictObject({ violates: count, allowed: count }),
  dropped: z.array(Dropped),
});
export type RuleOracle = z.infer<typeof RuleOracle>;

/** All truth about the rules of one corpus. */
export const RuleTruth = z.strictObject({
  ...TRUTH_HEAD,
  /** What derives it again. */
  command: z.string(),
  oracles: z.array(RuleOracle).min(1),
  items: z.array(RuleItem),
  pairs: z.array(RulePair),
});
export type RuleTruth = z.infer<typeof RuleTruth>;

/** A text with ours behind its end, two lines apart. */
export function appended(text: string, ours: string): string {
  const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${whole}\n\n${ours}\n`;
}

/** Where the truth of a real corpus about its rules is stored. */
export function storedRulesFile(id: string, root: string = MANIFEST_ROOT): string {
  return path.join(root, "real", id, "truth", "rule.json.gz");
}

/** What is stored; null when nothing is. @throws CorpusError `CORPUS_TRUTH` when the file is damaged */
export async function readStoredRules(id: string, root: string = MANIFEST_ROOT): Promise<RuleTruth | null> {
  return readGzipped(RuleTruth, { file: storedRulesFile(id, root), id, kind: "rule" });
}

/** Stores truth, whole or not at all. */
export async function writeStoredRules(truth: RuleTruth, root: string = MANIFEST_ROOT): Promise<void> {
  await writeGzipped(truth, storedRulesFile(truth.corpus, root));
}
