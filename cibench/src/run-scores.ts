/** What was asked and said in a run, as scores per category and kind of corpora, and which categories that measures. */
import type { Language } from "@drift/corpora";
import type { Asked } from "./adapters/adapter.ts";
import { DEFINITIONS } from "./categories/all.ts";
import type { CategoryDefinition, Prepared } from "./category.ts";
import type { ItemAnswer } from "./schema/answer.ts";
import type { CategoryScore, InLanguagesRead, ItemOutcome } from "./schema/score.ts";
import { CATEGORIES, type Category } from "./schema/task.ts";
import {
  categoryScore,
  corpusScore,
  type IntervalOptions,
  type JudgedCorpus,
  scoreOnSome,
} from "./scores/category-score.ts";
import { isRead } from "./scores/languages-read.ts";
import type { MeasuredCategory } from "./scores/levels.ts";
import { isMeasured, scoringOf } from "./scores/scoring.ts";

/** One category about one corpus, and what came of asking. */
export interface AskedTask {
  prepared: Prepared;
  result: Asked<ItemAnswer>;
  outcomes: ItemOutcome[] | null;
}

/** One score per kind of corpora that were asked about; a tool that does not support the category has one in all. */
export function scoresOf(
  definition: CategoryDefinition,
  asked: readonly AskedTask[],
  { seed, intervals, languages }: IntervalOptions & { languages: readonly Language[] | undefined },
): CategoryScore[] {
  const { category } = definition;
  const unsupported = asked.find(({ result }) => result.state === "unsupported")?.result;
  if (unsupported?.state === "unsupported") return [{ state: "unsupported", category, reason: unsupported.reason }];
  return (["real", "synthetic"] as const).flatMap((kind): CategoryScore[] => {
    const ofKind = asked.filter(({ prepared }) => prepared.corpus.spec.kind === kind);
    if (ofKind.length === 0) return [];
    const judged = ofKind.flatMap(judgedOf);
    const reasons = ofKind.flatMap(({ prepared, result }) =>
      result.state === "not-run" ? [`${prepared.corpus.spec.id}: ${result.reason}`] : [],
    );
    if (reasons.length === 0) {
      const expectations = definition.expectations(ofKind.map(({ prepared }) => prepared));
      const score = categoryScore(category, judged, expectations, { seed, intervals });
      if (languages === undefined) return [score];
      const given = { score, ofKind, judged, languages, seed, intervals };
      return [{ ...score, inLanguagesRead: inLanguagesRead(definition, given) }];
    }
    // A mean over the corpora that happened to work would be a mean over other corpora than everyone else's.
    const corpora = judged.map((corpus) => corpusScore(category, corpus, seed));
    return [{ state: "not-run", category, kind, reason: reasons.join("; "), corpora }];
  });
}

/** The figures on corpora in languages that the tool says it reads; null where it reads none of these. */
function inLanguagesRead(
  definition: CategoryDefinition,
  given: {
    score: Extract<CategoryScore, { state: "scored" }>;
    ofKind: readonly AskedTask[];
    judged: readonly JudgedCorpus[];
    languages: readonly Language[];
  } & IntervalOptions,
): InLanguagesRead | null {
  const { score, ofKind, judged, languages, seed, intervals } = given;
  const read = ofKind.filter(({ prepared }) => isRead(prepared.corpus.spec.language, languages));
  if (read.length === 0) return null;
  const ids = read.map(({ prepared }) => prepared.task.corpus);
  const { raw, floor, floorBy } = score;
  if (read.length === ofKind.length) return { corpora: ids, raw, floor, floorBy, score: score.score };
  const expectations = definition.expectations(read.map(({ prepared }) => prepared));
  const some = judged.filter(({ id }) => ids.includes(id));
  return scoreOnSome(definition.category, some, expectations, { seed, intervals });
}

function judgedOf({ prepared, outcomes }: AskedTask): JudgedCorpus[] {
  return outcomes === null ? [] : [{ id: prepared.task.corpus, kind: prepared.corpus.spec.kind, outcomes }];
}

/** What levels are made of: the scores of measured categories on the corpora that weigh, and what was judged there. */
export function judgedIn(
  measured: readonly Category[],
  asked: readonly AskedTask[],
  scores: readonly CategoryScore[],
): MeasuredCategory[] {
  return scores.flatMap((score): MeasuredCategory[] => {
    if (score.state === "not-measured" || score.state === "not-run" || !measured.includes(score.category)) return [];
    if (score.state === "unsupported") return [{ score, corpora: [] }];
    const { weighs } = scoringOf(score.category);
    const own = asked.filter(({ prepared: { category, corpus } }) => {
      return category === score.category && corpus.spec.kind === weighs;
    });
    return score.kind === weighs ? [{ score, corpora: own.flatMap(judgedOf) }] : [];
  });
}

/** Categories that this run says enough about on the corpora that weigh: a score, or that the tool cannot, which counts as 0. */
export function measuredCategories(asked: readonly AskedTask[], scores: readonly CategoryScore[]): Category[] {
  return scores.flatMap((score) => {
    const { category, state } = score;
    const { weighs } = scoringOf(category);
    if (state !== "unsupported" && (state !== "scored" || score.kind !== weighs)) return [];
    const own = asked.filter(({ prepared }) => prepared.category === category && prepared.corpus.spec.kind === weighs);
    return isMeasured(
      category,
      own.map(({ prepared }) => ({ sites: prepared.task.items.length })),
    )
      ? [category]
      : [];
  });
}

/** Of the categories that no score is about, each with its reason. */
export function notMeasured(scores: readonly CategoryScore[]): CategoryScore[] {
  return categories()
    .filter((category) => scores.every((score) => score.category !== category))
    .map((category) => ({ state: "not-measured", category, reason: reasonNotMeasured(category) }));
}

/** Why a category was not measured. */
export function reasonNotMeasured(category: Category): string {
  if (DEFINITIONS.some((one) => one.category === category)) return "none of these corpora has truth for it";
  return CATEGORIES[category].level === 4 ? "there is no human data yet" : "the suite has no task for it yet";
}

/** All, in the order of levels. */
export function categories(): Category[] {
  return Object.keys(CATEGORIES) as Category[];
}
