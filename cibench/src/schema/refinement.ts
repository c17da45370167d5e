/**
 * Questions with a draft answer that is partly wrong, to be made better in rounds. Feedback counts and never names, so that no text
 * holds the answer.
 */
import { z } from "zod";
import { Choice, Subject } from "./choice.ts";

const count = z.int().nonnegative();

/** How many that were chosen are wrong, and how many that are right were not chosen. */
export const Feedback = z.strictObject({ wrong: count, missing: count });
export type Feedback = z.infer<typeof Feedback>;

/** What is asked, for programs. */
export const RefinementKind = z.enum(["callees", "callers"]);
export type RefinementKind = z.infer<typeof RefinementKind>;

/** One question, with the answer that is to be made better and what there is to say of it. */
export const RefinementItem = z.strictObject({
  id: z.string(),
  kind: RefinementKind,
  question: z.string(),
  subject: Subject,
  /** Ids among the choices of the task; several of them are right. */
  choices: z.array(z.string()),
  draft: z.array(z.string()).min(1),
  feedback: Feedback,
});
export type RefinementItem = z.infer<typeof RefinementItem>;

/** All questions with a draft about one corpus. It holds no truth but how much of each draft is right. */
export const RefinementTask = z.strictObject({
  id: z.string(), // iterative-refinement/<corpus>
  version: z.int().min(1),
  level: z.literal(3),
  category: z.literal("iterative-refinement"),
  corpus: z.string(),
  /** Answers that can be given to each question; after each but the last there is feedback. The last that is given counts. */
  rounds: z.int().min(1),
  /** Files that the questions are about, relative to the corpus root; what else lies there may be read, too. */
  files: z.array(z.string()),
  /** Everything that can be chosen in any question, in source order. */
  choices: z.array(Choice),
  items: z.array(RefinementItem),
});
export type RefinementTask = z.infer<typeof RefinementTask>;

/** What is chosen in one round; as with other choices, what is at least as likely as not is claimed. */
export const Chosen = z
  .array(z.strictObject({ choice: z.string(), probability: z.number().min(0).max(1) }))
  .max(10_000);
export type Chosen = z.infer<typeof Chosen>;

/** The answers to one question, in the order of the rounds. */
export const RefinementAnswer = z.strictObject({
  itemId: z.string(),
  rounds: z.array(Chosen).min(1).max(10),
});
export type RefinementAnswer = z.infer<typeof RefinementAnswer>;
