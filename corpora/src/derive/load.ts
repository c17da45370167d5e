/** Truth to score with: what is stored in the checkout, or derived where nothing can be stored. */
import type { FetchedCorpus } from "../fetch.ts";
import { CorpusError } from "../errors.ts";
import { applyErrata } from "../truth/errata.ts";
import { sampledTruth } from "../truth/sample.ts";
import type { CallGraphTruth } from "../truth/schema.ts";
import { storedTruthOf } from "../truth/stored.ts";
import { treeSha256 } from "../tree.ts";
import { deriveCallGraphTruth, type DeriveOptions } from "./call-graph.ts";

/**
 * The truth about a corpus, errata applied. That of a real one is stored beside its manifest; nothing of the corpus is
 * run. A generated corpus brings its truth along, of which no more is kept than of a real one; a folder of one's own is
 * derived (or read from the cache), whole.
 *
 * @param options `manifestRoot`: where `real/` is; default this package
 * @throws CorpusError `CORPUS_TRUTH` when nothing is stored, or for another manifest or other files; else as
 *   {@link deriveCallGraphTruth}
 */
export async function loadCallGraphTruth(
  fetched: FetchedCorpus,
  options: DeriveOptions & { manifestRoot?: string } = {},
): Promise<CallGraphTruth> {
  const { spec, root, files } = fetched;
  if (!isStored(spec)) {
    const derived = await deriveCallGraphTruth(fetched, options);
    return spec.kind === "synthetic" ? sampledTruth(derived) : derived;
  }
  const { truth, errata } = await storedTruthOf(spec, options.manifestRoot);
  if (truth.inputsSha256 !== (await treeSha256(root, files))) {
    throw new CorpusError("CORPUS_TRUTH", `the stored truth of ${spec.id} is about other files`, {
      hint: `Run "npm run corpora -- derive ${spec.id}" to see what differs.`,
    });
  }
  return applyErrata(truth, errata);
}

/** Whether the truth of a corpus lies in the checkout: that of real ones whose files everybody can fetch. */
export function isStored({ kind, source }: Pick<FetchedCorpus["spec"], "kind" | "source">): boolean {
  return kind === "real" && source.type !== "folder";
}
