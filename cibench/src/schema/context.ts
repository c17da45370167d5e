/**
 * Questions about what has to be read: a tool ranks stretches of files, and what it costs to read them is counted in tokens. No
 * tool words anything, so that nothing depends on how.
 */
import { z } from "zod";
import { Subject } from "./choice.ts";

const line = z.int().min(1);

/** What is asked, for programs: the questions of one kind differ in what they are about alone. */
export const ContextKind = z.enum(["callees", "callers", "breaks"]);
export type ContextKind = z.infer<typeof ContextKind>;

/** One question. The file that it is about is open already: nothing of it is asked for. */
export const ContextItem = z.strictObject({
  id: z.string(),
  kind: ContextKind,
  question: z.string(),
  /** A function, or a test file. */
  subject: Subject,
});
export type ContextItem = z.infer<typeof ContextItem>;

/** All questions of what has to be read about one corpus. It holds no truth. */
export const ContextTask = z.strictObject({
  id: z.string(), // token-efficiency/<corpus>
  version: z.int().min(1),
  level: z.literal(3),
  category: z.literal("token-efficiency"),
  corpus: z.string(),
  /** What counts the tokens: an encoding of OpenAI's tokenizers. */
  tokenizer: z.string(),
  /** Tokens after which recall is taken, each twice the one before. */
  budgets: z.array(z.int().positive()),
  /** Files of which lines can be answered, relative to the corpus root; what else lies there may be read, too. */
  files: z.array(z.string()),
  items: z.array(ContextItem),
});
export type ContextTask = z.infer<typeof ContextTask>;

/** Lines of one file: the first and the last, both included. */
export const Excerpt = z.strictObject({ file: z.string(), line, endLine: line });
export type Excerpt = z.infer<typeof Excerpt>;

/** The answer to one question: what to read, the most important first. Nothing to read is worth nothing. */
export const ContextAnswer = z.strictObject({
  itemId: z.string(),
  /** Each is paid for, a line that was read before too. Lines that do not exist make the whole answer malformed. */
  excerpts: z.array(Excerpt).max(10_000),
  /** Why there is nothing, in the tool's own words. */
  reason: z.string().optional(),
});
export type ContextAnswer = z.infer<typeof ContextAnswer>;
