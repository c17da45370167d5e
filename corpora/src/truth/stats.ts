/** What there is to know about the truth of a corpus, in numbers. */
import { z } from "zod";
import { type CallGraphTruth, type SiteTruth, Stratum } from "./schema.ts";

const count = z.int().nonnegative();

/** Counts over the sites of one stratum, or of all. */
export const SiteCounts = z.strictObject({
  sites: count,
  /** With at least one target that the call certainly has. */
  must: count,
  /** With allowed targets only. */
  mayOnly: count,
  /** Where targets are excluded (*cannot*). */
  closed: count,
  /** With a target that a trace witnessed. */
  traced: count,
  /** With neither *must* nor *cannot*. */
  unknown: count,
  /** Edges (site, target) in *must*. */
  mustEdges: count,
});
export type SiteCounts = z.infer<typeof SiteCounts>;

/** The record of `corpora stats --json`. */
export const TruthStats = z.strictObject({
  corpus: z.string(),
  version: z.string(),
  files: count,
  definitions: count,
  all: SiteCounts,
  /** unknown / sites, in [0, 1]; 0 without sites. */
  unknownShare: z.number().min(0).max(1),
  strata: z.array(z.strictObject({ stratum: Stratum, ...SiteCounts.shape, checked: count, contradicted: count })),
  dropped: count,
  /** Unknown sites by reason, the most frequent first. */
  reasons: z.array(z.strictObject({ reason: z.string(), sites: count })),
  oracles: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      repeats: count,
      agreement: z.number(),
      notRun: z.string().nullable(),
    }),
  ),
});
export type TruthStats = z.infer<typeof TruthStats>;

export function statsOf(truth: CallGraphTruth): TruthStats {
  const all = countSites(truth.sites);
  const reasons = new Map<string, number>();
  for (const site of truth.sites.filter(isUnknown)) {
    const reason = site.unknownReason ?? "allowed-targets-only";
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    corpus: truth.corpus,
    version: truth.corpusVersion,
    files: truth.files.length,
    definitions: truth.definitions.length,
    all,
    unknownShare: all.sites === 0 ? 0 : all.unknown / all.sites,
    strata: Stratum.options.map((stratum) => {
      const checks = truth.contradictions.find((one) => one.stratum === stratum);
      return {
        stratum,
        ...countSites(truth.sites.filter((site) => site.stratum === stratum)),
        checked: checks?.checked ?? 0,
        contradicted: checks?.contradicted ?? 0,
      };
    }),
    dropped: truth.dropped.length,
    reasons: [...reasons].map(([reason, sites]) => ({ reason, sites })).sort((a, b) => b.sites - a.sites),
    oracles: truth.oracles.map(({ name, version, repeats, agreement, notRun }) => ({
      name,
      version,
      repeats,
      agreement,
      notRun,
    })),
  };
}

function countSites(sites: readonly SiteTruth[]): SiteCounts {
  const number = (holds: (site: SiteTruth) => boolean): number => sites.filter((site) => holds(site)).length;
  return {
    sites: sites.length,
    must: number((site) => site.must.length > 0),
    mayOnly: number((site) => site.must.length === 0 && site.may.length > 0),
    closed: number((site) => site.closed),
    traced: number((site) => site.traced.length > 0),
    unknown: number(isUnknown),
    mustEdges: sites.reduce((sum, site) => sum + site.must.length, 0),
  };
}

function isUnknown(site: SiteTruth): boolean {
  return site.must.length === 0 && !site.closed;
}
