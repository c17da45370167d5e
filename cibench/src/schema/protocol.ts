/** What a program under test reads on standard input, a line each, and what it writes. */
import { z } from "zod";
import { CallSiteAnswer, ChangeAnswer, ModelUsage, ProposalAnswer, PropositionAnswer } from "./answer.ts";
import { Choice, ChoiceAnswer, ChoiceItem } from "./choice.ts";
import { ContextAnswer, ContextItem } from "./context.ts";
import { Feedback, RefinementAnswer, RefinementItem } from "./refinement.ts";
import { CallSiteItem, Category, ChangeItem, ProposalItem, PropositionItem } from "./task.ts";

/** Who are you? Asked once for each process; the reply is {@link HelloReply}. */
export const HelloRequest = z.strictObject({ type: z.literal("hello"), protocol: z.literal(1) });
export type HelloRequest = z.infer<typeof HelloRequest>;

/** What follows is about these files: time to read them. The reply is {@link OpenReply}. */
export const OpenRequest = z.strictObject({
  type: z.literal("open"),
  taskId: z.string(),
  category: Category,
  corpus: z.string(),
  /** Absolute path of the folder of the corpus. */
  root: z.string(),
  /** Files under measure, relative to it. */
  files: z.array(z.string()),
  /** Only about changes: the test files that are asked about. */
  testFiles: z.array(z.string()).optional(),
  /** Only where questions list choices: everything that can be chosen. */
  choices: z.array(Choice).optional(),
  /** Only about what has to be read: after how many tokens it is looked at, and what counts them. */
  budgets: z.array(z.int().positive()).optional(),
  tokenizer: z.string().optional(),
  /** Only where a draft is made better: how many answers can be given to each question. */
  rounds: z.int().min(1).optional(),
});
export type OpenRequest = z.infer<typeof OpenRequest>;

/** One question, of the form that the category of the task has; the reply is a {@link Prediction}. */
export const AskRequest = z.strictObject({
  type: z.literal("ask"),
  taskId: z.string(),
  item: z.union([CallSiteItem, ChangeItem, PropositionItem, ProposalItem, ChoiceItem, ContextItem, RefinementItem]),
});
export type AskRequest = z.infer<typeof AskRequest>;

/**
 * How far off the last answer to a question with a draft is. The reply is the next answer: a {@link Prediction} that chooses, as the
 * first reply to the question is.
 */
export const FeedbackRequest = z.strictObject({
  type: z.literal("feedback"),
  taskId: z.string(),
  itemId: z.string(),
  ...Feedback.shape,
});
export type FeedbackRequest = z.infer<typeof FeedbackRequest>;

export const ToolRequest = z.discriminatedUnion("type", [HelloRequest, OpenRequest, AskRequest, FeedbackRequest]);
export type ToolRequest = z.infer<typeof ToolRequest>;

export const HelloReply = z.strictObject({
  version: z.string().min(1).max(100),
  /** What it answers; nothing else is asked, and counts as unsupported. */
  categories: z.array(Category).default(["call-graph"]),
});
export type HelloReply = z.infer<typeof HelloReply>;

export const OpenReply = z.strictObject({ ready: z.literal(true) });
export type OpenReply = z.infer<typeof OpenReply>;

/** Every answer says which task it belongs to, and may say what it took of a language model. */
const about = { taskId: z.string(), usage: ModelUsage.optional() };

/** The answer to one question with the task that it belongs to: a line of a program, and of a file of predictions. */
export const Prediction = z.union([
  z.strictObject({ ...about, ...CallSiteAnswer.shape }),
  z.strictObject({ ...about, ...ChangeAnswer.shape }),
  z.strictObject({ ...about, ...PropositionAnswer.shape }),
  z.strictObject({ ...about, ...ProposalAnswer.shape }),
  z.strictObject({ ...about, ...ChoiceAnswer.shape }),
  z.strictObject({ ...about, ...ContextAnswer.shape }),
  z.strictObject({ ...about, ...RefinementAnswer.shape }),
]);
export type Prediction = z.infer<typeof Prediction>;
