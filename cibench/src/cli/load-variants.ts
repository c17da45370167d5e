/** Variants of corpora. What is known about a corpus is known about its variants, at the same places. */
import { type FetchedCorpus, RenamedPlaces, type VariantKind, type VariantTable } from "@drift/corpora";
import type { LoadedCorpus } from "../category.ts";
import { CibenchError } from "../errors.ts";
import { loadContexts } from "../tasks/application/context.ts";
import { loadRefinements } from "../tasks/application/refinement.ts";
import type { Io } from "./io.ts";

/** A corpus as it was fetched, with what is known about it. */
export type FetchedAndLoaded = LoadedCorpus & { fetched: FetchedCorpus };

/** A variant with what is known about its corpus, how it differs, and what is called otherwise. */
export interface LoadedVariant {
  corpus: FetchedAndLoaded;
  table: VariantTable;
  places: RenamedPlaces;
}

/**
 * What is known about a corpus without its executed changes and its rules: texts of changes are written in the names of the corpus
 * as it is.
 */
export async function withoutChanges({ fetched, truth, planted = null }: FetchedAndLoaded): Promise<FetchedAndLoaded> {
  const contexts = await loadContexts({ fetched, truth, changes: null });
  const refinements = await loadRefinements({ fetched, truth });
  return { fetched, truth, planted, contexts, refinements };
}

/**
 * @param corpus without its changes
 * @returns null where the variant differs in no file
 */
export async function loadVariant(
  corpus: FetchedAndLoaded,
  kind: VariantKind,
  seed: number,
  { corpora }: Io,
): Promise<LoadedVariant | null> {
  if (corpora.variant === undefined) {
    throw new CibenchError("NO_CORPORA", "these corpora have no variants", { hint: "Ask about listed corpora." });
  }
  const { fetched, table } = await corpora.variant(corpus.fetched, { kind, seed });
  if (table.changed.length === 0) return null;
  const places = await RenamedPlaces.read(corpus.fetched.root, fetched.root, table.changed);
  // What it costs to read a line is what that line of the variant costs.
  const contexts = await loadContexts({ fetched, truth: corpus.truth, changes: null });
  return { corpus: { ...corpus, fetched, contexts }, table, places };
}
