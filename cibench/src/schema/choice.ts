/**
 * Questions with listed choices: which of these sinks, functions, routes or files? One form for all categories whose truth is
 * planted, so that nothing depends on how a tool words an answer.
 */
import { Span } from "@drift/corpora/truth";
import { z } from "zod";

/** Categories that ask such questions. */
export const ChoiceCategory = z.enum([
  "data-flow",
  "pattern-recognition",
  "compositional-reasoning",
  "negative-knowledge",
]);
export type ChoiceCategory = z.infer<typeof ChoiceCategory>;

/** What can be chosen, by its place; `span` is null for a whole file. `name` is that of a function, or the path of a route. */
export const Choice = z.strictObject({
  id: z.string(),
  file: z.string(),
  span: Span.nullable(),
  name: z.string().nullable(),
});
export type Choice = z.infer<typeof Choice>;

/** Something that a question is about. */
export const Subject = z.strictObject({
  role: z.enum(["source", "function", "check", "file"]),
  name: z.string().nullable(),
  file: z.string(),
  span: Span.nullable(),
});
export type Subject = z.infer<typeof Subject>;

/** One question. None of its choices may be right, or several. */
export const ChoiceItem = z.strictObject({
  id: z.string(),
  /** What is asked, for programs: questions of one kind differ in what they are about alone. */
  kind: z.string(),
  question: z.string(),
  /** The first is what the question is about. */
  subjects: z.array(Subject).min(1),
  /** Ids among the choices of the task. */
  choices: z.array(z.string()),
});
export type ChoiceItem = z.infer<typeof ChoiceItem>;

/** All questions of one category about one corpus. It holds no truth. */
export const ChoiceTask = z.strictObject({
  id: z.string(), // <category>/<corpus>
  version: z.int().min(1),
  level: z.int().min(1).max(3),
  category: ChoiceCategory,
  corpus: z.string(),
  /** Files that the questions are about, relative to the corpus root; what else lies there may be read, too. */
  files: z.array(z.string()),
  /** Everything that can be chosen in any question, in source order. */
  choices: z.array(Choice),
  items: z.array(ChoiceItem),
});
export type ChoiceTask = z.infer<typeof ChoiceTask>;

/** The answer to one question. Nothing chosen means "none of them", which is an answer; `unknown` is none. */
export const ChoiceAnswer = z.strictObject({
  itemId: z.string(),
  status: z.enum(["certain", "likely", "unknown"]),
  reason: z.string().optional(),
  chosen: z.array(z.strictObject({ choice: z.string(), probability: z.number().min(0).max(1) })).max(10_000),
});
export type ChoiceAnswer = z.infer<typeof ChoiceAnswer>;
