/** How far scores agree with people, beside how far people agree with each other. Pure. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { auroc } from "../calibration/lines/ordered.ts";
import type { Estimate } from "../schema/estimate.ts";
import type { AgreementOutput, Correlation } from "../schema/rating.ts";
import { estimate, mixSeed, RESAMPLES } from "../scores/bootstrap.ts";
import { kendall, mean, pearson, spearman } from "./correlate.ts";
import type { HumanData, RatedItem } from "./human-data.ts";
import { krippendorffAlpha } from "./krippendorff.ts";
import { reciprocalRank, type ScoredGroup } from "./reciprocal-rank.ts";

type Coefficient = (a: readonly number[], b: readonly number[]) => number;

/** Fewer items order nothing: a coefficient of two is 1 or −1. */
const LEAST_ITEMS = 3;

/**
 * Graded ratings of several raters: Spearman, Kendall and Pearson within groups. Binary ones (the mean rating is relevant from one half
 * on): MRR and AUROC, without a ceiling.
 *
 * @param scores by id of an item; what has none counts as scored below all others
 */
export function measureAgreement(data: HumanData, scores: ReadonlyMap<string, number>, seed: number): AgreementOutput {
  const rated = data.items.filter(({ values }) => values.size > 0);
  const lowest = Math.min(0, ...scores.values()) - 1;
  const scoreOf = ({ id }: RatedItem): number => scores.get(id) ?? lowest;
  const ratings = rated.map(({ values }) => [...values.values()]);
  const alpha = krippendorffAlpha(ratings, data.kind === "binary" ? "nominal" : "ordinal");
  const groups = [...Map.groupBy(rated, ({ group }) => group).values()];
  const correlation = (coefficient: Coefficient): Correlation =>
    correlate({ coefficient, groups, rated, scoreOf, seed });
  const reason = reasonNotMeasured(rated, scores);
  const isGraded = reason === null && data.kind === "graded";
  return {
    schemaVersion: 1,
    study: data.study,
    source: data.source,
    kind: data.kind,
    state: reason === null ? "measured" : "not-measured",
    reason,
    items: rated.length,
    groups: groups.length,
    raters: new Set(rated.flatMap(({ values }) => [...values.keys()])).size,
    ratings: ratings.flat().length,
    undecided: data.undecided,
    unscored: rated.filter(({ id }) => !scores.has(id)).length,
    seed,
    alpha: orNull(alpha),
    graded: isGraded
      ? { spearman: correlation(spearman), kendall: correlation(kendall), pearson: correlation(pearson) }
      : null,
    binary: reason === null && !isGraded ? relevance(data, scores, seed) : null,
  };
}

function reasonNotMeasured(rated: readonly RatedItem[], scores: ReadonlyMap<string, number>): string | null {
  if (rated.length === 0) return "there is no human data";
  return rated.some(({ id }) => scores.has(id)) ? null : "there is no score of a rated item";
}

function correlate({
  coefficient,
  groups,
  rated,
  scoreOf,
  seed,
}: {
  coefficient: Coefficient;
  groups: readonly (readonly RatedItem[])[];
  rated: readonly RatedItem[];
  scoreOf: (item: RatedItem) => number;
  seed: number;
}): Correlation {
  const of = (items: readonly RatedItem[]): number => coefficient(items.map(scoreOf), items.map(meanRating));
  const large = groups.filter((items) => items.length >= LEAST_ITEMS);
  const parts = large
    .map((items) => ({ raw: of(items), ceiling: leaveOneOut(items, coefficient) }))
    .filter(({ raw }) => !Number.isNaN(raw));
  const raw = resampled(parts, seed, (some) => mean(some.map((part) => part.raw)));
  // Groups in which people cannot be held against each other have no ceiling of their own.
  const ceilingOf = (some: typeof parts): number =>
    mean(some.map(({ ceiling }) => ceiling).filter((ceiling) => !Number.isNaN(ceiling)));
  const ceiling = ceilingOf(parts);
  const quotient = (some: typeof parts): number => mean(some.map((part) => part.raw)) / ceilingOf(some);
  const normalized = ceiling > 0 ? resampled(parts, seed, quotient) : null;
  return {
    raw,
    ceiling: orNull(ceiling),
    normalized: normalized === null ? null : capped(normalized),
    isCapped: (normalized?.value ?? 0) > 1,
    pooled: orNull(of(rated)),
    groups: parts.length,
  };
}

/**
 * Of each rater with the mean of the others, over the items that both rated; the mean over raters with at least three such
 * items. NaN where there is none.
 */
function leaveOneOut(items: readonly RatedItem[], coefficient: Coefficient): number {
  const raters = [...new Set(items.flatMap(({ values }) => [...values.keys()]))];
  const own = raters.map((rater) => {
    const shared = items.filter(({ values }) => values.has(rater) && values.size > 1);
    if (shared.length < LEAST_ITEMS) return Number.NaN;
    const said = shared.map(({ values }) => values.get(rater) as number);
    const others = shared.map(({ values }) =>
      mean([...values].flatMap(([who, value]) => (who === rater ? [] : [value]))),
    );
    return coefficient(said, others);
  });
  return mean(own.filter((value) => !Number.isNaN(value)));
}

function relevance(
  data: HumanData,
  scores: ReadonlyMap<string, number>,
  seed: number,
): NonNullable<AgreementOutput["binary"]> {
  const rated = data.items.filter(({ values }) => values.size > 0);
  const relevantIds = new Set(rated.filter((item) => meanRating(item) >= 0.5).map(({ id }) => id));
  const known = new Map(rated.map(({ id, group }) => [id, group]));
  const byGroup = Map.groupBy(rated, ({ group }) => group);
  // Candidates of a pool that nobody rated are named by who scored them.
  const named = Map.groupBy(
    [...scores.keys()].filter((id) => !known.has(id)),
    (id) => id.slice(0, id.lastIndexOf("/")),
  );
  const ranks = [...byGroup].flatMap(([group, items]) => {
    if (!items.some(({ id }) => relevantIds.has(id))) return [];
    const pool = data.candidates.get(group) ?? items.length;
    const ids = [...items.map(({ id }) => id), ...(data.candidates.has(group) ? (named.get(group) ?? []) : [])];
    return [{ rank: reciprocalRank(scoredGroups(ids, { scores, relevantIds, pool })) }];
  });
  const all = scoredGroups([...known.keys()], { scores, relevantIds, pool: known.size });
  return {
    mrr: resampled(ranks, seed, (some) => mean(some.map(({ rank }) => rank))),
    auroc: orNull(auroc(all.map(({ relevant, other }) => ({ correct: relevant, wrong: other })))),
  };
}

/** Candidates by score, the highest first; what has no score stands last, with what nobody named. */
function scoredGroups(
  ids: readonly string[],
  given: { scores: ReadonlyMap<string, number>; relevantIds: ReadonlySet<string>; pool: number },
): ScoredGroup[] {
  const { scores, relevantIds, pool } = given;
  const byScore = Map.groupBy(ids, (id) => scores.get(id) ?? Number.NEGATIVE_INFINITY);
  if (pool > ids.length && !byScore.has(Number.NEGATIVE_INFINITY)) byScore.set(Number.NEGATIVE_INFINITY, []);
  return [...byScore]
    .toSorted(([a], [b]) => (a === b ? 0 : b > a ? 1 : -1))
    .map(([score, own]) => {
      const relevant = own.filter((id) => relevantIds.has(id)).length;
      const unnamed = score === Number.NEGATIVE_INFINITY ? Math.max(0, pool - ids.length) : 0;
      return { relevant, other: own.length - relevant + unnamed };
    });
}

/** A figure of groups with its interval: groups are resampled. */
function resampled<Part>(parts: Part[], seed: number, figure: (parts: Part[]) => number): Estimate {
  const rng = xoroshiro128plus(mixSeed(seed, "agreement"));
  const draws = Float64Array.from({ length: parts.length < 2 ? 0 : RESAMPLES }, () =>
    figure(parts.map(() => parts[uniformInt(rng, 0, parts.length - 1)] as Part)),
  );
  return estimate({ value: figure(parts), n: parts.length, clusters: parts.length, draws });
}

function capped({ value, low, high, n }: Estimate): Estimate {
  const cap = (figure: number | null): number | null => (figure === null ? null : Math.min(1, figure));
  return { value: cap(value), low: cap(low), high: cap(high), n };
}

function meanRating({ values }: RatedItem): number {
  return mean([...values.values()]);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
