/** Real answers that were labelled twice, against each other and against the scorer. Pure. */
import type { Concept, FreeTextRubric, FreeTextScore, FreeTextStudyFigures } from "../../schema/free-text.ts";
import type { FreeTextStudy, StudyAnswer, StudyLabel, StudyQuestion } from "../../schema/free-text-study.ts";
import { agreement, type Judged } from "./agreement.ts";
import { SAYS } from "./compose.ts";
import { type Paraphrase, scoreFreeText } from "./score.ts";

/** The scores of all answers, in their order; strict ones by rubrics that list what has to be said. */
export function scoreStudy(study: FreeTextStudy, isStrict: boolean, paraphrase?: Paraphrase): FreeTextScore[] {
  const questions = new Map(study.questions.map((one) => [one.itemId, one]));
  return study.answers.map(({ id, itemId, text }) => {
    const question = questions.get(itemId);
    if (question === undefined) throw new TypeError(`answer ${id} is to no question`);
    return scoreFreeText(isStrict ? strictRubric(question) : question.rubric, text, paraphrase);
  });
}

/** What has to be said of a name; that something is dead or that nothing breaks says it all. */
function strictRubric({ kind, rubric }: StudyQuestion): FreeTextRubric {
  const says = { call: SAYS.call, callers: SAYS.call, break: SAYS.break, dead: [], release: CHANGED }[kind];
  const withSays = (concepts: readonly Concept[]): Concept[] =>
    concepts.map((one) => (one.id === "nothing fails" ? one : { ...one, says }));
  return { ...rubric, required: withSays(rubric.required), wrong: withSays(rubric.wrong) };
}

const CHANGED = ["change", "differ", "fix", "add", "modify", "new", "touch", "rewrite", "edit", "is", "affect"];

/**
 * Reader against reader, the scorer against each of them, against both where they say the same, and against the first reader
 * by who answered; behind these the strict scores.
 *
 * @throws TypeError when an answer is to no question, or a label has other concepts than its rubric
 */
export function measureStudy(study: FreeTextStudy, seed: number, paraphrase?: Paraphrase): FreeTextStudyFigures {
  const [scores, strict] = [scoreStudy(study, false, paraphrase), scoreStudy(study, true)];
  const embedded = paraphrase === undefined ? null : scoreStudy(study, true, paraphrase);
  const read = study.answers.map((answer, index) => {
    const labelled = [scores, strict, embedded ?? strict].map((all): StudyLabel => {
      const { verdict, concepts } = all[index] as FreeTextScore;
      if (answer.labels.some(({ states }) => states.length !== concepts.length)) {
        throw new TypeError(`the labels of ${answer.id} are not those of its rubric`);
      }
      return { verdict, states: concepts.map(({ state }) => state) };
    });
    const [scored, strictly, meant] = labelled as [StudyLabel, StudyLabel, StudyLabel];
    return { answer, scored, strictly, meant };
  });
  type Read = (typeof read)[number];
  const of = (part: string, keep: (answer: StudyAnswer) => boolean, pairOf: (one: Read) => [StudyLabel, StudyLabel]) =>
    agreement(
      part,
      read.filter(({ answer }) => keep(answer)).map((one) => judged(one.answer.itemId, pairOf(one))),
      seed,
    );
  const all = (): boolean => true;
  const agrees = ({ labels: [one, other] }: StudyAnswer): boolean => one.verdict === other.verdict;
  const scoredBy =
    (reader: 0 | 1) =>
    (one: Read): [StudyLabel, StudyLabel] => [one.answer.labels[reader], one.scored];
  const tools = [...new Set(study.answers.map(({ by }) => by))].toSorted();
  const strictBy =
    (which: "strictly" | "meant") =>
    (one: Read): [StudyLabel, StudyLabel] => [one.answer.labels[0], one[which]];
  return {
    questions: study.questions.length,
    corpora: [...new Set(study.questions.map(({ corpus }) => corpus))],
    parts: [
      of("first reading with second", all, ({ answer }) => answer.labels),
      of("first reading with scorer", all, scoredBy(0)),
      of("second reading with scorer", all, scoredBy(1)),
      of("both readings, where they agree, with scorer", agrees, scoredBy(0)),
      ...tools.map((tool) => of(`first reading with scorer: ${tool}`, ({ by }) => by === tool, scoredBy(0))),
      of("first reading with scorer, strict", all, strictBy("strictly")),
      ...(embedded === null ? [] : [of("first reading with scorer, strict, embedded", all, strictBy("meant"))]),
    ],
  };
}

function judged(itemId: string, [one, other]: [StudyLabel, StudyLabel]): Judged {
  return {
    itemId,
    verdicts: [one.verdict, other.verdict],
    states: one.states.map((state, index) => [state, other.states[index] ?? "absent"]),
  };
}
