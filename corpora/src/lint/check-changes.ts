/** Whether truth about changes fits itself and the manifest it was derived with. Pure. */
import type { CorpusSpec } from "../manifest.ts";
import { pairsOf, releasesSha256 } from "../derive/release-diff.ts";
import type { Change, ChangeTruth } from "../truth/change-schema.ts";
import type { Finding, LintRule } from "./finding.ts";

export function checkChanges(truth: ChangeTruth, spec: CorpusSpec): Finding[] {
  const findings: Finding[] = [];
  const report = (rule: LintRule, at: string, message: string): void => {
    findings.push({ corpus: truth.corpus, rule, at, message });
  };
  if (truth.kind === "release-diff") {
    if (truth.inputsSha256 !== releasesSha256(spec))
      report("stored-truth", "releases", "the manifest pins other versions");
    const pairs = pairsOf(spec).map(({ from, to }) => `${from.version}..${to.version}`);
    const known = truth.changes.map(({ from, to }) => `${from}..${to}`);
    if (pairs.join() !== known.join())
      report("reference", "releases", "the pairs of versions are not those of the manifest");
  }
  for (const change of truth.changes) checkChange(change, report);
  return findings;
}

function checkChange(
  { from, to, functions, items }: Change,
  report: (rule: LintRule, at: string, message: string) => void,
) {
  const at = `${from}..${to}`;
  const ids = new Set<string>();
  for (const { before, after, file, name } of functions) {
    if (before === null && after === null) report("consistent", at, `${file}: ${name} stands in neither version`);
    const id = `${before ?? ""} ${after ?? ""}`;
    if (ids.size === ids.add(id).size) report("unique", at, `${file}: ${name} is listed twice`);
  }
  if (new Set(items.map(({ id }) => id)).size < items.length) report("unique", at, "two items have the same id");
  for (const { id, must, text } of items) {
    if (must.some((index) => index >= functions.length)) report("reference", id, "a function of it is not listed");
    if (new Set(must).size < must.length) report("unique", id, "a function of it is listed twice");
    if (text.endLine < text.line) report("consistent", id, "its text ends before it starts");
  }
}
