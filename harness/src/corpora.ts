/** Which corpora a command works on, fetched and with their truth. */
import { type LoadedCorpus, loadContexts, loadRefinements } from "@drift/cibench";
import {
  type CallGraphTruth,
  type ChangeTruth,
  type CorpusSpec,
  type FetchedCorpus,
  fetchCorpus,
  APART,
  listCorpora,
  loadCallGraphTruth,
  loadChangeTruth,
  loadLayeredTruth,
  loadRuleTruth,
  type RuleTruth,
  type LayeredTruth,
  type Progress as Step,
} from "@drift/corpora";
import { DriftError } from "@drift/engine";
import type { Checkpoint } from "./checkpoint.ts";
import type { Progress } from "./progress.ts";

/** What fetching and deriving work with. */
export interface CorporaContext {
  /** Where corpora and truth are kept; null is the default of `@drift/corpora`. */
  cacheDir: string | null;
  progress: Progress;
  checkpoint: (at: Checkpoint) => void;
}

/**
 * The corpora named, or every one of this checkout.
 *
 * @throws DriftError `CORPUS_UNKNOWN`
 */
export function chooseCorpora(ids?: readonly string[]): CorpusSpec[] {
  const known = listCorpora();
  const unknown = ids?.find((id) => known.every((spec) => spec.id !== id));
  if (unknown !== undefined) {
    throw new DriftError("CORPUS_UNKNOWN", `there is no corpus "${unknown}"`, {
      hint: `Known: ${known.map(({ id }) => id).join(", ")}.`,
    });
  }
  return known.filter(({ id }) => ids?.includes(id) ?? true);
}

/** Fetches every corpus; real ones that cannot be had are named in `limited`. */
export async function fetchAll(
  { offline, corpus }: { offline: boolean; corpus?: readonly string[] },
  { cacheDir, progress, checkpoint }: CorporaContext,
): Promise<{ fetched: FetchedCorpus[]; limited: string | null }> {
  const phase = progress.begin("fetch corpora");
  // What may be looked at while tuning is never put on the board.
  const specs = chooseCorpora(corpus).filter(
    ({ id, split, kind, language }) =>
      split === "report" && (kind !== "real" || !APART.has(language) || corpus?.includes(id) === true),
  );
  const fetched: FetchedCorpus[] = [];
  const missing: string[] = [];
  for (const [index, spec] of specs.entries()) {
    phase.at(index, specs.length, spec.id);
    checkpoint("fetch");
    try {
      fetched.push(
        await fetchCorpus(spec.id, {
          ...(cacheDir !== null && { cacheDir }),
          offline,
          onProgress: ({ phase: step }) => phase.at(index, specs.length, step),
        }),
      );
    } catch (error) {
      if (spec.kind !== "real" || !hasCode(error, "CORPUS_OFFLINE", "CORPUS_UNREACHABLE")) throw error;
      missing.push(spec.id);
    }
  }
  if (fetched.length === 0)
    throw new DriftError("NO_CORPUS", "there is no corpus to measure on", { hint: "Look into corpora/." });
  phase.end(`${fetched.length} of ${specs.length} corpora`);
  const limited = limitation(missing, fetched);
  if (limited !== null) progress.say(limited);
  return { fetched, limited };
}

function limitation(missing: string[], fetched: FetchedCorpus[]): string | null {
  if (missing.length === 0) return null;
  const rest = fetched.some(({ spec }) => spec.kind === "real")
    ? `measuring on ${fetched.map(({ spec }) => spec.id).join(", ")}`
    : "measuring on the synthetic corpus alone";
  return `offline: ${missing.join(", ")} cannot be fetched; ${rest}`;
}

/** A corpus with its truth. */
export interface Corpus {
  fetched: FetchedCorpus;
  /** Null where calls are not asked about. */
  truth: CallGraphTruth | null;
  /** Null where nothing is known about changes. */
  changes: ChangeTruth | null;
  /** Null where nothing is known about the rules that it enforces. */
  rules: RuleTruth | null;
  /** Null where nothing was planted beside calls. */
  planted: LayeredTruth | null;
  /** Null where nothing is known about what has to be read. */
  contexts: NonNullable<LoadedCorpus["contexts"]> | null;
  /** Null where there are no questions with drafts. */
  refinements: NonNullable<LoadedCorpus["refinements"]> | null;
}

/** Reads what is true about every corpus; real ones whose truth is not stored are named and left out. */
export async function loadTruths(fetched: FetchedCorpus[], { cacheDir, progress }: CorporaContext): Promise<Corpus[]> {
  const phase = progress.begin("load truth");
  const corpora: Corpus[] = [];
  for (const [index, corpus] of fetched.entries()) {
    phase.at(index, fetched.length, corpus.spec.id);
    try {
      const planted = await loadLayeredTruth(corpus);
      const options = {
        ...(cacheDir !== null && { cacheDir }),
        onProgress: ({ phase: step }: Step) => phase.at(index, fetched.length, step),
      };
      const truth = planted === null ? await loadCallGraphTruth(corpus, options) : null;
      const [changes, rules] = [await loadChangeTruth(corpus), await loadRuleTruth(corpus)];
      const contexts = await loadContexts({ fetched: corpus, truth, changes });
      const refinements = await loadRefinements({ fetched: corpus, truth });
      corpora.push({ fetched: corpus, truth, changes, rules, planted, contexts, refinements });
    } catch (error) {
      if (corpus.spec.kind !== "real" || !hasCode(error, "CORPUS_TRUTH")) throw error;
      progress.say(`without ${corpus.spec.id}: ${error.message}`);
    }
  }
  const sites = corpora.reduce((sum, { truth }) => sum + (truth?.sites.length ?? 0), 0);
  const changes = corpora.reduce((sum, one) => sum + (one.changes?.truth.items.length ?? 0), 0);
  const facts = corpora.reduce((sum, { planted }) => sum + (planted?.facts.length ?? 0), 0);
  const counted = { "call sites": sites, changes, "planted facts": facts };
  phase.end(
    Object.entries(counted)
      .map(([what, count]) => `${count.toLocaleString("en-US")} ${what}`)
      .join(", "),
  );
  return corpora;
}

function hasCode(error: unknown, ...codes: string[]): error is Error {
  return error instanceof Error && "code" in error && codes.some((code) => error.code === code);
}
