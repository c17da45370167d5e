/** Real answers in words to questions that executions answered, each labelled twice. */
import { CANARY } from "@drift/corpora";
import { z } from "zod";
import { ConceptState, FreeTextRubric, FreeTextVerdict } from "./free-text.ts";

/** A question with what a good answer says; both follow from truth alone. */
export const StudyQuestion = z.strictObject({
  /** `<corpus> <kind> <place>`, the id of the rubric as well. */
  itemId: z.string(),
  corpus: z.string(),
  corpusVersion: z.string(),
  /** Which definition a call enters, who calls, which tests break, whether code is dead, which functions a release changed. */
  kind: z.enum(["call", "callers", "break", "dead", "release"]),
  question: z.string(),
  rubric: FreeTextRubric,
});
export type StudyQuestion = z.infer<typeof StudyQuestion>;

/** What a reader says of one answer, in the order of the rubric: required, expected, wrong concepts. */
export const StudyLabel = z.strictObject({ verdict: FreeTextVerdict, states: z.array(ConceptState) });
export type StudyLabel = z.infer<typeof StudyLabel>;

export const StudyAnswer = z.strictObject({
  id: z.string(),
  itemId: z.string(),
  /** Who gave it: see `how` of the study. */
  by: z.string(),
  text: z.string(),
  /** Of two readings, neither of which saw the other or what the scorer says. */
  labels: z.tuple([StudyLabel, StudyLabel]),
});
export type StudyAnswer = z.infer<typeof StudyAnswer>;

/** `cibench free-text draw` writes the questions; answers and labels are added by hand. */
export const FreeTextStudy = z.strictObject({
  schemaVersion: z.literal(1),
  canary: z.literal(CANARY),
  /** Who answered and who labelled, and what that means for the figures; in sentences. */
  how: z.strictObject({ answers: z.string(), labels: z.string() }),
  questions: z.array(StudyQuestion),
  answers: z.array(StudyAnswer),
});
export type FreeTextStudy = z.infer<typeof FreeTextStudy>;
