/**
 * Runs of a benchmark in, a verdict for each category out. Pure.
 *
 * A deterministic subject needs no test: what its score lost is lost by the code. A stochastic one is tested by relabelling
 * its runs: paired by item, since every run answers the same items, and clustered by corpus, whose items share a run.
 */
import { benjaminiHochberg } from "../../stats/false-discovery.ts";
import { type Cluster, relabel } from "../../stats/relabel.ts";
import type { GateSettings } from "../schema.ts";
import type { CategoryVerdict, ScoreDecision, ScoreEvidence, ScoreRun } from "./schema.ts";

/** Identical runs that prove a subject deterministic, and runs of a stochastic one that are needed at least; of each side. */
export const IDENTICAL_RUNS = 2;
export const FEWEST_RUNS = 3;
/** A stochastic category is unchanged when its interval lies within one point of 100. */
const UNCHANGED_WITHIN = 0.01;
/** Of each end of the interval: 3 runs of one corpus allow no less. */
const TAIL = 0.05;

type Settings = Pick<GateSettings, "scoreFall" | "q" | "seed">;

/** Whether runs of one side are so many and so equal that the subject answers without chance. */
export function areIdentical(runs: readonly Pick<ScoreRun, "items" | "suite">[]): boolean {
  return (
    runs.length >= IDENTICAL_RUNS &&
    runs.every(({ items, suite }) => items === runs[0]?.items && suite === runs[0].suite)
  );
}

/** Decides all entries together: categories of stochastic subjects are one family. In the order given. */
export function decideScores(evidence: readonly ScoreEvidence[], settings: Settings): ScoreDecision[] {
  const drafts = evidence.map((one) => draft(one, settings));
  const tested = drafts.flatMap(({ categories }) => categories.flatMap(({ test }) => (test === null ? [] : [test])));
  const worse = benjaminiHochberg(tested.map(({ worseP }) => worseP));
  const better = benjaminiHochberg(tested.map(({ betterP }) => betterP));
  const adjusted = new Map(tested.map((test, i) => [test, [worse[i] as number, better[i] as number] as const]));
  return drafts.map(({ subject, categories, lostKept, broken }): ScoreDecision => {
    const verdicts = categories.map((one) =>
      one.test === null
        ? decideExact(one, broken, settings)
        : decideTested(one, one.test, adjusted.get(one.test) as readonly [number, number], tested.length, settings),
    );
    const kept = lostKept.length === 0 ? null : `lost from the keep list: ${shortList(lostKept)}`;
    return {
      verdict: kept !== null ? "regressed" : overall(verdicts),
      reason: kept ?? broken,
      subject,
      categories: verdicts,
    };
  });
}

interface CategoryDraft {
  category: string;
  base: number;
  head: number;
  judged: number;
  /** Null where nothing is drawn, or too few runs are there. */
  test: RelabelTest | null;
}

interface RelabelTest {
  difference: number;
  worseP: number;
  betterP: number;
  fall: { lowerBound: (alpha: number) => number | null };
  rise: { lowerBound: (alpha: number) => number | null };
}

interface Draft {
  subject: ScoreDecision["subject"];
  categories: CategoryDraft[];
  lostKept: readonly string[];
  /** Why no category of it can be told. */
  broken: string | null;
}

function draft({ base, head, lostKept }: ScoreEvidence, settings: Settings): Draft {
  const deterministic = areIdentical(base) && areIdentical(head);
  const suites = new Set([...base, ...head].map(({ suite }) => suite));
  const runs = Math.min(base.length, head.length);
  const broken =
    suites.size > 1
      ? "questions, truth or rules are not the same on both sides, so only items can be compared"
      : !deterministic && runs < FEWEST_RUNS
        ? `${runs} of at least ${FEWEST_RUNS} runs of each side`
        : null;
  const names = commonCategories([...base, ...head]);
  return {
    subject: deterministic ? "deterministic" : "stochastic",
    lostKept,
    broken,
    categories: names.map((category) => {
      const clusters = clustersOf(category, base, head);
      return {
        category,
        base: mean(base.map((run) => scoreOf(run, category, "score"))),
        head: mean(head.map((run) => scoreOf(run, category, "score"))),
        judged: mean(head.map((run) => scoreOf(run, category, "judged"))),
        test: deterministic || broken !== null ? null : testOf(clusters, settings),
      };
    }),
  };
}

/** Categories that every run has, over the same corpora. */
export function commonCategories(runs: readonly ScoreRun[]): string[] {
  const [first, ...others] = runs;
  const corporaOf = (run: ScoreRun | undefined, name: string): string | undefined =>
    run?.categories
      .find(({ category }) => category === name)
      ?.corpora.map(({ corpus }) => corpus)
      .toSorted()
      .join("\n");
  return (first?.categories ?? [])
    .map(({ category }) => category)
    .filter((name) => others.every((run) => corporaOf(run, name) === corporaOf(first, name)));
}

function corporaIn(run: ScoreRun, name: string) {
  return run.categories.find(({ category }) => category === name)?.corpora ?? [];
}

function scoreOf(run: ScoreRun, category: string, which: "score" | "judged"): number {
  return mean(corporaIn(run, category).map((one) => one[which]));
}

function clustersOf(category: string, base: readonly ScoreRun[], head: readonly ScoreRun[]): Cluster[] {
  const valueIn = (run: ScoreRun, name: string): number =>
    corporaIn(run, category).find(({ corpus }) => corpus === name)?.judged ?? Number.NaN;
  return corporaIn(base[0] as ScoreRun, category).map(({ corpus }) => ({
    base: base.map((run) => valueIn(run, corpus)),
    head: head.map((run) => valueIn(run, corpus)),
  }));
}

function testOf(clusters: readonly Cluster[], { scoreFall, seed }: Settings): RelabelTest {
  const rise = relabel(clusters, seed);
  const turned = clusters.map(({ base, head }) => ({ base: base.map((one) => -one), head: head.map((one) => -one) }));
  const fall = relabel(turned, seed);
  return { difference: rise.difference, worseP: fall.p(scoreFall), betterP: rise.p(scoreFall), fall, rise };
}

/** Without a test: any fall beyond what is allowed is one. */
function decideExact(
  { category, base, head, judged }: CategoryDraft,
  broken: string | null,
  { scoreFall }: Settings,
): CategoryVerdict {
  const change = judged - base;
  // Scores are means: their last bits are not their own.
  const beyond = Math.abs(change) > scoreFall + 1e-9;
  const verdict = !beyond ? "unchanged" : change < 0 ? "regressed" : "improved";
  return {
    ...{ category, base, head, change },
    verdict: broken !== null ? "inconclusive" : verdict,
    reason: broken,
    ...{ interval: null, adjustedP: null, adjustedImprovementP: null },
    detectable: broken === null ? scoreFall : null,
  };
}

function decideTested(
  { category, base, head }: CategoryDraft,
  test: RelabelTest,
  [adjustedP, adjustedImprovementP]: readonly [number, number],
  family: number,
  { scoreFall, q }: Settings,
): CategoryVerdict {
  const [low, negatedHigh] = [test.rise.lowerBound(TAIL), test.fall.lowerBound(TAIL)];
  const interval = low === null || negatedHigh === null ? null : { low, high: -negatedHigh, level: 1 - 2 * TAIL };
  const found = test.fall.lowerBound(q / family);
  // A fall of e would have been found when its lower bound, which moves with it, had been above what is allowed.
  const detectable = found === null ? null : Math.max(0, scoreFall - test.difference - found);
  const within = interval !== null && Math.max(interval.high, -interval.low) <= UNCHANGED_WITHIN;
  const verdict =
    adjustedP <= q ? "regressed" : adjustedImprovementP <= q ? "improved" : within ? "unchanged" : "inconclusive";
  return {
    ...{
      category,
      verdict,
      base,
      head,
      change: test.difference,
      interval,
      adjustedP,
      adjustedImprovementP,
      detectable,
    },
    reason: verdict === "inconclusive" ? "a change of more than one point can be neither shown nor ruled out" : null,
  };
}

function overall(verdicts: readonly CategoryVerdict[]): ScoreDecision["verdict"] {
  const order = ["regressed", "inconclusive", "improved"] as const;
  if (verdicts.length === 0) return "inconclusive";
  return order.find((one) => verdicts.some(({ verdict }) => verdict === one)) ?? "unchanged";
}

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(", ");
  return items.length <= 5 ? shown : `${shown} and ${items.length - 5} more`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
