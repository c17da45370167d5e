/** How often the two intervals of scores hold what is true, by making corpora again and again of which the truth is known. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { CoverageEntry, Held } from "../schema/coverage.ts";
import type { Estimate } from "../schema/estimate.ts";
import type { Category } from "../schema/task.ts";
import { estimate, mixSeed } from "../scores/bootstrap.ts";
import { rawWithTail } from "../scores/category-score.ts";
import { macroF1Of } from "../scores/edge-table.ts";
import { newCorporaOfCategory } from "../scores/new-corpora.ts";
import { drawCorpus, drawOutcomes, trueRaw } from "./world.ts";

/** One for each way in which scores are made of items: a mean over corpora, all edges together, all items together. */
export const SIMULATED = ["call-graph", "pattern-recognition", "causal-reasoning"] as const satisfies Category[];

/** Corpora per repeat. */
export const CORPORA = [3, 5, 10, 20] as const;

/** What intervals promise, and the shares between which they are taken to keep it. */
export const NOMINAL = 0.95;
export const KEPT = { from: 0.93, to: 0.97 } as const;

/** With so many its error is a fiftieth of the narrowest interval's width. */
const ALL_CORPORA = 4_000;

export interface CoverageOptions {
  category: Category;
  /** Corpora per repeat. */
  corpora: number;
  repeats: number;
  seed: number;
  /** Corpora whose mean is taken for that of all that there could be; by default 4,000. */
  allCorpora?: number;
  onProgress?: (done: number, total: number) => void;
}

/**
 * The interval on these corpora has to hold what the same corpora would score if every file that there could be was seen; the one for new
 * corpora the mean score of all corpora that there could be. Both are taken for raw: scores are the same, moved and stretched.
 */
export function measureCoverage(options: CoverageOptions): CoverageEntry {
  const { category, corpora, repeats, seed, allCorpora = ALL_CORPORA, onProgress } = options;
  const rng = xoroshiro128plus(mixSeed(seed, `${category} ${corpora}`));
  const trueMean = meanOfAll(category, allCorpora, seed);
  const [onThese, percentile, newCorpora]: [Tally, Tally, Tally] = [newTally(), newTally(), newTally()];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const made = Array.from({ length: corpora }, (_, at) => drawCorpus(`${at}`, rng));
    const judged = made.map((corpus) => ({ id: corpus.id, outcomes: drawOutcomes(category, corpus, rng) }));
    const truth = trueRaw(
      category,
      made,
      judged.map(({ outcomes }) => outcomes),
    );
    const { raw, tail } = rawWithTail(category, judged, { seed: mixSeed(seed, `${repeat}`) });
    count(onThese, estimate(raw, tail), truth);
    count(percentile, estimate(raw), truth);
    const scores = judged.map(({ id, outcomes }) => {
      return { corpus: id, macroF1: { value: macroF1Of(outcomes), low: null, high: null, n: 1 } };
    });
    count(newCorpora, newCorporaOfCategory({ corpora: scores, floor: 0 }), trueMean);
    onProgress?.(repeat + 1, repeats);
  }
  return {
    category,
    corpora,
    onThese: heldOf(onThese),
    percentile: heldOf(percentile),
    newCorpora: newCorpora.printed === 0 ? null : heldOf(newCorpora),
  };
}

/** Mean over all corpora of what they score, as measured. */
function meanOfAll(category: Category, count: number, seed: number): number {
  const rng = xoroshiro128plus(mixSeed(seed, `${category} all`));
  let sum = 0;
  for (let corpus = 0; corpus < count; corpus++) {
    sum += macroF1Of(drawOutcomes(category, drawCorpus(`${corpus}`, rng), rng));
  }
  return sum / count;
}

interface Tally {
  printed: number;
  held: number;
  width: number;
}

function newTally(): Tally {
  return { printed: 0, held: 0, width: 0 };
}

function count(tally: Tally, { low, high }: Pick<Estimate, "low" | "high">, truth: number): void {
  if (low === null || high === null) return;
  tally.printed++;
  tally.width += high - low;
  if (low <= truth && truth <= high) tally.held++;
}

function heldOf({ printed, held, width }: Tally): Held {
  return { coverage: held / printed, width: width / printed };
}
