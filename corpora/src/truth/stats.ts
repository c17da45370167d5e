/** What there is to know about the truth of a corpus, in numbers. */
import { z } from "zod";
import { Language } from "../manifest.ts";
import { isJudged } from "./item-score.ts";
import { type CallGraphTruth, ProvenanceKind, restsOn, type SiteTruth, Stratum, Tracing } from "./schema.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

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
  /** Solved by grep or the import graph. */
  easy: count,
});
export type SiteCounts = z.infer<typeof SiteCounts>;

/** Mean item score of each trivial answer over the judged items, in [0, 1]; null without any. */
export const BaselineMeans = z.strictObject({
  grep: share.nullable(),
  importGraph: share.nullable(),
  constant: share.nullable(),
});
export type BaselineMeans = z.infer<typeof BaselineMeans>;

/** One corpus in the record of `corpora stats --json`. */
export const TruthStats = z.strictObject({
  corpus: z.string(),
  version: z.string(),
  language: Language,
  /** Lines of measured and context files. */
  lines: count,
  files: count,
  definitions: count,
  /** Before sampling, which keeps what is rare: sites, and those among them that are unknown or easy. */
  found: z.strictObject({ sites: count, unknown: count, easy: count }),
  all: SiteCounts,
  /** unknown / sites before sampling, in [0, 1]; 0 without sites. */
  unknownShare: share,
  /** easy / judged among the sites kept, in [0, 1]; 0 without any. */
  easyShare: share,
  strata: z.array(z.strictObject({ stratum: Stratum, ...SiteCounts.shape, checked: count, contradicted: count })),
  /** Share of the sites about which both oracles say something on which they agree; null where there are none. */
  oracleAgreement: share.nullable(),
  baselines: BaselineMeans,
  /** Judged sites that rest on one oracle only, by oracle; the others rest on several. */
  restOnOne: z.array(z.strictObject({ oracle: ProvenanceKind, sites: count })),
  dropped: count,
  /** Items that errata mended or took away. */
  errata: count,
  /** Unknown sites by reason, the most frequent first. */
  reasons: z.array(z.strictObject({ reason: z.string(), sites: count })),
  tracing: Tracing.nullable(),
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

/** @param errata how many errata were applied to `truth` */
export function statsOf(truth: CallGraphTruth, errata = 0): TruthStats {
  const all = countSites(truth.sites);
  const judged = truth.sites.filter(isJudged);
  const found =
    truth.sampled === null
      ? { sites: all.sites, unknown: all.unknown, easy: all.easy }
      : { sites: truth.sampled.from, unknown: truth.sampled.unknown, easy: truth.sampled.easy };
  const checked = truth.contradictions.reduce((sum, one) => sum + one.checked, 0);
  const contradicted = truth.contradictions.reduce((sum, one) => sum + one.contradicted, 0);
  return {
    corpus: truth.corpus,
    version: truth.corpusVersion,
    language: truth.language,
    lines: truth.lines,
    files: truth.files.length,
    definitions: truth.definitions.length,
    found,
    all,
    unknownShare: found.sites === 0 ? 0 : found.unknown / found.sites,
    easyShare: judged.length === 0 ? 0 : all.easy / judged.length,
    strata: Stratum.options.map((stratum) => {
      const checks = truth.contradictions.find((one) => one.stratum === stratum);
      return {
        stratum,
        ...countSites(truth.sites.filter((site) => site.stratum === stratum)),
        checked: checks?.checked ?? 0,
        contradicted: checks?.contradicted ?? 0,
      };
    }),
    oracleAgreement: checked === 0 ? null : 1 - contradicted / checked,
    baselines: {
      grep: meanOf(judged.map(({ baselines }) => baselines.grep)),
      importGraph: meanOf(judged.map(({ baselines }) => baselines.importGraph)),
      constant: meanOf(judged.map(({ baselines }) => baselines.constant)),
    },
    restOnOne: ProvenanceKind.options.flatMap((oracle) => {
      const sites = judged.filter((site) => restsOn(site) === oracle).length;
      return sites === 0 ? [] : [{ oracle, sites }];
    }),
    dropped: truth.dropped.length,
    errata,
    reasons: reasonsOf(truth.sites),
    tracing: truth.tracing,
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
    unknown: number((site) => !isJudged(site)),
    mustEdges: sites.reduce((sum, site) => sum + site.must.length, 0),
    easy: number((site) => site.easy),
  };
}

function reasonsOf(sites: readonly SiteTruth[]): TruthStats["reasons"] {
  const reasons = new Map<string, number>();
  for (const site of sites.filter((one) => !isJudged(one))) {
    const reason = site.unknownReason ?? "allowed-targets-only";
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].map(([reason, number]) => ({ reason, sites: number })).sort((a, b) => b.sites - a.sites);
}

/** The mean of those that are not null. */
function meanOf(values: readonly (number | null)[]): number | null {
  const scored = values.filter((value) => value !== null);
  return scored.length === 0 ? null : scored.reduce((sum, value) => sum + value, 0) / scored.length;
}
