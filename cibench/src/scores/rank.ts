/** Ranks runs, but only where a paired test tells them apart. */
import type { StoredRun } from "../read-run.ts";
import type { PairComparison, RankedRun, Ranking } from "../schema/ranking.ts";
import type { Report } from "../schema/report.ts";
import type { Estimate } from "../schema/estimate.ts";
import type { CategoryScore, ItemOutcome } from "../schema/score.ts";
import type { Category } from "../schema/task.ts";
import { estimate, type Resampled } from "./bootstrap.ts";
import { rawOf } from "./category-score.ts";
import { MEASURED } from "./scoring.ts";

export interface RankOptions {
  category: Category;
  kind: "real" | "synthetic";
  seed: number;
  /** Expected share of wrong separations among the separations drawn. */
  falseDiscovery?: number;
}

/**
 * Paired cluster bootstrap on the difference of raw between every two contestants of one suite, then
 * Benjamini-Hochberg over all pairs.
 *
 * The p-value is 2 · min(#{d ≤ 0} + 1, #{d ≥ 0} + 1) / (resamples + 1), capped at 1, over the differences d of the
 * resamples. Self-checks, runs of another suite than most, runs without a score, and tools that share code with an
 * oracle are listed in `notRanked` with the reason. Ties are not transitive: two tools may each tie with a third and
 * yet be separated.
 */
export function rankReports(runs: readonly StoredRun[], options: RankOptions): Ranking {
  const { category, kind, seed, falseDiscovery = 0.05 } = options;
  const suiteHash = commonSuite(runs);
  const notRanked: Ranking["notRanked"] = [];
  const entries: Entry[] = [];
  for (const { report, items } of runs) {
    const score = scoredOf(report, options);
    const reason = reasonNotRanked(report, { suiteHash, score, entries, category });
    if (reason === null && score !== null) {
      entries.push({
        runId: report.runId,
        tool: report.subject.name,
        score: score.score,
        raw: resampledOf(score, items, seed),
      });
    } else {
      notRanked.push({ runId: report.runId, tool: report.subject.name, reason: reason ?? "it has no score" });
    }
  }
  const pairs = comparePairs(entries, falseDiscovery);
  return {
    category,
    kind,
    suiteHash,
    falseDiscovery,
    seed,
    ranked: ranks(entries, pairs),
    pairs,
    notRanked,
  };
}

/** The rankings of each category and kind of corpora on which at least one contestant has a score. */
export function rankings(runs: readonly StoredRun[], seed: number): Ranking[] {
  return MEASURED.flatMap((category) =>
    (["real", "synthetic"] as const).map((kind) => rankReports(runs, { category, kind, seed })),
  ).filter((ranking) => ranking.ranked.length > 0);
}

/**
 * Benjamini-Hochberg adjusted p-values, in the order given: the smallest false-discovery rate at which each would be
 * rejected.
 *
 * @see Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995
 */
export function adjustForDiscovery(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[b] as number) - (pValues[a] as number));
  const adjusted = Array.from(pValues, () => 1);
  let lowest = 1;
  order.forEach((original, fromLargest) => {
    const rank = pValues.length - fromLargest;
    lowest = Math.min(lowest, ((pValues[original] as number) * pValues.length) / rank);
    adjusted[original] = lowest;
  });
  return adjusted;
}

interface Entry {
  runId: string;
  tool: string;
  score: Estimate;
  raw: Resampled;
}

type Scored = Extract<CategoryScore, { state: "scored" }>;

/** The suite that most runs share; of equally frequent ones the first seen. */
function commonSuite(runs: readonly StoredRun[]): string | null {
  const groups = Map.groupBy(runs, (run) => run.report.suite.hash);
  return [...groups].reduce<[string | null, number]>(
    ([best, size], [hash, group]) => (group.length > size ? [hash, group.length] : [best, size]),
    [null, 0],
  )[0];
}

function scoredOf(report: Report, { category, kind }: Pick<RankOptions, "category" | "kind">): Scored | null {
  const score = report.scores.find(
    (one): one is Scored => one.category === category && one.state === "scored" && one.kind === kind,
  );
  return score ?? null;
}

function reasonNotRanked(
  report: Report,
  among: { suiteHash: string | null; score: Scored | null; entries: readonly Entry[]; category: Category },
): string | null {
  const { suiteHash, score, entries, category } = among;
  if (report.subject.role === "self-check") return "a self-check";
  if (report.suite.hash !== suiteHash) return "judged on another suite";
  if (score === null || score.raw.value === null) return "it has no score";
  const relatives = report.corpora
    .filter((corpus) => corpus.category === category)
    .flatMap(({ oracles }) => oracles.filter((oracle) => oracle.sharesCodeWith.includes(report.subject.name)));
  if (relatives[0]) return `it shares code with the oracle ${relatives[0].name}`;
  if (entries.some((entry) => entry.runId === report.runId)) return "given twice";
  return null;
}

/** The same draws for every run: they follow from seed, corpus and its files alone. */
function resampledOf({ category, corpora }: Scored, items: readonly ItemOutcome[], seed: number): Resampled {
  const own = items.filter((item) => item.category === category);
  const judged = corpora.map(({ corpus }) => ({
    id: corpus,
    outcomes: own.filter((item) => item.corpus === corpus),
  }));
  return rawOf(category, judged, seed);
}

function comparePairs(entries: readonly Entry[], falseDiscovery: number): PairComparison[] {
  const compared = entries.flatMap((a, index) => entries.slice(index + 1).map((b) => compare(a, b)));
  const q = adjustForDiscovery(compared.map((pair) => pair.p));
  return compared.map((pair, index) => {
    const adjusted = q[index] as number;
    return { ...pair, q: adjusted, separated: adjusted <= falseDiscovery };
  });
}

function compare(a: Entry, b: Entry): Omit<PairComparison, "q" | "separated"> {
  const draws = a.raw.draws.map((draw, index) => draw - (b.raw.draws[index] as number));
  const p = pairedP(draws, a.raw.clusters);
  const difference = estimate({ ...a.raw, value: a.raw.value - b.raw.value, draws });
  return { a: a.runId, b: b.runId, difference, p };
}

/**
 * How likely it is that the resamples of one run lie on one side of those of another by chance.
 *
 * @param differences per resample; NaN where one has no figure
 * @param clusters with fewer than two nothing can be told apart
 */
export function pairedP(differences: Float64Array, clusters: number): number {
  if (clusters < 2) return 1;
  let [usable, atMost, atLeast] = [0, 0, 0];
  for (const difference of differences) {
    if (Number.isNaN(difference)) continue;
    usable++;
    if (difference <= 0) atMost++;
    if (difference >= 0) atLeast++;
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (usable + 1));
}

function ranks(entries: readonly Entry[], pairs: readonly PairComparison[]): RankedRun[] {
  const involving = (runId: string) => pairs.filter((pair) => pair.a === runId || pair.b === runId);
  const isBetter = (pair: PairComparison, runId: string) =>
    ((pair.difference.value ?? 0) > 0 ? pair.a : pair.b) !== runId;
  return entries
    .map(({ runId, tool, score }): RankedRun => {
      const mine = involving(runId);
      return {
        runId,
        tool,
        score,
        rank: 1 + mine.filter((pair) => pair.separated && isBetter(pair, runId)).length,
        tiedWith: mine.filter((pair) => !pair.separated).map((pair) => (pair.a === runId ? pair.b : pair.a)),
      };
    })
    .toSorted((a, b) => a.rank - b.rank || (b.score.value ?? 0) - (a.score.value ?? 0));
}
