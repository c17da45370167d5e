/** How far the scorer agrees with labels that follow from how answers were made. Pure. */
import type { FreeTextAgreement, FreeTextScore, FreeTextValidation } from "../../schema/free-text.ts";
import { agreement, type Judged } from "./agreement.ts";
import { composeAnswers, type KnownQuestion, type LabelledAnswer, type PhrasingSet, rubricOf } from "./compose.ts";
import { type Paraphrase, scoreFreeText } from "./score.ts";

/** An answer, its label and what the scorer made of it. */
export interface ReadAnswer {
  answer: LabelledAnswer;
  score: FreeTextScore;
}

/** Each question with answers in seen phrasings and in unseen ones, read by the scorer. */
export function readComposed(
  questions: readonly KnownQuestion[],
  sets: Record<LabelledAnswer["half"], PhrasingSet>,
  { isStrict, paraphrase }: { isStrict: boolean; paraphrase?: Paraphrase },
): ReadAnswer[] {
  return questions.flatMap((question, turn) => {
    const rubric = rubricOf(question, isStrict);
    return (["seen", "unseen"] as const).flatMap((half) =>
      composeAnswers(question, sets[half][question.kind], half, turn).map((answer) => ({
        answer,
        score: scoreFreeText(rubric, answer.text, paraphrase),
      })),
    );
  });
}

/**
 * All answers, each half, then each way of making them; behind these, each half read by rubrics that say what has to be said.
 *
 * @param strict the same answers, read by such rubrics
 * @param embedded and with an embedding model; null without one
 */
export function validateFreeText(
  questions: readonly KnownQuestion[],
  {
    read,
    strict,
    embedded,
  }: Record<"read" | "strict", readonly ReadAnswer[]> & { embedded: readonly ReadAnswer[] | null },
  seed: number,
): Pick<FreeTextValidation, "items" | "corpora" | "parts"> {
  const ways = [...new Set(read.map(({ answer }) => answer.way))];
  const of = (part: string, keep: (answer: LabelledAnswer) => boolean): FreeTextAgreement =>
    agreement(part, read.filter(({ answer }) => keep(answer)).map(judged), seed);
  const halves = (way: string, answers: readonly ReadAnswer[]): FreeTextAgreement[] =>
    (["seen", "unseen"] as const).map((half) =>
      agreement(`${half} phrasings, ${way}`, answers.filter(({ answer }) => answer.half === half).map(judged), seed),
    );
  return {
    items: questions.length,
    corpora: [...new Set(questions.map(({ corpus }) => corpus))],
    parts: [
      of("all", () => true),
      of("seen phrasings", ({ half }) => half === "seen"),
      of("unseen phrasings", ({ half }) => half === "unseen"),
      ...ways.map((way) => of(way, (answer) => answer.way === way)),
      ...halves("strict", strict),
      ...(embedded === null ? [] : halves("strict, embedded", embedded)),
    ],
  };
}

function judged({ answer, score }: ReadAnswer): Judged {
  return {
    itemId: answer.itemId,
    verdicts: [answer.verdict, score.verdict],
    states: score.concepts.map(({ role, state }) => [role === "required" ? answer.required : answer.wrong, state]),
  };
}
