/** From item outcomes to the score of a category, per kind of corpus. */
import type { Estimate } from "../schema/estimate.ts";
import type { Intervals } from "../schema/report.ts";
import type { CategoryScore, CorpusScore, InLanguagesRead, ItemOutcome } from "../schema/score.ts";
import type { Category } from "../schema/task.ts";
import { estimate, mapResampled, meanOf, type Resampled, resample } from "./bootstrap.ts";
import { type EdgeFigures, type EdgeTable, edgeTable, stratumScores, sumCounts } from "./edge-table.ts";
import { type Expectation, floorOf, normalise } from "./floor.ts";
import { forecastCalibration } from "./forecast-calibration.ts";
import { expandedTail, type Influence, influenceOf, PERCENTILE_TAIL } from "./influence.ts";
import { newCorporaOfCategory } from "./new-corpora.ts";
import { type Scoring, scoringOf } from "./scoring.ts";

/** One corpus as judged in one category. */
export interface JudgedCorpus {
  id: string;
  kind: "real" | "synthetic";
  outcomes: readonly ItemOutcome[];
}

/**
 * score = (raw − floor) / (1 − floor), signed; the interval of the score is that of raw, put through the same formula (the
 * floor is a property of the truth, so it is not resampled).
 *
 * @param corpora at least one, all of one kind
 * @param expectations what trivial answers reach in raw on these corpora
 */
export function categoryScore(
  category: Category,
  corpora: readonly JudgedCorpus[],
  expectations: readonly Expectation[],
  { seed, intervals = "expanded" }: IntervalOptions,
): Extract<CategoryScore, { state: "scored" }> {
  const { raw, tail } = rawWithTail(category, corpora, { seed, intervals });
  const { floor, floorBy, baselines } = floorOf(expectations);
  const scores = corpora.map((corpus) => corpusScore(category, corpus, seed));
  const calibration = forecastCalibration(
    corpora.flatMap(({ outcomes }) => outcomes),
    seed,
  );
  return {
    state: "scored",
    category,
    kind: (corpora[0] as JudgedCorpus).kind,
    raw: estimate(raw, tail),
    floor,
    floorBy,
    baselines,
    score: estimate(
      mapResampled(raw, (value) => normalise(value, floor)),
      tail,
    ),
    ...(intervals === "expanded" && { newCorpora: newCorporaOfCategory({ corpora: scores, floor }) }),
    corpora: scores,
    ...(calibration !== null && { calibration }),
  };
}

/**
 * The figures of a category on some corpora alone.
 *
 * @param corpora at least one, all of one kind
 * @param expectations what trivial answers reach in raw on just these corpora
 */
export function scoreOnSome(
  category: Category,
  corpora: readonly JudgedCorpus[],
  expectations: readonly Expectation[],
  options: IntervalOptions,
): InLanguagesRead {
  const { raw, tail } = rawWithTail(category, corpora, options);
  const { floor, floorBy } = floorOf(expectations);
  const score = estimate(
    mapResampled(raw, (value) => normalise(value, floor)),
    tail,
  );
  return { corpora: corpora.map(({ id }) => id), raw: estimate(raw, tail), floor, floorBy, score };
}

/** How intervals on these corpora are drawn and made. */
export interface IntervalOptions {
  seed: number;
  /** By default expanded. */
  intervals?: Intervals | undefined;
}

/** As {@link rawOf}, with the share of resamples that is to lie beyond each end of its interval. */
export function rawWithTail(
  category: Category,
  corpora: readonly Pick<JudgedCorpus, "id" | "outcomes">[],
  { seed, intervals = "expanded" }: IntervalOptions,
): { raw: Resampled; tail: number } {
  const { raw, influences } = rawOfTables(
    corpora.map((corpus) => tableOf(category, corpus)),
    seed,
  );
  return { raw, tail: intervals === "expanded" ? expandedTail(influences) : PERCENTILE_TAIL };
}

/**
 * What `score` is made from, with its resamples: the mean over corpora of macroF1, or the macroF1 of all items, as the category
 * says.
 *
 * @param corpora at least one
 */
export function rawOf(
  category: Category,
  corpora: readonly Pick<JudgedCorpus, "id" | "outcomes">[],
  seed: number,
): Resampled {
  return rawOfTables(
    corpora.map((corpus) => tableOf(category, corpus)),
    seed,
  ).raw;
}

/** A corpus as it is resampled. */
export interface CorpusTable {
  corpus: string;
  table: EdgeTable;
}

/** @param files those of the corpus, sorted; by default those that have an item of the category */
export function tableOf(
  category: Category,
  { id, outcomes }: Pick<JudgedCorpus, "id" | "outcomes">,
  files?: readonly string[],
): CorpusTable {
  return { corpus: id, table: edgeTable(outcomes, scoringOf(category), files) };
}

/**
 * As {@link rawOf}, with the influence of each file on it.
 *
 * @param tables at least one, all of one category
 */
export function rawOfTables(tables: readonly CorpusTable[], seed: number): { raw: Resampled; influences: Influence[] } {
  const all = tables.map(({ table }) => table);
  if ((all[0] as EdgeTable).scoring.raw === "all") {
    return { raw: resample(tables, seed).macroF1, influences: influenceOf(all) };
  }
  return {
    raw: meanOf(tables.map((one) => resample([one], seed).macroF1)),
    influences: all.flatMap((table) => influenceOf([table]).map((own) => own.map((one) => one / all.length))),
  };
}

/** The figures of one corpus with their intervals. */
export function corpusScore(category: Category, { id, kind, outcomes }: JudgedCorpus, seed: number): CorpusScore {
  const scoring: Scoring = scoringOf(category);
  const figures: Record<keyof EdgeFigures, Resampled> = resample(
    [{ corpus: id, table: edgeTable(outcomes, scoring) }],
    seed,
  );
  const traceRecall: Estimate = estimate(figures.traceRecall);
  return {
    corpus: id,
    kind,
    counts: sumCounts(outcomes),
    precision: estimate(figures.precision),
    recall: estimate(figures.recall),
    f1: estimate(figures.f1),
    macroF1: estimate(figures.macroF1),
    traceRecall: traceRecall.n === 0 ? null : traceRecall,
    unknownShare: outcomes.length === 0 ? 0 : outcomes.filter(isUnknownOutcome).length / outcomes.length,
    sites: outcomes.length,
    files: figures.f1.clusters,
    strata: stratumScores(outcomes, scoring),
  };
}

/** Truth says nothing about these items. */
function isUnknownOutcome(outcome: ItemOutcome): boolean {
  return outcome.truth === "unknown";
}
