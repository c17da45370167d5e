/** How far the scorer agrees with labels that follow from how answers were made. Pure. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { FreeTextAgreement, FreeTextScore, FreeTextValidation } from "../../schema/free-text.ts";
import { estimate, mixSeed, RESAMPLES } from "../../scores/bootstrap.ts";
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
 */
export function validateFreeText(
  questions: readonly KnownQuestion[],
  { read, strict }: { read: readonly ReadAnswer[]; strict: readonly ReadAnswer[] },
  seed: number,
): FreeTextValidation {
  const ways = [...new Set(read.map(({ answer }) => answer.way))];
  const of = (part: string, keep: (answer: LabelledAnswer) => boolean): FreeTextAgreement =>
    agreement(
      part,
      read.filter(({ answer }) => keep(answer)),
      seed,
    );
  return {
    schemaVersion: 1,
    seed,
    items: questions.length,
    corpora: [...new Set(questions.map(({ corpus }) => corpus))],
    parts: [
      of("all", () => true),
      of("seen phrasings", ({ half }) => half === "seen"),
      of("unseen phrasings", ({ half }) => half === "unseen"),
      ...ways.map((way) => of(way, (answer) => answer.way === way)),
      ...(["seen", "unseen"] as const).map((half) =>
        agreement(
          `${half} phrasings, strict`,
          strict.filter(({ answer }) => answer.half === half),
          seed,
        ),
      ),
    ],
  };
}

function agreement(part: string, read: readonly ReadAnswer[], seed: number): FreeTextAgreement {
  const verdicts = read.map(({ answer, score }): Pair => [answer.verdict === "right", score.verdict === "right"]);
  // Where the labels are all alike, chance explains everything.
  const hasBoth = new Set(verdicts.map(([label]) => label)).size === 2;
  const byItem = [...Map.groupBy(read.keys(), (index) => read[index]?.answer.itemId).values()];
  const rng = xoroshiro128plus(mixSeed(seed, "free text"));
  const draws = Float64Array.from({ length: hasBoth ? RESAMPLES : 0 }, () =>
    cohenKappa(
      byItem.flatMap(() =>
        (byItem[uniformInt(rng, 0, byItem.length - 1)] ?? []).map((index) => verdicts[index] as Pair),
      ),
    ),
  );
  const kappa = estimate({
    value: hasBoth ? cohenKappa(verdicts) : Number.NaN,
    n: read.length,
    clusters: byItem.length,
    draws,
  });
  const states = read.flatMap(({ answer, score }): Pair[] =>
    score.concepts.map(({ role, state }) => [role === "required" ? answer.required : answer.wrong, state]),
  );
  const stateKappa = hasBoth ? cohenKappa(states) : Number.NaN;
  return {
    part,
    answers: read.length,
    agreement: read.length === 0 ? null : verdicts.filter(([a, b]) => a === b).length / read.length,
    kappa: kappa.value,
    kappaLow: kappa.low,
    kappaHigh: kappa.high,
    stateKappa: Number.isNaN(stateKappa) ? null : stateKappa,
  };
}

type Pair = readonly [string | boolean, string | boolean];

/**
 * κ = (observed − expected) / (1 − expected) agreement of two judges.
 *
 * @returns NaN where both say the same one thing of everything
 * @see Cohen, Educational and Psychological Measurement 20 (1960)
 */
export function cohenKappa(pairs: readonly Pair[]): number {
  const n = pairs.length;
  const observed = pairs.filter(([a, b]) => a === b).length / n;
  const labels = [...new Set(pairs.flat())];
  const share = (label: string | boolean, judge: 0 | 1): number =>
    pairs.filter((pair) => pair[judge] === label).length / n;
  const expected = labels.reduce((sum, label) => sum + share(label, 0) * share(label, 1), 0);
  return (observed - expected) / (1 - expected);
}
