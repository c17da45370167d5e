/** Level 1, pattern recognition: given a convention of the project, "which functions of this file break it?" */
import type { LayeredTruth } from "@drift/corpora";
import type { ChoiceTruth, KnownChoice } from "../../evaluators/choices.ts";
import { arranged } from "../choices.ts";
import { plantedOf } from "../planted.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;

/**
 * One question for each convention and file in which it applies; most files keep it. Choices are all functions of the file, so
 * that those to which the rule does not apply are there to be taken for outliers.
 */
export function patternTruth(truth: LayeredTruth): ChoiceTruth | null {
  const planted = plantedOf(truth);
  const places = planted.facts("pattern");
  if (places.length === 0) return null;
  const groups = Map.groupBy(places, ({ pattern, place }) => `${pattern} ${place.file}`);
  const items = [...groups].flatMap(([id, own]): KnownChoice[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { file } = first.place;
    const broken = own.filter(({ outlier }) => outlier).flatMap(({ place }) => planted.around(place)?.id ?? []);
    return [
      {
        id,
        kind: "breaks",
        question: `A convention of this project: ${first.rule}. Which functions of this file break it?`,
        subjects: [{ role: "file", name: null, file, span: null }],
        choices: planted.innermost(file).map((definition) => definition.id),
        stratum: first.trait,
        must: [...new Set(broken)],
      },
    ];
  });
  const { corpus, inputsSha256, oracle } = truth;
  return arranged(
    {
      id: `pattern-recognition/${corpus}`,
      version: TASK_VERSION,
      level: 1,
      category: "pattern-recognition",
      corpus,
      inputsSha256,
      oracle,
    },
    items.flatMap((item) => item.choices.map((id) => planted.choiceOf(id))),
    items,
  );
}
