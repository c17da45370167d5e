/** Whether a truth fits itself: ids, references, sets. Needs no source file. Pure. */
import type { Erratum } from "../truth/errata.ts";
import { isJudged } from "../truth/item-score.ts";
import type { CallGraphTruth, Definition, SiteTruth, Target } from "../truth/schema.ts";
import type { Finding, LintRule } from "./finding.ts";

export function checkTruth(truth: CallGraphTruth): Finding[] {
  const findings: Finding[] = [];
  const report = (rule: LintRule, at: string, message: string): void => {
    findings.push({ corpus: truth.corpus, rule, at, message });
  };
  for (const { id } of repeated(truth.definitions)) report("unique", id, "two definitions have this id");
  for (const { id } of repeated(truth.sites)) report("unique", id, "two sites have this id");
  for (const definition of truth.definitions) checkDefinition(definition, report);
  const known = new Set(truth.definitions.map(({ id }) => id));
  const measured = new Set(truth.files);
  for (const site of truth.sites) {
    if (!measured.has(site.file)) report("reference", site.id, "its file is not under measure");
    for (const id of referencesOf(site)) {
      if (!known.has(id)) report("reference", site.id, `${id} is not among the definitions`);
    }
    checkSite(site, report);
  }
  return findings;
}

/** Errata about sites that the truth does not have. */
export function checkErrata(truth: CallGraphTruth, errata: readonly Erratum[]): Finding[] {
  const sites = new Set(truth.sites.map(({ id }) => id));
  const known = new Set(truth.definitions.map(({ id }) => id));
  const find = (at: string, message: string): Finding => ({ corpus: truth.corpus, rule: "erratum", at, message });
  return [
    ...repeated(errata.map(({ site }) => ({ id: site }))).map(({ id }) => find(id, "two errata are about this site")),
    ...errata.flatMap(({ site, decision }) => {
      if (!sites.has(site)) return [find(site, "there is no such site (any more)")];
      const targets = decision.type === "must" ? decision.targets : [];
      const unknown = targets.filter((target) => "definition" in target && !known.has(target.definition));
      return unknown.map((target) => find(site, `${JSON.stringify(target)} is not among the definitions`));
    }),
  ];
}

type Report = (rule: LintRule, at: string, message: string) => void;

function checkDefinition({ id, file, span, body, classHeader }: Definition, report: Report): void {
  if (id !== `${file}:${span.line}:${span.column}`) report("consistent", id, "its id does not follow from its place");
  const end = { line: span.endLine, column: span.endColumn };
  if (!isBefore(span, end)) report("consistent", id, "it ends before it starts");
  if (isBefore(body, span) || !isBefore(body, end)) report("consistent", id, "its body lies outside of it");
  if (classHeader === undefined) return;
  if (!isBefore(classHeader, classHeader.body) || isBefore(span, classHeader.body)) {
    report("consistent", id, "the header of its class does not stand before it");
  }
}

function checkSite(site: SiteTruth, report: Report): void {
  const { span, must, may, traced, baselines } = site;
  const place = `${site.file}:${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;
  if (site.id !== place) report("consistent", site.id, "its id does not follow from its place");
  const certain = new Set(must.map(text));
  if (certain.size < must.length || new Set(may.map(text)).size < may.length) {
    report("unique", site.id, "a target is listed twice");
  }
  if (may.some((target) => certain.has(text(target)))) report("consistent", site.id, "a target is certain and allowed");
  if (traced.some((target) => !certain.has(text(target)))) {
    report("consistent", site.id, "a traced target is not among the certain ones");
  }
  if (site.witness !== null && traced.length === 0) report("consistent", site.id, "a test witnessed nothing");
  const known = must.length + may.length > 0;
  if (known === (site.by.length === 0)) report("consistent", site.id, "who says so and what is said do not fit");
  if (known && site.unknownReason !== null) report("consistent", site.id, "something is known, and a reason why not");
  const scores = [baselines.grep, baselines.importGraph, baselines.constant];
  if (!isJudged(site) && scores.some((score) => score !== null)) {
    report("consistent", site.id, "trivial answers have scores on an item that is not judged");
  }
  if (site.easy !== (baselines.grep === 1 || baselines.importGraph === 1)) {
    report("consistent", site.id, "easy does not follow from the scores of trivial answers");
  }
}

function referencesOf(site: SiteTruth): string[] {
  const targets = [...site.must, ...site.may, ...site.traced];
  return [...targets.flatMap((target) => ("definition" in target ? [target.definition] : [])), ...site.callbacks];
}

function repeated<T extends { id: string }>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(({ id }) => seen.size === seen.add(id).size);
}

function text(target: Target): string {
  return JSON.stringify(target);
}

function isBefore(a: { line: number; column: number }, b: { line: number; column: number }): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
