/** Asks again about the dead code of a corpus: all that is told without running it, and one test file that is a witness. */
import type { FetchedCorpus } from "../fetch.ts";
import { readStoredDeletion } from "../truth/deletion-schema.ts";
import { recheckDeletion } from "./deletion.ts";
import type { Recheck, RecheckOptions } from "./recheck.ts";

/** @throws CorpusError `CORPUS_TRUTH` when what is stored is damaged or there is no sandbox; else as fetching */
export async function recheckStoredDeletion(
  fetched: FetchedCorpus,
  options: RecheckOptions & { manifestRoot?: string },
): Promise<Recheck | null> {
  const truth = await readStoredDeletion(fetched.spec.id, options.manifestRoot);
  if (truth === null) return null;
  const differing = await recheckDeletion(fetched, truth, options);
  return { corpus: truth.corpus, oracle: "deletion", items: truth.items.length, differing, notRun: null };
}
