/** From what each oracle says to three-valued truth: *must*, *cannot*, unknown (design 3.2). */
import type { CompilerSite, CompilerTruth } from "../derive/compiler.ts";
import type { TracedSite, TraceTruth } from "../derive/trace/traced-tests.ts";
import { type Contradiction, type Definition, type SiteTruth, Stratum, type Target } from "./schema.ts";

/** Traced sites below which a stratum's contradiction rate says nothing. */
export const MIN_CHECKED = 20;
/** Largest contradiction rate of a stratum whose closed sets may exclude targets. */
export const MAX_CONTRADICTION_RATE = 0.01;

/** A site on which the oracles disagree: what types hold possible, and what tests did. */
export interface Disagreement {
  site: string;
  stratum: Stratum;
  compiler: Target[];
  traced: Target[];
  /** The tests entered a function outside the files under measure. */
  outside: boolean;
}

/** A site without what trivial answers score on it, which is computed once all sites are known. */
export type MergedSite = Omit<SiteTruth, "baselines" | "easy">;

/** The part of the truth that oracles fill. */
export interface MergedTruth {
  contradictions: Contradiction[];
  dropped: string[];
  definitions: Definition[];
  sites: MergedSite[];
  disagreements: Disagreement[];
}

/**
 * Combines the oracles.
 *
 * - *must*: what was traced, and what the compiler resolved to one target of a binding that cannot be reassigned.
 * - *cannot*: everything outside `must` and `may` where `closed` is true: the compiler's set is complete, and in this
 *   stratum at most 1 % of at least 20 traced sites contradict the compiler. With fewer traced sites a stratum excludes
 *   nothing, except at direct and imported calls of such a binding: there the language itself excludes the rest.
 * - Sites on which the oracles contradict each other are dropped and listed.
 */
export function mergeTruth(compiler: CompilerTruth, trace: TraceTruth): MergedTruth {
  const disagreements = compiler.sites.flatMap((site) => disagreement(site, trace.sites.get(site.id)) ?? []);
  const contradicted = new Set(disagreements.map(({ site }) => site));
  const contradictions = Stratum.options.map((stratum): Contradiction => {
    const checked = compiler.sites.filter((s) => s.stratum === stratum && s.complete && trace.sites.has(s.id));
    return { stratum, checked: checked.length, contradicted: checked.filter((s) => contradicted.has(s.id)).length };
  });
  const isClosed = closing(contradictions);
  return {
    contradictions,
    dropped: [...contradicted],
    definitions: compiler.definitions,
    sites: compiler.sites
      .filter((site) => !contradicted.has(site.id))
      .map((site) => mergeSite(site, trace.sites.get(site.id), isClosed(site))),
    disagreements,
  };
}

/** Whether a compiled site excludes what it does not name, given how far traces contradict the compiler. */
export function closing(contradictions: readonly Contradiction[]): (site: CompilerSite) => boolean {
  const trusted = new Set(
    contradictions
      .filter((c) => c.checked >= MIN_CHECKED && c.contradicted / c.checked <= MAX_CONTRADICTION_RATE)
      .map((c) => c.stratum),
  );
  const unproven = new Set(contradictions.filter((c) => c.checked < MIN_CHECKED).map((c) => c.stratum));
  return (site) =>
    site.complete &&
    (trusted.has(site.stratum) ||
      (unproven.has(site.stratum) &&
        site.must.length === 1 &&
        (site.stratum === "direct" || site.stratum === "imported")));
}

/** What is contradictory about one site; undefined when nothing is, or when one of the oracles says nothing. */
export function disagreement(site: CompilerSite, seen: TracedSite | undefined): Disagreement | undefined {
  if (seen === undefined || !site.complete) return undefined;
  const allowed = [...site.must, ...site.may];
  const definitions = new Set(allowed.flatMap((target) => ("definition" in target ? [target.definition] : [])));
  const outsideAllowed = allowed.some((target) => "external" in target);
  const fits =
    seen.definitions.every((id) => definitions.has(id)) &&
    (outsideAllowed || (seen.externals.length === 0 && !seen.outside));
  if (fits) return undefined;
  const traced = [
    ...seen.definitions.map((definition) => ({ definition })),
    ...seen.externals.map((external) => ({ external })),
  ];
  return { site: site.id, stratum: site.stratum, compiler: allowed, traced, outside: seen.outside };
}

/** One site as both oracles have it; `observed` is undefined where no test came by. */
export function mergeSite(site: CompilerSite, observed: TracedSite | undefined, closed: boolean): MergedSite {
  const seen = observed ?? NOTHING_SEEN;
  const named = [...site.must, ...site.may].filter((target) => "external" in target);
  // The two oracles name what lies outside differently; the compiler's name stands where it has one.
  const externals =
    named.length === 1 && (seen.externals.length > 0 || seen.outside)
      ? named
      : seen.externals.map((external) => ({ external }));
  const traced = sorted([...seen.definitions.map((definition) => ({ definition })), ...externals]);
  const must = sorted([...site.must, ...traced]);
  const may = site.may.filter((target) => !must.some((other) => same(other, target)));
  const told = must.length > 0 || may.length > 0;
  const onlyOutside = site.must.length + site.may.length === 0 && seen.definitions.length === 0 && externals.length > 0;
  return {
    id: site.id,
    file: site.file,
    span: site.span,
    callee: site.callee,
    syntax: site.syntax,
    stratum: onlyOutside && site.stratum === "method" ? "external" : site.stratum,
    must,
    may,
    closed,
    by: [
      ...(site.must.length + site.may.length > 0 ? (["compiler"] as const) : []),
      ...(traced.length > 0 ? (["trace"] as const) : []),
    ],
    traced,
    callbacks: [...new Set([...(site.callbacks ?? []), ...seen.callbacks])]
      .filter((id) => !must.some((target) => "definition" in target && target.definition === id))
      .sort(),
    witness: traced.length > 0 ? seen.witness : null,
    unknownReason: told
      ? null
      : seen.outside
        ? "target-outside-measured-files"
        : (site.reason ?? "no-implementation-found"),
  };
}

const NOTHING_SEEN: TracedSite = { definitions: [], externals: [], outside: false, callbacks: [], witness: null };

/** Without repetitions, in a fixed order. */
function sorted(targets: readonly Target[]): Target[] {
  const byKey = new Map(targets.map((target) => [JSON.stringify(target), target]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Target);
}

function same(a: Target, b: Target): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
