/** From labelled edges of split `fit` to a table of probabilities. Pure. */
import { Evidence, type FittedBucket, type FittedTable } from "../schema/calibration.ts";
import { type CorpusEdges, countEdges, type Edge, knownEdges } from "./edges.ts";
import { nonIncreasing } from "./non-increasing.ts";

/** The numbers of candidates at which buckets begin. */
export const BUCKETS = [1, 2, 3, 5, 9, 17, 33, 101] as const;
/** What the share of the bucket before counts for, in edges: as much as a Beta(1, 1) prior does. */
const PRIOR_EDGES = 2;
/** Probabilities are written with so many digits. */
const DIGITS = 4;

/**
 * How probable an edge is, by how it was found and among how many candidates.
 *
 * Every corpus weighs the same: an edge of corpus *c* weighs N / (C · n_c), N being all edges, C the corpora and n_c
 * those of *c*. In a bucket, p = (n′ · share + 2 · p₀) / (n′ + 2): the weighted share of right edges, drawn towards p₀
 * (the mean of a beta posterior, Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4). In the first bucket p₀ is
 * 1/2 (Laplace's rule). In another it is that p of the bucket before; where nothing was tracked (`name`, `suggested`) it is
 * what the bucket before says if as many candidates as there are right: p · from / from′, the buckets beginning at from and
 * from′. The first assumes that of functions which were followed to a site, or belong to a family of members that code reads from,
 * as large a share is right however many they are, the second that a name or declaration means one of those that fit it.
 * n′ = (Σ weight)² / Σ weight², weight being that of all edges of one call site here, is how many sites of equal weight would
 * say as much (Kish, Survey Sampling, 1965, section 11.7): forty edges at one crowded site are one observation of how such
 * sites go. Where more candidates come out more probable than fewer, the buckets are pooled, weighted by n′ + 2 (pool
 * adjacent violators, Barlow et al., Statistical Inference under Order Restrictions, 1972).
 *
 * A bucket without edges has the probability p₀, of what the bucket before has in the end.
 *
 * @param corpora at least one with an edge
 */
export function fitTable(corpora: readonly CorpusEdges[], command: string): FittedTable {
  const used = knownEdges(corpora).filter(({ edges }) => edges.length > 0);
  const weighted = weigh(used);
  const table = Evidence.options.map((evidence) => [
    evidence,
    fitBuckets(
      weighted.filter(({ edge }) => edge.evidence === evidence),
      SHARED.has(evidence),
    ),
  ]);
  return {
    schemaVersion: 1,
    command,
    corpora: corpora.map(countEdges).filter(({ closed, ran }) => closed + ran > 0),
    evidence: Object.fromEntries(table) as FittedTable["evidence"],
  };
}

/** Evidence of candidates of which a site has one right one or a few, however many it lists. */
const SHARED: ReadonlySet<Evidence> = new Set<Evidence>(["name", "suggested"]);

interface WeightedEdge {
  edge: Edge;
  /** The call site, among those of all corpora. */
  site: string;
  weight: number;
}

function weigh(corpora: readonly CorpusEdges[]): WeightedEdge[] {
  const all = corpora.reduce((sum, { edges }) => sum + edges.length, 0);
  return corpora.flatMap(({ id, edges }) => {
    const weight = all / (corpora.length * edges.length);
    return edges.map((edge) => ({ edge, site: `${id} ${edge.site}`, weight }));
  });
}

function fitBuckets(edges: readonly WeightedEdge[], isShared: boolean): FittedBucket[] {
  const groups = BUCKETS.map((from, index) => {
    const next = BUCKETS[index + 1] ?? Number.POSITIVE_INFINITY;
    return { from, members: edges.filter(({ edge: { among } }) => among >= from && among < next) };
  });
  let before = 0.5;
  const shrunk = groups.map(({ members }, index) => {
    const sum = members.reduce((total, { weight }) => total + weight, 0);
    const squares = weightsOfSites(members).reduce((total, weight) => total + weight * weight, 0);
    const right = members.reduce((total, { edge, weight }) => total + (edge.right ? weight : 0), 0);
    const effective = squares === 0 ? 0 : (sum * sum) / squares;
    const share = sum === 0 ? null : right / sum;
    const prior = before * kept(index, isShared);
    before = (effective * (share ?? 0) + PRIOR_EDGES * prior) / (effective + PRIOR_EDGES);
    return { share, value: before, weight: effective + PRIOR_EDGES };
  });
  const fitted = inOrder(shrunk, isShared);
  return groups.map(({ from, members }, index) => {
    const { share } = shrunk[index] as { share: number | null };
    return {
      from,
      edges: members.length,
      right: members.filter(({ edge }) => edge.right).length,
      share: share === null ? null : rounded(share),
      probability: insideOpen(fitted[index] as number),
    };
  });
}

/** The sum of the weights of each call site's edges. */
function weightsOfSites(edges: readonly WeightedEdge[]): number[] {
  const bySite = Map.groupBy(edges, ({ site }) => site);
  return [...bySite.values()].map((own) => own.reduce((total, { weight }) => total + weight, 0));
}

/** What of the probability of the bucket before remains where nothing else is known. */
function kept(index: number, isShared: boolean): number {
  const before = BUCKETS[index - 1];
  return isShared && before !== undefined ? before / (BUCKETS[index] as number) : 1;
}

/** Buckets with edges pooled where their order is wrong, and the others after them. */
function inOrder(
  buckets: readonly { share: number | null; value: number; weight: number }[],
  isShared: boolean,
): number[] {
  const pooled = nonIncreasing(buckets.filter(({ share }, index) => share !== null || index === 0));
  const fitted: number[] = [];
  buckets.forEach(({ share }, index) => {
    const own = share !== null || index === 0 ? pooled.shift() : undefined;
    fitted.push(own ?? (fitted[index - 1] as number) * kept(index, isShared));
  });
  // A bucket without edges may come out below one behind it.
  for (let index = fitted.length - 2; index >= 0; index--)
    if (buckets[index]?.share === null) fitted[index] = Math.max(fitted[index] as number, fitted[index + 1] as number);
  return fitted;
}

function rounded(share: number): number {
  return Number(share.toFixed(DIGITS));
}

/** Neither 0 nor 1, which no number of edges proves. */
function insideOpen(probability: number): number {
  const smallest = 10 ** -DIGITS;
  return rounded(Math.min(1 - smallest, Math.max(smallest, probability)));
}
