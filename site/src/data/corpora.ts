/** Corpora as the newest run that used them saw them. */
import type { Store } from "./open.ts";
import { listOracles, listRunCorpora, listRuns, type Oracle, type Run, type RunCorpus } from "./runs.ts";
import { type CorpusScore, listCorpusScores, listStratumScores, type StratumScore } from "./scores.ts";

/** One corpus: its pins, who says what is true about it, and how much of it is unknown. */
export interface Corpus {
  /** The run that the rest is taken from. */
  run: Run;
  facts: RunCorpus;
  oracles: Oracle[];
  /** That of the category with the most items; null when the run did not score it. */
  score: CorpusScore | null;
  /** Call sites by kind; empty when the run did not score it. */
  strata: StratumScore[];
}

/** Every corpus that a stored run used, real ones first, then by name. */
export function listCorpora(store: Store): Corpus[] {
  const corpora = new Map<string, Corpus>();
  for (const run of listRuns(store).filter(({ suite }) => suite === "cibench")) {
    for (const facts of listRunCorpora(store, run.id)) {
      if (!corpora.has(facts.corpus)) corpora.set(facts.corpus, readCorpus(store, run, facts));
    }
  }
  return [...corpora.values()].toSorted(
    (a, b) => a.facts.kind.localeCompare(b.facts.kind, "en") || a.facts.corpus.localeCompare(b.facts.corpus, "en"),
  );
}

function readCorpus(store: Store, run: Run, facts: RunCorpus): Corpus {
  return {
    run,
    facts,
    oracles: listOracles(store, run.id).filter(({ corpus }) => corpus === facts.corpus),
    score:
      listCorpusScores(store, run.id)
        .filter(({ corpus }) => corpus === facts.corpus)
        .toSorted((a, b) => b.sites - a.sites)[0] ?? null,
    strata: listStratumScores(store, run.id).filter(({ corpus }) => corpus === facts.corpus),
  };
}
