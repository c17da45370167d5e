/** `corpora derive --kind release-diff | history`: truth about changes. */
import { deriveHistory } from "../derive/history.ts";
import { deriveReleaseDiff } from "../derive/release-diff.ts";
import { CorpusError, reasonOf } from "../errors.ts";
import { findCorpus, listCorpora } from "../manifest.ts";
import type { ChangeTruth } from "../truth/change-schema.ts";
import { changeStatsOf } from "../truth/change-stats.ts";
import { diffChanges, readStoredChanges, writeStoredChanges } from "../truth/stored-changes.ts";
import { type CliWorld, type CommonFlags, EXIT, fetchOptions, type Finish, print, reporter } from "./world.ts";

export interface DeriveChangesFlags extends CommonFlags {
  fresh?: boolean;
  write?: boolean;
}

const SHOWN = 5;

/** Derives the corpora named and compares them with what is stored, or all that pin releases; a corpus that cannot be had does not keep the others waiting. */
export async function deriveReleaseDiffs(
  ids: readonly string[],
  flags: DeriveChangesFlags,
  world: CliWorld,
  finish: Finish,
): Promise<void> {
  const withReleases = listCorpora(world.manifestRoot).filter(({ releases = [] }) => releases.length > 0);
  const truths: ChangeTruth[] = [];
  const lines: string[] = [];
  let [differs, failed] = [false, false];
  for (const id of ids.length > 0 ? ids : withReleases.map((spec) => spec.id)) {
    const spec = findCorpus(id, world.manifestRoot);
    const options = { ...fetchOptions(flags, world), fresh: flags.fresh === true, onProgress: reporter(world) };
    try {
      const truth = await deriveReleaseDiff(spec, options);
      truths.push(truth);
      const diff = diffChanges(await readStoredChanges(id, truth.kind, world.manifestRoot).catch(damaged), truth);
      if (diff.length > 0 && flags.write === true) await writeStoredChanges(truth, world.manifestRoot);
      differs ||= diff.length > 0;
      lines.push(summary(truth), ...settled(id, diff, flags.write === true));
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      failed = true;
      lines.push(`${id}: not run (${error.code}: ${reasonOf(error)})`);
    }
  }
  print(world, flags, truths, lines);
  if (differs && flags.write !== true) finish(EXIT.no);
  else if (failed || truths.length === 0) finish(EXIT.missing);
}

function summary(truth: ChangeTruth): string {
  const { corpus, changes, items, withItems, dropped } = changeStatsOf(truth);
  const left = dropped.reduce((sum, { number }) => sum + number, 0);
  return `${corpus}: ${items} items from ${withItems} of ${changes} pairs of versions, ${left} entries or pairs without`;
}

function settled(id: string, diff: readonly string[], isWritten: boolean): string[] {
  if (diff.length === 0) return ["  as stored"];
  const more = diff.length > SHOWN ? [`  and ${diff.length - SHOWN} more`] : [];
  const end = isWritten ? "  stored" : `  nothing was written; "derive ${id} --kind release-diff --write" stores it`;
  return [...diff.slice(0, SHOWN).map((line) => `  ${line}`), ...more, end];
}

/** A damaged file is as good as none: it is written anew. */
function damaged(error: unknown): null {
  if (error instanceof CorpusError && error.code === "CORPUS_TRUTH") return null;
  throw error;
}

/** Derives the history of a folder of the user's own; it is printed, and stored nowhere but in the cache. */
export async function deriveRepositoryHistory(
  folder: string,
  flags: DeriveChangesFlags & { most: number },
  world: CliWorld,
  finish: Finish,
): Promise<void> {
  const truth = await deriveHistory(folder, {
    ...fetchOptions(flags, world),
    fresh: flags.fresh === true,
    most: flags.most,
    onProgress: reporter(world),
  });
  const { items, functions, grep, dropped } = changeStatsOf(truth);
  const solved = grep === null ? "" : `, of which a search for names scores ${(100 * grep).toFixed(1)} %`;
  print(world, flags, truth, [
    `${truth.corpus}: ${items} commits that change ${functions} functions${solved}`,
    ...dropped.map(({ reason, number }) => `  ${number} ${reason}`),
  ]);
  if (items === 0) finish(EXIT.missing);
}
