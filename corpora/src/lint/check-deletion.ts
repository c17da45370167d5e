/** Whether truth about dead code fits itself and the manifest it was derived with. Pure. */
import type { CorpusSpec } from "../manifest.ts";
import type { DeletionTruth } from "../truth/deletion-schema.ts";
import { truthManifestSha256 } from "../truth/stored.ts";
import type { Finding, LintRule } from "./finding.ts";

export function checkDeletion(truth: DeletionTruth, spec: CorpusSpec): Finding[] {
  const findings: Finding[] = [];
  const report = (rule: LintRule, at: string, message: string): void => {
    findings.push({ corpus: truth.corpus, rule, at, message });
  };
  if (truth.manifestSha256 !== truthManifestSha256(spec))
    report("stored-truth", "deletion", "the manifest changed since");
  const ids = new Set<string>();
  for (const { id, file, label, by, references, mentions, isPublic, witness } of truth.items) {
    if (ids.size === ids.add(id).size) report("unique", id, "two items are about this function");
    if (!id.startsWith(`${file}:`)) report("consistent", id, "its id does not follow from its file");
    if (label === "dead" && by !== "deletion") report("consistent", id, "it is dead, and was not deleted");
    if (by === "deletion" && (references > 0 || isPublic))
      report("consistent", id, "what is used or public was deleted");
    if (by === "trace" && references > 0 && mentions > 0) report("consistent", id, "it does not look unused");
    if ((by === "trace") !== (witness !== null)) report("consistent", id, "who entered it does not fit who says so");
  }
  return findings;
}
