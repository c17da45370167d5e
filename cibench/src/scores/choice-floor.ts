/** What trivial answers to questions with choices are expected to reach. `selfcheck` gives the same answers through an adapter. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type ChoiceTruth, countChoices, type KnownChoice } from "../evaluators/choices.ts";
import { folderOf } from "../folder.ts";
import type { Choice, ChoiceAnswer, ChoiceCategory } from "../schema/choice.ts";
import { mixSeed } from "./bootstrap.ts";
import { averagedStrata } from "./edge-table.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";
import { scoringOf } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

type Rng = ReturnType<typeof xoroshiro128plus>;

/** An answer that needs no understanding. */
export interface TrivialChoices {
  name: string;
  /** It differs from draw to draw. */
  isDrawn?: true;
  /** What it chooses of each question, in the order of the truth. */
  choose: (truth: ChoiceTruth, rng: Rng) => readonly (readonly string[])[];
}

/**
 * - `list-everything`: all that is offered; `first`: what is offered first.
 * - `own-file`, `own-folder`: all that is offered of the file, or the folder, that the question is about.
 * - `nearest`: what is offered next in that file, from the line on that the question is about.
 * - `random`: one, each as likely.
 * - `shuffled-gold`: the true answers, permuted over the questions of their kind; where another list is offered, by their places
 *   in it.
 */
export const TRIVIAL_CHOICES: readonly TrivialChoices[] = [
  { name: "list-everything", choose: ({ items }) => items.map(({ choices }) => choices) },
  { name: "first", choose: ({ items }) => items.map(({ choices }) => choices.slice(0, 1)) },
  { name: "own-file", choose: fromEach((choice, { file }) => choice.file === file) },
  { name: "own-folder", choose: fromEach((choice, { file }) => folderOf(choice.file) === folderOf(file)) },
  {
    name: "nearest",
    choose: (truth) => {
      const next = fromEach((choice, { file, line }) => choice.file === file && (choice.span?.line ?? 0) >= line);
      return next(truth).map((chosen) => chosen.slice(0, 1));
    },
  },
  {
    name: "random",
    isDrawn: true,
    choose: ({ items }, rng) =>
      items.map(({ choices }) => (choices.length === 0 ? [] : [choices[uniformInt(rng, 0, choices.length - 1)] ?? ""])),
  },
  { name: "shuffled-gold", isDrawn: true, choose: shuffledGold },
];

/** Answers with certainty, in the form in which tools give them. */
export function choiceAnswers({ items }: ChoiceTruth, chosen: readonly (readonly string[])[]): ChoiceAnswer[] {
  return items.map(({ id }, index) => ({
    itemId: id,
    status: "certain",
    chosen: (chosen[index] ?? []).map((choice) => ({ choice, probability: 1 })),
  }));
}

/**
 * The expected raw of every trivial answer, as the score has it: the mean over strata of the F1 of all their edges. `constant` is
 * the best of those that are drawn by no dice, for each stratum in hindsight. Draws are means of 1,000.
 *
 * @param truths at least one, all of `category`
 */
export function choiceExpectations(
  category: ChoiceCategory,
  truths: readonly ChoiceTruth[],
  seed: number,
): Expectation[] {
  const { strata } = scoringOf(category);
  const edges = strata.map((stratum) =>
    truths.reduce((sum, { items }) => sum + edgesOf(items.filter((item) => item.stratum === stratum)), 0),
  );
  const isAveraged = averagedStrata(edges);
  const meanOf = (f1s: readonly number[]): number => {
    const counted = f1s.filter((_, stratum) => isAveraged[stratum] === true);
    return counted.reduce((sum, f1) => sum + f1, 0) / counted.length;
  };
  const steady = TRIVIAL_CHOICES.filter(({ isDrawn }) => isDrawn !== true).map(({ name, choose }) => {
    const rng = xoroshiro128plus(mixSeed(seed, name));
    return {
      name,
      f1s: f1Of(
        strata,
        truths,
        truths.map((truth) => choose(truth, rng)),
      ),
    };
  });
  const drawn = TRIVIAL_CHOICES.filter(({ isDrawn }) => isDrawn === true).map(({ name, choose }): Expectation => {
    const rng = xoroshiro128plus(mixSeed(seed, `${category} ${name}`));
    const raws = Array.from({ length: BASELINE_DRAWS }, () =>
      meanOf(
        f1Of(
          strata,
          truths,
          truths.map((truth) => choose(truth, rng)),
        ),
      ),
    );
    const raw = raws.reduce((sum, one) => sum + one, 0) / BASELINE_DRAWS;
    const variance = raws.reduce((sum, one) => sum + (one - raw) ** 2, 0) / BASELINE_DRAWS;
    return { name, raw, deviation: Math.sqrt(variance) };
  });
  const constant = meanOf(strata.map((_, stratum) => Math.max(...steady.map(({ f1s }) => f1s[stratum] ?? 0))));
  return [
    { name: "null", raw: 0, deviation: 0 },
    { name: "constant", raw: constant, deviation: 0 },
    ...steady.map(({ name, f1s }) => ({ name, raw: meanOf(f1s), deviation: 0 })),
    ...drawn,
  ];
}

function edgesOf(items: readonly KnownChoice[]): number {
  return items.reduce((sum, { must }) => sum + must.length, 0);
}

const mustOf = new WeakMap<KnownChoice, ReadonlySet<string>>();

/** F1 per stratum of all edges of all corpora; 0 where there is none. */
function f1Of(
  strata: readonly string[],
  truths: readonly ChoiceTruth[],
  chosen: readonly (readonly (readonly string[])[])[],
): number[] {
  const [tp, wrong] = [strata.map(() => 0), strata.map(() => 0)];
  truths.forEach(({ items }, corpus) => {
    items.forEach((item, index) => {
      const must = mustOf.get(item) ?? new Set(item.must);
      mustOf.set(item, must);
      const counts = countChoices(must, new Set(chosen[corpus]?.[index] ?? []));
      const stratum = strata.indexOf(item.stratum);
      tp[stratum] = (tp[stratum] ?? 0) + counts.truePositives;
      wrong[stratum] = (wrong[stratum] ?? 0) + counts.falsePositives + counts.falseNegatives;
    });
  });
  return tp.map((found, stratum) => (found === 0 ? 0 : (2 * found) / (2 * found + (wrong[stratum] ?? 0))));
}

function fromEach(
  isChosen: (choice: Choice, about: { file: string; line: number }) => boolean,
): (truth: ChoiceTruth) => string[][] {
  return ({ choices, items }) => {
    const known = new Map(choices.map((choice) => [choice.id, choice]));
    return items.map(({ subjects: [subject], choices: offered }) => {
      const about = { file: subject?.file ?? "", line: subject?.span?.line ?? 1 };
      return offered.filter((id) => {
        const choice = known.get(id);
        return choice !== undefined && isChosen(choice, about);
      });
    });
  };
}

function shuffledGold({ items }: ChoiceTruth, rng: Rng): string[][] {
  const chosen = items.map((): string[] => []);
  for (const group of Map.groupBy(items.keys(), (index) => items[index]?.kind).values()) {
    const order = [...group];
    shuffle(order, rng);
    group.forEach((index, at) => {
      const [own, other] = [items[index], items[order[at] ?? 0]];
      if (own === undefined || other === undefined || own.choices.length === 0) return;
      const places = other.must.map((choice) => other.choices.indexOf(choice) % own.choices.length);
      chosen[index] = [...new Set(places)].map((place) => own.choices[place] ?? "");
    });
  }
  return chosen;
}
