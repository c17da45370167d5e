/** What trivial answers are expected to reach, so that a score above 0 means understanding. */
import { type CallGraphTruth, type SiteTruth, Stratum } from "@drift/corpora";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { allowedKeys, isUnknown, openBudget, targetKey } from "../evaluators/graph-edges.ts";
import type { Baseline } from "../schema/score.ts";
import { mixSeed } from "./bootstrap.ts";
import { averagedStrata } from "./edge-table.ts";
import { shuffle } from "./shuffle.ts";

/** Draws behind each expectation that has no closed form. */
export const BASELINE_DRAWS = 1_000;

/** What a trivial answer reaches in raw: its expectation, and the spread of single draws (0 if deterministic). */
export interface Expectation {
  name: string;
  raw: number;
  deviation: number;
}

/**
 * The expected macroF1 of every trivial answer on one corpus, with the weights of the score itself:
 *
 * - `null`: answers nothing.
 * - `constant`: the same target everywhere; the best one *in hindsight*, so no constant chosen beforehand beats it.
 * - `first-in-file`: the first definition of the call's own file.
 * - `list-everything`: every definition and the outside, everywhere.
 * - `random`: one definition, uniformly; mean of 1,000 seeded draws.
 * - `shuffled-gold`: the true answers, permuted over the sites that have one; mean of 1,000 seeded draws.
 */
export function baselineExpectations(truth: CallGraphTruth, seed: number): Expectation[] {
  const sites = truth.sites.filter((site) => !isUnknown(site)).map(toSiteKeys);
  const exact = (name: string, raw: number) => ({ name, raw, deviation: 0 });
  return [
    exact("null", 0),
    exact("constant", bestConstant(sites)),
    exact("first-in-file", firstInFile(sites, truth)),
    exact("list-everything", listEverything(sites, truth)),
    { name: "random", ...randomDefinition(sites, truth, seed) },
    { name: "shuffled-gold", ...shuffledGold(sites, truth.corpus, seed) },
  ];
}

/**
 * The same over several corpora, which weigh the same as in the score.
 *
 * @param perCorpus at least one, each from {@link baselineExpectations}
 */
export function meanExpectations(perCorpus: readonly (readonly Expectation[])[]): Expectation[] {
  return (perCorpus[0] ?? []).map(({ name }, index) => {
    const own = perCorpus.map((corpus) => corpus[index] as Expectation);
    return {
      name,
      raw: own.reduce((sum, { raw }) => sum + raw, 0) / own.length,
      deviation: Math.hypot(...own.map(({ deviation }) => deviation)) / own.length,
    };
  });
}

/** The floor of a category: the highest expectation. */
export function floorOf(expectations: readonly Expectation[]): {
  floor: number;
  floorBy: string;
  baselines: Baseline[];
} {
  const baselines = expectations.map(({ name, raw }) => ({ name, raw }));
  const highest = baselines.reduce((top, baseline) => (baseline.raw > top.raw ? baseline : top));
  return { floor: highest.raw, floorBy: highest.name, baselines };
}

/**
 * Score = (raw − floor) / (1 − floor): 0 is worth no more than the best trivial answer, 1 is the truth; signed. NaN
 * when a trivial answer reaches 1, because such truth tells no tools apart.
 */
export function normalise(raw: number, floor: number): number {
  return floor < 1 ? (raw - floor) / (1 - floor) : Number.NaN;
}

interface SiteKeys {
  stratum: number;
  file: string;
  closed: boolean;
  must: ReadonlySet<string>;
  may: ReadonlySet<string>;
}

function toSiteKeys(site: SiteTruth): SiteKeys {
  const must = new Set(site.must.map(targetKey));
  const may = allowedKeys(site);
  return { stratum: Stratum.options.indexOf(site.stratum), file: site.file, closed: site.closed, must, may };
}

/** TP and FP per stratum; the must edges per stratum do not depend on the answer. */
class Tally {
  readonly #mustEdges: readonly number[];
  readonly #isAveraged: readonly boolean[];
  readonly #tp = Stratum.options.map(() => 0);
  readonly #fp = Stratum.options.map(() => 0);

  constructor(mustEdges: readonly number[]) {
    this.#mustEdges = mustEdges;
    this.#isAveraged = averagedStrata(mustEdges);
  }

  reset(): void {
    this.#tp.fill(0);
    this.#fp.fill(0);
  }

  add(stratum: number, truePositives: number, falsePositives: number): void {
    this.#tp[stratum] = (this.#tp[stratum] as number) + truePositives;
    this.#fp[stratum] = (this.#fp[stratum] as number) + falsePositives;
  }

  /** Predicts distinct targets of one probability at one site. */
  predictAll(site: SiteKeys, keys: readonly string[]): void {
    const countable = site.closed ? keys : keys.slice(0, openBudget(site.must.size + site.may.size));
    for (const key of countable) this.predict(site, key);
  }

  /** Predicts one target at one site. */
  predict(site: SiteKeys, key: string): void {
    if (site.must.has(key)) this.add(site.stratum, 1, 0);
    else if (site.closed && !site.may.has(key)) this.add(site.stratum, 0, 1);
  }

  /** Mean over the strata that are averaged of 2TP / (2TP + FP + FN), where TP + FN = must edges; 0 without any. */
  macroF1(): number {
    let [sum, strata] = [0, 0];
    this.#mustEdges.forEach((must, stratum) => {
      if (this.#isAveraged[stratum] !== true) return;
      const tp = this.#tp[stratum] as number;
      sum += (2 * tp) / (tp + (this.#fp[stratum] as number) + must);
      strata++;
    });
    return strata === 0 ? 0 : sum / strata;
  }
}

function mustEdges(sites: readonly SiteKeys[]): number[] {
  const edges = Stratum.options.map(() => 0);
  for (const site of sites) edges[site.stratum] = (edges[site.stratum] as number) + site.must.size;
  return edges;
}

function bestConstant(sites: readonly SiteKeys[]): number {
  const edges = mustEdges(sites);
  const closedSites = Stratum.options.map(
    (_, stratum) => sites.filter((site) => site.closed && site.stratum === stratum).length,
  );
  // Only targets that are right somewhere can score; for each, correct the counts of the sites that name it.
  const naming = new Map<string, SiteKeys[]>();
  for (const site of sites) {
    for (const key of [...site.must, ...site.may]) {
      const group = naming.get(key);
      if (group) group.push(site);
      else naming.set(key, [site]);
    }
  }
  const scores = naming.entries().map(([key, group]) => {
    const tally = new Tally(edges);
    closedSites.forEach((count, stratum) => tally.add(stratum, 0, count));
    for (const site of group) tally.add(site.stratum, site.must.has(key) ? 1 : 0, site.closed ? -1 : 0);
    return tally.macroF1();
  });
  return Math.max(0, ...scores);
}

function firstInFile(sites: readonly SiteKeys[], truth: CallGraphTruth): number {
  const first = firstDefinitions(truth);
  const tally = new Tally(mustEdges(sites));
  for (const site of sites) {
    const key = first.get(site.file);
    if (key !== undefined) tally.predict(site, key);
  }
  return tally.macroF1();
}

/** The definition that starts first in each file, by file. */
export function firstDefinitions(truth: CallGraphTruth): Map<string, string> {
  const first = new Map<string, CallGraphTruth["definitions"][number]>();
  for (const definition of truth.definitions) {
    const known = first.get(definition.file);
    const { line, column } = definition.span;
    if (!known || line < known.span.line || (line === known.span.line && column < known.span.column)) {
      first.set(definition.file, definition);
    }
  }
  return new Map(first.entries().map(([file, definition]) => [file, definition.id]));
}

/** The list is in the order of the definitions, the outside last; at open sites only its beginning can be right. */
function listEverything(sites: readonly SiteKeys[], truth: CallGraphTruth): number {
  const all = [...truth.definitions.map((definition) => definition.id), targetKey({ external: "" })];
  const place = new Map(all.map((key, index) => [key, index]));
  const tally = new Tally(mustEdges(sites));
  for (const site of sites) {
    if (site.closed) {
      tally.add(site.stratum, site.must.size, all.length - site.must.size - site.may.size);
      continue;
    }
    const budget = openBudget(site.must.size + site.may.size);
    const listedInTime = [...site.must].filter((key) => (place.get(key) as number) < budget);
    tally.add(site.stratum, listedInTime.length, 0);
  }
  return tally.macroF1();
}

function randomDefinition(sites: readonly SiteKeys[], truth: CallGraphTruth, seed: number) {
  const definitions = truth.definitions.map((definition) => definition.id);
  if (definitions.length === 0) return { raw: 0, deviation: 0 };
  const rng = xoroshiro128plus(mixSeed(seed, `random ${truth.corpus}`));
  return expectation(sites, (tally) => {
    for (const site of sites) tally.predict(site, definitions[uniformInt(rng, 0, definitions.length - 1)] as string);
  });
}

function shuffledGold(sites: readonly SiteKeys[], corpus: string, seed: number) {
  const answered = sites.filter((site) => site.must.size > 0);
  const answers = answered.map((site) => [...site.must]);
  const rng = xoroshiro128plus(mixSeed(seed, `shuffled-gold ${corpus}`));
  return expectation(sites, (tally) => {
    shuffle(answers, rng);
    answered.forEach((site, index) => tally.predictAll(site, answers[index] as string[]));
  });
}

function expectation(
  sites: readonly SiteKeys[],
  answerOnce: (tally: Tally) => void,
): { raw: number; deviation: number } {
  const tally = new Tally(mustEdges(sites));
  let [sum, squares] = [0, 0];
  for (let draw = 0; draw < BASELINE_DRAWS; draw++) {
    tally.reset();
    answerOnce(tally);
    const raw = tally.macroF1();
    sum += raw;
    squares += raw * raw;
  }
  const raw = sum / BASELINE_DRAWS;
  return { raw, deviation: Math.sqrt(Math.max(0, squares / BASELINE_DRAWS - raw * raw)) };
}
