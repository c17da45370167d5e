/**
 * What an appeal against stored truth becomes: everything that is stored about one item of a real corpus is derived again,
 * a change made and tested as often as the first time, a call resolved and, where a test witnessed it, that test traced.
 */
import { z } from "zod";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { readStoredMutations } from "../truth/mutation.ts";
import { readStoredTruth } from "../truth/stored.ts";
import { checkInputs, Recheck, type RecheckOptions, recheckStatic, recheckTraced } from "./recheck.ts";
import { recheckMutations } from "./recheck-mutations.ts";

/** What came of it. */
export const Dispute = z.strictObject({
  schemaVersion: z.literal(1),
  corpus: z.string(),
  item: z.string(),
  /** `stands`: all came out as stored. `contradicted`: something did not. `not-run`: nothing could be derived again here. */
  verdict: z.enum(["stands", "contradicted", "not-run"]),
  /** What each oracle of the item said this time. */
  rechecks: z.array(Recheck),
});
export type Dispute = z.infer<typeof Dispute>;

/**
 * @param item id of a stored call or change, as tasks about the corpus call it
 * @throws CorpusError `CORPUS_TRUTH` when nothing is stored under this id, or the corpus has other files now
 */
export async function disputeItem(
  fetched: FetchedCorpus,
  item: string,
  { manifestRoot, ...options }: Omit<RecheckOptions, "item" | "seed"> & { manifestRoot?: string },
): Promise<Dispute> {
  const { id } = fetched.spec;
  const asked: RecheckOptions = { ...options, seed: 1, item };
  const rechecks: Recheck[] = [];
  const calls = await readStoredTruth(id, manifestRoot);
  if (calls?.sites.some((site) => site.id === item) === true) {
    const [problem] = await checkInputs(fetched, calls);
    if (problem !== undefined) throw new CorpusError("CORPUS_TRUTH", `the calls of ${id}: ${problem}`);
    rechecks.push(await recheckStatic(fetched, calls, asked));
    const traced = await recheckTraced(fetched, calls, asked);
    if (traced !== null) rechecks.push(traced);
  }
  const changes = await readStoredMutations(id, manifestRoot);
  if (changes?.items.some((one) => one.id === item) === true) {
    rechecks.push(await recheckMutations(fetched, changes, asked));
  }
  if (rechecks.length === 0) {
    throw new CorpusError("CORPUS_TRUTH", `no call and no change of ${id} is stored as "${item}"`, {
      hint: "Items are named as in the questions of a task, and only those about calls and changes can be run again.",
    });
  }
  const isContradicted = rechecks.some(({ differing }) => differing.length > 0);
  const isRun = rechecks.some(({ items }) => items > 0);
  const verdict = isContradicted ? "contradicted" : isRun ? "stands" : "not-run";
  return { schemaVersion: 1, corpus: id, item, verdict, rechecks };
}
