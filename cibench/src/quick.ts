/** The quick profile: a sample of what is asked about each corpus, the same for every tool. */
import { type ChangeTruth, inRandomOrder, type RuleTruth, sampledTruth } from "@drift/corpora";
import type { LoadedCorpus } from "./category.ts";
import { drawn } from "./tasks/application/context.ts";

/** Call sites that are kept of a corpus; rare kinds stay whole. Statements about calls are drawn from these. */
export const QUICK_SITES = 300;
/** Changes that are kept, and as many proposed ones: somewhat more where one belongs to a pair. */
export const QUICK_CHANGES = 40;
/** Questions of what to read that are kept of each kind, and with drafts: with fewer there are not enough for their weight to count. */
const QUICK_QUESTIONS = 12;
const SEED = 1;

const known = new WeakMap<LoadedCorpus, LoadedCorpus>();

/**
 * The corpus with the truth of the sample alone; what was planted is asked whole. Task, floor and suite hash follow from that, so
 * that no quick run is compared with a full one. The same object for the same corpus.
 */
export function quickCorpus(corpus: LoadedCorpus): LoadedCorpus {
  const made = known.get(corpus) ?? {
    ...corpus,
    truth: corpus.truth && sampledTruth(corpus.truth, QUICK_SITES),
    changes: corpus.changes == null ? null : quickChanges(corpus.changes),
    rules: corpus.rules == null ? null : quickRules(corpus.rules),
    contexts: fewer(corpus.contexts),
    refinements: fewer(corpus.refinements),
  };
  known.set(corpus, made);
  return made;
}

function quickChanges({ truth, texts }: ChangeTruth): ChangeTruth {
  const kept = keptIds(
    truth.items,
    truth.pairs.map(({ breaks, holds }) => [breaks, holds]),
  );
  return {
    truth: {
      ...truth,
      items: truth.items.filter(({ id }) => kept.has(id)),
      pairs: truth.pairs.filter(({ breaks, holds }) => kept.has(breaks) && kept.has(holds)),
    },
    texts: Object.fromEntries(Object.entries(texts).filter(([id]) => kept.has(id))),
  };
}

/** A few questions of each kind. */
function fewer<Truth extends { items: readonly { id: string; kind: string }[] }>(truth: Truth | null | undefined) {
  return truth == null ? null : { ...truth, items: drawn<Truth["items"][number]>(truth.items, QUICK_QUESTIONS) };
}

function quickRules(truth: RuleTruth): RuleTruth {
  const kept = keptIds(
    truth.items,
    truth.pairs.map(({ violates, allowed }) => [violates, allowed]),
  );
  return {
    ...truth,
    items: truth.items.filter(({ id }) => kept.has(id)),
    pairs: truth.pairs.filter(({ violates, allowed }) => kept.has(violates) && kept.has(allowed)),
  };
}

/** Items in a random order until there are enough, each with those that it is paired with. */
function keptIds(items: readonly { id: string }[], pairs: readonly [string, string][]): Set<string> {
  const kept = new Set<string>();
  for (const { id } of inRandomOrder(items, SEED)) {
    if (kept.size >= QUICK_CHANGES) break;
    kept.add(id);
    for (const pair of pairs) if (pair.includes(id)) for (const one of pair) kept.add(one);
  }
  return kept;
}
