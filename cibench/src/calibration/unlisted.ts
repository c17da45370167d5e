/** How often a call reaches what Drift does not list there, counted on corpora of split `fit`. */
import type { CallGraphTruth } from "@drift/corpora";
import type { Listing } from "../adapters/drift-propositions.ts";
import { ANSWERED, type UnlistedTable } from "../schema/calibration.ts";
import type { PropositionItem } from "../schema/task.ts";
import { propositionsOf, propositionTask } from "../tasks/understanding/propositions.ts";

/** What was found out about one corpus. */
export interface ListedCorpus {
  truth: CallGraphTruth;
  listingOf: (item: PropositionItem) => Listing | null;
}

/** Statements count the same, from whichever corpus they are: no corpus has more than 200. */
export function unlistedTable(corpora: readonly ListedCorpus[], command: string): UnlistedTable {
  const unlisted = corpora.flatMap(({ truth, listingOf }) => {
    const known = propositionsOf(truth) ?? [];
    return propositionTask(truth).items.flatMap((item, index) => {
      const listing = listingOf(item);
      return listing?.probability === null ? [{ status: listing.status, isTrue: known[index]?.isTrue === true }] : [];
    });
  });
  const counted = ANSWERED.map((status) => {
    const own = unlisted.filter((one) => one.status === status);
    const correct = own.filter(({ isTrue }) => isTrue).length;
    return [status, { statements: own.length, correct, probability: (correct + 1) / (own.length + 2) }];
  });
  return {
    schemaVersion: 1,
    command,
    corpora: corpora.map(({ truth }) => ({
      id: truth.corpus,
      version: truth.corpusVersion,
      statements: (propositionsOf(truth) ?? []).length,
    })),
    answered: Object.fromEntries(counted) as UnlistedTable["answered"],
  };
}
