/** Truth about questions with choices in a line each. */
import type { ChoiceTruth, KnownChoice } from "../../src/evaluators/choices.ts";
import type { ChoiceAnswer, ChoiceCategory } from "../../src/schema/choice.ts";

/** A question: the letters that are right. */
export interface TinyQuestion {
  stratum: string;
  must: string;
  /** The letters that are offered: all of them, unless said. */
  offered?: string;
  file?: string;
}

const LETTERS = "abcdefghij";

/** Ten choices `a` to `j`, each on a line of its own of the file `<letter>.ts`. */
export function tinyChoices(
  category: ChoiceCategory,
  questions: readonly TinyQuestion[],
  corpus = "tiny",
): ChoiceTruth {
  const lineOf = (line: number) => ({ line, column: 1, endLine: line, endColumn: 9 });
  return {
    id: `${category}/${corpus}`,
    version: 1,
    level: 1,
    category,
    corpus,
    inputsSha256: "0".repeat(64),
    oracle: {
      kind: "generator",
      name: "by hand",
      version: "1",
      sharesCodeWith: [],
      command: "none",
      seed: 1,
      repeats: 1,
      agreement: 1,
      notRun: null,
    },
    files: ["a.ts"],
    choices: [...LETTERS].map((id, index) => ({ id, file: `${id}.ts`, span: lineOf(index + 1), name: null })),
    items: questions.map(({ stratum, must, offered = LETTERS, file = "x.ts" }, index): KnownChoice => ({
      id: `${index}`,
      kind: stratum,
      question: "Which of these?",
      subjects: [{ role: "source", name: null, file, span: lineOf(index + 1) }],
      choices: [...offered],
      stratum,
      must: [...must],
    })),
  };
}

/** Answers by letters, in the order of the questions; null leaves one out, `?` says unknown. */
export function tinyAnswers(said: readonly (string | null)[]): ChoiceAnswer[] {
  return said.flatMap((letters, index): ChoiceAnswer[] => {
    if (letters === null) return [];
    if (letters === "?") return [{ itemId: `${index}`, status: "unknown", chosen: [] }];
    const chosen = [...letters].map((choice) => ({ choice, probability: 1 }));
    return [{ itemId: `${index}`, status: "certain", chosen }];
  });
}
