/** The resolution of the benchmark: answers damaged in known doses, and the smallest dose that the paired test of ranks tells apart. */
import { goldAdapter } from "../adapters/trivial.ts";
import { definitionOf } from "../categories/all.ts";
import type { LoadedCorpus, Prepared } from "../category.ts";
import type { ItemAnswer } from "../schema/answer.ts";
import type { DoseResult, ResolutionEntry } from "../schema/resolution.ts";
import type { ItemOutcome } from "../schema/score.ts";
import type { AnyTask, Category } from "../schema/task.ts";
import { floorOf, normalise } from "../scores/floor.ts";
import { type ChangedItem, pairedTest } from "../scores/paired.ts";
import { weighedKind } from "../scores/scoring.ts";
import { damageable, type Damaged } from "./damage.ts";
import { partsIn } from "./parts.ts";

/** Shares of what answers claim. */
export const DOSES = [0.005, 0.01, 0.02, 0.05, 0.1] as const;
/** p up to which two runs are told apart, as two runs alone in a ranking are. */
export const LEVEL = 0.05;
/** Share of seeds in which damaged answers have to be told apart. */
export const NEEDED = 0.95;
/** Gold does not hang. */
const TIMEOUT_MS = 600_000;

export interface ResolutionOptions {
  category: Category;
  corpora: readonly LoadedCorpus[];
  /** Whose answers. */
  of: string;
  /** The answers to a task; null where it was not answered. */
  answersTo: AnswersTo;
  seed: number;
  /** Answers are damaged with the seeds 1 to this. */
  seeds: number;
  onProgress?: (done: number, total: number) => void;
}

export type AnswersTo = (prepared: Prepared) => Promise<readonly ItemAnswer[] | null>;

/** True answers. */
export const goldAnswers: AnswersTo = async (prepared) => {
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };
  const asked = await prepared.ask(goldAdapter, context, TIMEOUT_MS);
  return asked.state === "answered" ? asked.answer.items : null;
};

/** One entry per kind of damage that makes sense for the answers of a category; none where nothing was answered. */
export async function measureResolution(options: ResolutionOptions): Promise<ResolutionEntry[]> {
  const { category, corpora, of, answersTo, seed, seeds } = options;
  const definition = definitionOf(category);
  const prepared = corpora
    .filter(({ fetched }) => fetched.spec.kind === weighedKind(category))
    .flatMap((corpus) => definition?.prepare(corpus) ?? []);
  const answered: Answered[] = [];
  for (const one of prepared) {
    const answers = await answersTo(one);
    if (answers !== null) answered.push(answeredBy(one, answers));
  }
  if (definition === undefined || answered.length === 0) return [];
  const { floor } = floorOf(definition.expectations(answered.map((one) => one.prepared)));
  const parts = damageable(
    category,
    answered.map(({ prepared: one, answers }) => ({ task: one.task as AnyTask, answers: [...answers.values()] })),
  );
  const judged = answered.map(({ prepared: one, outcomes }) => ({ id: one.task.corpus, outcomes }));
  const test = pairedTest(category, judged, seed);
  const kinds = parts.size === 0 ? [] : partsIn(category).kinds;
  return kinds.map((damage, index) => {
    const results = DOSES.map((): Result[] => []);
    for (let drawn = 1; drawn <= seeds; drawn++) {
      parts.damage(damage, DOSES, drawn).forEach((one, dose) => {
        const { raw, p } = test.against(changedItems(answered, one));
        const isBelow = p <= LEVEL && raw < test.raw;
        results[dose]?.push({ parts: one.parts, score: normalise(raw, floor), isBelow });
      });
      options.onProgress?.(index * seeds + drawn, kinds.length * seeds);
    }
    const entry = { category, corpora: judged.map(({ id }) => id), of, damage, parts: parts.size };
    return { ...entry, ...summarize(normalise(test.raw, floor), results) };
  });
}

/** What became of answers at one dose with one seed. */
interface Result {
  parts: number;
  score: number;
  isBelow: boolean;
}

/** @param results by dose, the same number of seeds for each */
export function summarize(
  score: number,
  results: readonly (readonly Result[])[],
): Pick<ResolutionEntry, "score" | "doses" | "monotone" | "resolution" | "difference"> {
  const doses = results.map((own, index): DoseResult => {
    const scores = own.map((one) => one.score);
    const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    const squares = scores.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    return {
      dose: DOSES[index] as number,
      parts: own.reduce((sum, { parts }) => sum + parts, 0) / own.length,
      mean,
      deviation: scores.length < 2 ? 0 : Math.sqrt(squares / (scores.length - 1)),
      least: Math.min(...scores),
      most: Math.max(...scores),
      toldApart: own.filter(({ isBelow }) => isBelow).length / own.length,
    };
  });
  const monotone = doses.every(({ mean }, index) => mean < (doses[index - 1]?.mean ?? score));
  const failed = doses.findLastIndex(({ toldApart }) => toldApart < NEEDED);
  const smallest = doses[failed + 1];
  return {
    score,
    doses,
    monotone,
    resolution: smallest?.dose ?? null,
    difference: smallest === undefined ? null : score - smallest.mean,
  };
}

/** One corpus with what was said about it and what that is worth. */
interface Answered {
  prepared: Prepared;
  answers: ReadonlyMap<string, ItemAnswer>;
  outcomes: readonly ItemOutcome[];
  byItem: ReadonlyMap<string, ItemOutcome>;
}

function answeredBy(prepared: Prepared, answers: readonly ItemAnswer[]): Answered {
  const outcomes = judgeAll(prepared, answers);
  return {
    prepared,
    answers: new Map(answers.map((answer) => [answer.itemId, answer])),
    outcomes,
    byItem: new Map(outcomes.map((outcome) => [outcome.itemId, outcome])),
  };
}

/** What it took to answer is no part of the score. */
function judgeAll({ task, judge }: Prepared, answers: readonly ItemAnswer[]): ItemOutcome[] {
  return judge({ taskId: task.id, items: [...answers], usage: { indexMs: 0, answerMs: 0 } });
}

/** Judges what changed, and where items hang together, all of their corpus. */
function changedItems(answered: readonly Answered[], { changed }: Damaged): ChangedItem[] {
  return answered.flatMap(({ prepared, answers, byItem }, index) => {
    const own = changed[index] as ReadonlyMap<string, ItemAnswer>;
    if (own.size === 0) return [];
    const after =
      prepared.judgeSome?.([...own.values()]) ??
      judgeAll(
        prepared,
        [...answers].map(([id, answer]) => own.get(id) ?? answer),
      );
    return after.flatMap((outcome): ChangedItem[] => {
      const before = byItem.get(outcome.itemId);
      return before === undefined ? [] : [{ corpus: prepared.task.corpus, before, after: outcome }];
    });
  });
}
