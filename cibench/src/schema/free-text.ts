/** Answers in free text: what they have to say, and what came of reading them. */
import { z } from "zod";

const phrase = z.string().min(1).max(200);

/** Something that an answer may state. */
export const Concept = z.strictObject({
  id: z.string().min(1).max(300),
  /** Accepted phrasings of what it is about: names as code has them (case counts), or words (their endings do not). */
  names: z.array(phrase).min(1),
  /** What has to be said of it in the same clause, in any of these ways; empty: naming it is saying it. */
  says: z.array(phrase).default([]),
  /** Ways to say the opposite without a negation, such as "still passes" of a test that is asked to fail. */
  denials: z.array(phrase).default([]),
});
export type Concept = z.infer<typeof Concept>;

/** What a good answer to one question says. */
export const FreeTextRubric = z.strictObject({
  itemId: z.string(),
  required: z.array(Concept).min(1),
  /** Worth half of a required one. */
  expected: z.array(Concept).default([]),
  /** Plausible and false. */
  wrong: z.array(Concept).default([]),
});
export type FreeTextRubric = z.infer<typeof FreeTextRubric>;

/** How an answer stands to a concept. `contradicted`: it says both. */
export const ConceptState = z.enum(["affirmed", "hedged", "denied", "contradicted", "absent"]);
export type ConceptState = z.infer<typeof ConceptState>;

/** What an answer is as a whole: `right` affirms all that is required and no more than that; silence is `unanswered`. */
export const FreeTextVerdict = z.enum(["right", "partly", "wrong", "unanswered"]);
export type FreeTextVerdict = z.infer<typeof FreeTextVerdict>;

export const FreeTextScore = z.strictObject({
  itemId: z.string(),
  verdict: FreeTextVerdict,
  /** In [0, 1]. */
  score: z.number().min(0).max(1),
  concepts: z.array(
    z.strictObject({ id: z.string(), role: z.enum(["required", "expected", "wrong"]), state: ConceptState }),
  ),
});
export type FreeTextScore = z.infer<typeof FreeTextScore>;

/** A line of a file of answers. */
export const FreeTextAnswer = z.strictObject({ itemId: z.string(), text: z.string().max(1_000_000) });
export type FreeTextAnswer = z.infer<typeof FreeTextAnswer>;

/** `cibench free-text score`. */
export const FreeTextOutput = z.strictObject({
  schemaVersion: z.literal(1),
  /** As `free-text validate` has it. */
  embedder: z.string().nullable(),
  /** Mean over all rubrics; an item without an answer is worth 0. */
  score: z.number().min(0).max(1),
  items: z.array(FreeTextScore),
});
export type FreeTextOutput = z.infer<typeof FreeTextOutput>;

/** How far two judges of answers agree: the scorer with labels, or two labels of one answer. */
export const FreeTextAgreement = z.strictObject({
  /** Which answers: all, one half of the phrasings, or one way of making them. */
  part: z.string(),
  answers: z.int().nonnegative(),
  /**
   * Of the verdict `right` against all others: share of equal ones, and Cohen's kappa with its interval over items; no kappa where
   * all labels are alike.
   */
  agreement: z.number().nullable(),
  kappa: z.number().nullable(),
  kappaLow: z.number().nullable(),
  kappaHigh: z.number().nullable(),
  /** Of the state of each concept, over the five states. */
  stateKappa: z.number().nullable(),
});
export type FreeTextAgreement = z.infer<typeof FreeTextAgreement>;

/** What two readings of real answers and the scorer have in common. */
export const FreeTextStudyFigures = z.strictObject({
  questions: z.int().nonnegative(),
  corpora: z.array(z.string()),
  parts: z.array(FreeTextAgreement),
});
export type FreeTextStudyFigures = z.infer<typeof FreeTextStudyFigures>;

/** `cibench free-text validate`. */
export const FreeTextValidation = z.strictObject({
  schemaVersion: z.literal(1),
  seed: z.int(),
  /** The program behind which an embedding model decided where no word does; null where words alone did. */
  embedder: z.string().nullable(),
  /** Questions, with the corpora that their truth is about. */
  items: z.int(),
  corpora: z.array(z.string()),
  parts: z.array(FreeTextAgreement),
  /** Real answers with labels of readers; null when none were given. */
  study: FreeTextStudyFigures.nullable(),
});
export type FreeTextValidation = z.infer<typeof FreeTextValidation>;
