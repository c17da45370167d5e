/** Made-up corpora whose true scores are known, to see how often intervals hold them. Nothing of a tool or of real code is in them. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { ItemOutcome } from "../schema/score.ts";
import type { Category } from "../schema/task.ts";
import { addOutcome, edgeTable, figures, isStratumAveraged, totals } from "../scores/edge-table.ts";
import { scoringOf } from "../scores/scoring.ts";

type Rng = ReturnType<typeof xoroshiro128plus>;

/**
 * How corpora differ. Sizes are as unequal as on the board, where calls are asked about in 6 to 404 files, and somewhat smaller, which is harder. Log odds of a right answer = ease of the
 * kind of item + quality of the corpus + that of the file, the last two normal around 0.
 */
export const WORLD = {
  medianFiles: 20,
  /** Standard deviation of the logarithm of a corpus's number of files. */
  sizeSpread: 1,
  fewestFiles: 5,
  mostFiles: 400,
  /** A file has 1 to this many items, each as likely. */
  itemsPerFile: 8,
  /** Log odds per kind of item. */
  ease: [2.2, 1.4, 0.8],
  corpusDeviation: 0.6,
  fileDeviation: 0.8,
  /** Standard deviation of the logarithm of a kind's share of a corpus's items, before shares are made to sum to 1. */
  mixSpread: 0.5,
} as const;

/** What is drawn once for a corpus and is true of it. */
export interface MadeCorpus {
  id: string;
  files: number;
  quality: number;
  /** Share of each kind of item; they sum to 1. */
  mix: readonly number[];
}

/** @returns a corpus like any other of the world */
export function drawCorpus(id: string, rng: Rng): MadeCorpus {
  const { medianFiles, sizeSpread, fewestFiles, mostFiles, ease, corpusDeviation, mixSpread } = WORLD;
  const files = Math.round(medianFiles * Math.exp(sizeSpread * normal(rng)));
  const weights = ease.map(() => Math.exp(mixSpread * normal(rng)));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    id,
    files: Math.min(mostFiles, Math.max(fewestFiles, files)),
    quality: corpusDeviation * normal(rng),
    mix: weights.map((weight) => weight / whole),
  };
}

/** The items of a corpus with what became of them, its files drawn anew. A wrong answer names something wrong in half of the cases, else nothing. */
export function drawOutcomes(category: Category, corpus: MadeCorpus, rng: Rng): ItemOutcome[] {
  const kinds = kindsOf(category);
  const outcomes: ItemOutcome[] = [];
  for (let file = 0; file < corpus.files; file++) {
    const fate = corpus.quality + WORLD.fileDeviation * normal(rng);
    const items = uniformInt(rng, 1, WORLD.itemsPerFile);
    for (let item = 0; item < items; item++) {
      const kind = drawKind(corpus.mix, rng);
      const isRight = uniformFloat64(rng) < logistic((WORLD.ease[kind] as number) + fate);
      const isNamed = isRight || uniformFloat64(rng) < WRONG_NAMED;
      outcomes.push(
        outcome({ category, corpus: corpus.id, file, item, stratum: kinds[kind] as string }, isRight, isNamed),
      );
    }
  }
  return outcomes;
}

const WRONG_NAMED = 0.5;

/**
 * raw of corpora of which every file that there could be was seen, with the kinds of items averaged that are averaged in `drawn`.
 *
 * @param drawn what was drawn of each of the corpora
 */
export function trueRaw(
  category: Category,
  corpora: readonly MadeCorpus[],
  drawn: readonly (readonly ItemOutcome[])[],
): number {
  const scoring = scoringOf(category);
  const sums = corpora.map((corpus) => expectedSums(category, corpus));
  const seen = drawn.map((outcomes) => totals(edgeTable(outcomes, scoring)));
  if (scoring.raw === "all") {
    return figures(added(sums), isStratumAveraged(added(seen), scoring), scoring).macroF1;
  }
  const each = sums.map(
    (own, at) => figures(own, isStratumAveraged(seen[at] as Float64Array, scoring), scoring).macroF1,
  );
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}

/** Expected sums of an {@link EdgeTable} of a corpus. */
function expectedSums(category: Category, corpus: MadeCorpus): Float64Array {
  const scoring = scoringOf(category);
  const kinds = kindsOf(category);
  const items = (corpus.files * (1 + WORLD.itemsPerFile)) / 2;
  const sums = new Float64Array(edgeTable([], scoring).width);
  corpus.mix.forEach((share, kind) => {
    const right = meanLogistic((WORLD.ease[kind] as number) + corpus.quality, WORLD.fileDeviation);
    const about = { category, corpus: corpus.id, file: 0, item: 0, stratum: kinds[kind] as string };
    addWeighted(sums, outcome(about, true, true), items * share * right);
    addWeighted(sums, outcome(about, false, true), items * share * (1 - right) * WRONG_NAMED);
    addWeighted(sums, outcome(about, false, false), items * share * (1 - right) * (1 - WRONG_NAMED));
  });
  return sums;

  function addWeighted(to: Float64Array, one: ItemOutcome, weight: number): void {
    const row = new Float64Array(to.length);
    addOutcome(row, 0, one, scoring);
    row.forEach((value, column) => (to[column] = (to[column] as number) + weight * value));
  }
}

/** Column by column. */
function added(rows: readonly Float64Array[]): Float64Array {
  return (rows[0] as Float64Array).map((_, column) => rows.reduce((sum, row) => sum + (row[column] as number), 0));
}

/** The first kinds of items of a category, one for each of the world's. */
function kindsOf(category: Category): readonly string[] {
  return scoringOf(category).strata.slice(0, WORLD.ease.length);
}

function outcome(
  {
    category,
    corpus,
    file,
    item,
    stratum,
  }: { category: Category; corpus: string; file: number; item: number; stratum: string },
  isRight: boolean,
  isNamed: boolean,
): ItemOutcome {
  return {
    ...{ category, corpus, stratum, itemId: `${file}:${item}`, file: `${file}`, line: item + 1, column: 1 },
    ...{ callee: null, syntax: "made-up", truth: "known", status: isNamed ? "certain" : "unknown" },
    outcome: isRight ? "right" : isNamed ? "wrong" : "abstained",
    counts: {
      truePositives: Number(isRight),
      falsePositives: Number(isNamed && !isRight),
      falseNegatives: Number(!isRight),
      onUnknown: 0,
    },
    traced: { edges: 0, found: 0 },
    ...{ predicted: [], must: [], may: [], by: [] },
  };
}

function drawKind(mix: readonly number[], rng: Rng): number {
  let left = uniformFloat64(rng);
  const kind = mix.findIndex((share) => (left -= share) < 0);
  return kind === -1 ? mix.length - 1 : kind;
}

/** Standard normal (Box and Muller 1958). */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - uniformFloat64(rng))) * Math.cos(2 * Math.PI * uniformFloat64(rng));
}

/** Mean of logistic(mean + deviation · Z), Z standard normal, by the trapezoid rule on 201 points of ±6. */
function meanLogistic(mean: number, deviation: number): number {
  let [sum, whole] = [0, 0];
  for (let step = -100; step <= 100; step++) {
    const z = (6 * step) / 100;
    const weight = Math.exp((-z * z) / 2);
    sum += weight * logistic(mean + deviation * z);
    whole += weight;
  }
  return sum / whole;
}

function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
