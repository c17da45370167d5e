/** Two runs on the same items: what differs, by how much, and where. */
import { CibenchError } from "./errors.ts";
import type { StoredRun } from "./read-run.ts";
import type { ComparedFigure, CompareOutput } from "./schema/rescore.ts";
import type { CategoryScore, ItemOutcome } from "./schema/score.ts";
import { estimate, type Resampled } from "./scores/bootstrap.ts";
import { rawOf } from "./scores/category-score.ts";
import { itemCredit } from "./scores/item-credit.ts";

/** A list of items is to be looked at; the figures count all of them. */
const SHOWN_ITEMS = 1_000;

/**
 * Differences of raw over all corpora that both were scored on and of macro F1 per corpus, from paired resamples, the largest first.
 *
 * @throws CibenchError `NOT_COMPARABLE` when they were judged on different suites, or nothing was scored in both
 */
export function compareRuns(a: StoredRun, b: StoredRun, seed: number): CompareOutput {
  if (a.report.suite.hash !== b.report.suite.hash) {
    throw new CibenchError(
      "NOT_COMPARABLE",
      `${a.report.runId} and ${b.report.runId} were judged on different suites`,
      {
        hint: 'Score both again with "cibench rescore --out <dir>", or run both on the same corpora.',
      },
    );
  }
  const figures = a.report.scores.flatMap((score) => {
    const other = score.state === "scored" ? sameAs(score, b.report.scores) : undefined;
    return score.state === "scored" && other !== undefined ? compareScore(score, [a, b], seed) : [];
  });
  if (figures.length === 0) {
    throw new CibenchError("NOT_COMPARABLE", `nothing is scored in both ${a.report.runId} and ${b.report.runId}`);
  }
  const size = ({ difference }: ComparedFigure): number => Math.abs(difference.value ?? 0);
  const items = differing(a.items, b.items);
  return {
    schemaVersion: 1,
    a: a.report.runId,
    b: b.report.runId,
    seed,
    figures: figures.toSorted((one, other) => size(other) - size(one)),
    items: items.toSorted((one, other) => other.a - other.b - (one.a - one.b)).slice(0, SHOWN_ITEMS),
  };
}

type Scored = Extract<CategoryScore, { state: "scored" }>;

function sameAs({ category, kind }: Scored, scores: readonly CategoryScore[]): Scored | undefined {
  return scores.find((one): one is Scored => one.state === "scored" && one.category === category && one.kind === kind);
}

function compareScore({ category, kind, corpora }: Scored, runs: readonly [StoredRun, StoredRun], seed: number) {
  const ids = corpora.map(({ corpus }) => corpus);
  return [ids, ...ids.map((id) => [id])].map((some, index): ComparedFigure => {
    const own = runs.map(({ items }) =>
      items.filter((item) => item.category === category && some.includes(item.corpus)),
    );
    const [a, b] = own.map((items) => {
      const judged = some.map((id) => ({ id, outcomes: items.filter(({ corpus }) => corpus === id) }));
      return rawOf(category, judged, seed);
    }) as [Resampled, Resampled];
    const draws = a.draws.map((draw, at) => draw - (b.draws[at] as number));
    const items = differing(own[0] as ItemOutcome[], own[1] as ItemOutcome[]);
    const orNull = (value: number) => (Number.isNaN(value) ? null : value);
    return {
      category,
      kind,
      corpus: index === 0 ? null : (some[0] as string),
      a: orNull(a.value),
      b: orNull(b.value),
      difference: estimate({ ...a, value: a.value - b.value, draws }),
      aBetter: items.filter((item) => item.a > item.b).length,
      bBetter: items.filter((item) => item.b > item.a).length,
    };
  });
}

/** Items that truth decides and that are not worth the same in both. */
function differing(a: readonly ItemOutcome[], b: readonly ItemOutcome[]): CompareOutput["items"] {
  const keyOf = ({ category, corpus, itemId }: ItemOutcome) => `${category}/${corpus}/${itemId}`;
  const others = new Map(b.map((item) => [keyOf(item), itemCredit(item)]));
  return a.flatMap((item) => {
    const [own, other] = [itemCredit(item), others.get(keyOf(item)) ?? null];
    if (own === null || other === null || own === other) return [];
    return [{ category: item.category, corpus: item.corpus, itemId: item.itemId, a: own, b: other }];
  });
}
