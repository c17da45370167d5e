/** From item outcomes to the score of the category, per kind of corpus. */
import type { CategoryScore, CorpusScore, Estimate, ItemOutcome } from "../schema/score.ts";
import { estimate, mapResampled, meanOf, type Resampled, resample } from "./bootstrap.ts";
import { type EdgeFigures, edgeTable, stratumScores, sumCounts } from "./edge-table.ts";
import { type Expectation, floorOf, normalise } from "./floor.ts";

/** One corpus as judged. */
export interface JudgedCorpus {
  id: string;
  kind: "real" | "synthetic";
  outcomes: readonly ItemOutcome[];
  expectations: readonly Expectation[];
}

/**
 * raw = mean over corpora of macroF1; score = (raw − floor) / (1 − floor), signed; the interval of the score is that
 * of raw, put through the same formula (the floor is a property of the truth, so it is not resampled).
 *
 * @param corpora at least one, all of one kind
 */
export function callGraphScore(
  corpora: readonly JudgedCorpus[],
  seed: number,
): Extract<CategoryScore, { state: "scored" }> {
  const kind = (corpora[0] as JudgedCorpus).kind;
  const resampled = corpora.map((corpus) => resample(edgeTable(corpus.outcomes), seed, corpus.id));
  const raw = meanOf(resampled.map((figures) => figures.macroF1));
  const { floor, floorBy, baselines } = floorOf(corpora.map((corpus) => corpus.expectations));
  return {
    state: "scored",
    category: "call-graph",
    kind,
    raw: estimate(raw),
    floor,
    floorBy,
    baselines,
    score: estimate(mapResampled(raw, (value) => normalise(value, floor))),
    corpora: corpora.map((corpus, index) =>
      toCorpusScore(corpus, resampled[index] as Record<keyof EdgeFigures, Resampled>),
    ),
  };
}

/** The figures of one corpus with their intervals. */
export function corpusScore(corpus: JudgedCorpus, seed: number): CorpusScore {
  return toCorpusScore(corpus, resample(edgeTable(corpus.outcomes), seed, corpus.id));
}

function toCorpusScore(corpus: JudgedCorpus, figures: Record<keyof EdgeFigures, Resampled>): CorpusScore {
  const { id, kind, outcomes } = corpus;
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
    strata: stratumScores(outcomes),
  };
}

/** Truth says nothing about these sites: no must edge, and the set is not closed. */
function isUnknownOutcome(outcome: ItemOutcome): boolean {
  return outcome.truth === "unknown";
}
