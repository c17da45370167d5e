/** Derives one random pair of versions of a corpus again and compares it with what is stored. */
import type { CorpusSpec } from "../manifest.ts";
import { inRandomOrder } from "../truth/sample.ts";
import { readStoredChanges } from "../truth/stored-changes.ts";
import type { Recheck, RecheckOptions } from "./recheck.ts";
import { deriveRelease, pairsOf, RELEASE_DIFF_VERSION, releasesSha256 } from "./release-diff.ts";

/** How many corpora are asked about, of all that have such truth: each brings two versions with it. */
const CORPORA = 2;

/** The corpora, of those given, whose changes are derived again with this seed. */
export function drawChanges(specs: readonly CorpusSpec[], seed: number): CorpusSpec[] {
  return inRandomOrder(
    specs.filter(({ releases = [] }) => releases.length > 0),
    seed,
  ).slice(0, CORPORA);
}

/**
 * @returns null when nothing is stored
 * @throws CorpusError `CORPUS_TRUTH` when what is stored is damaged; as `fetchCorpus` when a version cannot be had
 */
export async function recheckReleaseDiff(
  spec: CorpusSpec,
  options: RecheckOptions & { manifestRoot?: string },
): Promise<Recheck | null> {
  const about = { corpus: spec.id, oracle: "release-diff" as const };
  const truth = await readStoredChanges(spec.id, "release-diff", options.manifestRoot);
  if (truth === null) return null;
  if (truth.inputsSha256 !== releasesSha256(spec) || truth.deriver.version !== RELEASE_DIFF_VERSION) {
    return { ...about, items: 0, differing: [`${spec.id}: the pins or the rule changed since`], notRun: null };
  }
  const pairs = pairsOf(spec).map((pair) => ({ ...pair, id: `${pair.from.version}..${pair.to.version}` }));
  // Pairs without an item show nothing.
  const telling = new Set(
    truth.changes.filter(({ items }) => items.length > 0).map(({ from, to }) => `${from}..${to}`),
  );
  const [drawn] = inRandomOrder(
    pairs.filter(({ id }) => telling.has(id)),
    options.seed,
  );
  if (drawn === undefined) return { ...about, items: 0, differing: [], notRun: "it has no items" };
  const found = await deriveRelease(spec, drawn, { ...options, fresh: true });
  const stored = truth.changes.find(({ from, to }) => `${from}..${to}` === drawn.id);
  const isSame = JSON.stringify(found) === JSON.stringify(stored);
  const differing = isSame ? [] : [`${spec.id} ${drawn.id}: what changed, or for what, is not as stored`];
  return { ...about, items: found.items.length, differing, notRun: null };
}
