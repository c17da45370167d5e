/** The stored truth about rules that a repository enforces. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { readStoredRules, type RuleTruth } from "../truth/rule-schema.ts";
import { isStored } from "./load.ts";

/**
 * What is known about rules of a corpus; null where nothing is stored. Nothing of the corpus is run.
 *
 * @param options `manifestRoot`: where `real/` is; default this package
 * @throws CorpusError `CORPUS_TRUTH` when it is damaged or about other files
 */
export async function loadRuleTruth(
  { spec, root }: FetchedCorpus,
  options: { manifestRoot?: string } = {},
): Promise<RuleTruth | null> {
  if (!isStored(spec)) return null;
  const truth = await readStoredRules(spec.id, options.manifestRoot);
  if (truth === null) return null;
  const hashes = new Map<string, string>();
  for (const { proposal } of truth.items) {
    if (proposal.kind !== "append") continue;
    const { file, before } = proposal;
    const hash = hashes.get(file) ?? sha256(await readFile(path.join(root, file)).catch(() => ""));
    hashes.set(file, hash);
    if (hash !== before) throw otherFiles(spec.id, file);
  }
  return truth;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function otherFiles(corpus: string, file: string): CorpusError {
  return new CorpusError("CORPUS_TRUTH", `the stored truth about rules of ${corpus} is about other files (${file})`, {
    hint: `Run "npm run corpora -- derive ${corpus} --kind rule" to see what differs.`,
  });
}
