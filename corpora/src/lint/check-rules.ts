/** Whether truth about enforced rules fits itself and the manifest it was derived with. Pure. */
import type { CorpusSpec } from "../manifest.ts";
import type { RuleItem, RuleTruth } from "../truth/rule-schema.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import type { Finding, LintRule } from "./finding.ts";

export function checkRules(truth: RuleTruth, spec: CorpusSpec): Finding[] {
  const findings: Finding[] = [];
  const report = (rule: LintRule, at: string, message: string): void => {
    findings.push({ corpus: truth.corpus, rule, at, message });
  };
  if (truth.manifestSha256 !== truthManifestSha256(spec)) report("stored-truth", "rules", "the manifest changed since");
  const oracles = new Set(truth.oracles.map(({ name }) => name));
  const byId = new Map<string, RuleItem>();
  for (const item of truth.items) {
    if (byId.has(item.id)) report("unique", item.id, "two items have this id");
    byId.set(item.id, item);
    if (!oracles.has(item.by)) report("reference", item.id, "it names an oracle that is not there");
    if ((item.verdict === "violates") !== item.said.length > 0)
      report("consistent", item.id, "its verdict does not follow from what was said");
    if (item.proposal.kind === "append" && item.proposal.before === item.proposal.after)
      report("consistent", item.id, "nothing is changed");
  }
  for (const { violates, allowed, by } of truth.pairs) {
    const [one, other] = [byId.get(violates), byId.get(allowed)];
    if (one?.verdict !== "violates" || other?.verdict !== "allowed")
      report("reference", violates, "its pair does not hold one that violates and one that does not");
    else if (!differsOnly(by, one, other)) report("consistent", violates, "its pair differs in something else");
  }
  return findings;
}

/** Pairs of forms share the place, pairs of places the text; what is reached for differs by how, or by what. */
function differsOnly(by: "place" | "form", { proposal: one }: RuleItem, { proposal: other }: RuleItem): boolean {
  if (one.kind === "append" && other.kind === "append") {
    return by === "form"
      ? one.file === other.file && one.text !== other.text
      : one.file !== other.file && one.text === other.text;
  }
  if (one.kind !== "reach" || other.kind !== "reach") return false;
  return by === "form" ? one.specifier === other.specifier && one.by !== other.by : one.by === other.by;
}
