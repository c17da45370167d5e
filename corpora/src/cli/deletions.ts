/** `corpora derive --kind deletion`, and the part of `corpora stats` about dead code. */
import { z } from "zod";
import { deriveDeletion } from "../derive/deletion.ts";
import { CorpusError, reasonOf } from "../errors.ts";
import { listCorpora } from "../manifest.ts";
import { type DeletionTruth, readStoredDeletion, writeStoredDeletion } from "../truth/deletion-schema.ts";
import { drawTable } from "./table.ts";
import { bring, type CliWorld, type CommonFlags, EXIT, fetchOptions, print, reporter } from "./world.ts";

interface Flags extends CommonFlags {
  fresh?: boolean;
  unsafe?: boolean;
  write?: boolean;
}

/**
 * Derives the truth about dead code of the corpora given; without any, of those that have it already.
 *
 * @returns the exit code: 0 as stored, 1 something differs, 3 a corpus could not be had
 */
export async function deriveDeletions(ids: readonly string[], flags: Flags, world: CliWorld): Promise<number> {
  const truths: DeletionTruth[] = [];
  const lines: string[] = [];
  let [differs, failed] = [false, false];
  for (const id of ids.length > 0 ? ids : await withStored(world)) {
    try {
      const fetched = await bring(id, flags, world);
      const options = { ...fetchOptions(flags, world), fresh: flags.fresh === true, unsafe: flags.unsafe === true };
      const truth = await deriveDeletion(fetched, { ...options, onProgress: reporter(world) });
      truths.push(truth);
      const isStored = JSON.stringify(await stored(id, world)) === JSON.stringify(truth);
      lines.push(summary(truth));
      if (isStored) lines.push("  as stored");
      else if (flags.write === true) {
        await writeStoredDeletion(truth, world.manifestRoot);
        lines.push("  stored");
      } else lines.push(`  nothing was written; "derive ${id} --kind deletion --write" stores it`);
      differs ||= !isStored && flags.write !== true;
    } catch (error) {
      if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
      failed = true;
      lines.push(`${id}: not run (${error.code}: ${reasonOf(error)})`);
    }
  }
  print(world, flags, truths, lines);
  if (differs) return EXIT.no;
  return failed || truths.length === 0 ? EXIT.missing : EXIT.fine;
}

async function withStored(world: CliWorld): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, kind } of listCorpora(world.manifestRoot)) {
    if (kind === "real" && (await stored(id, world)) !== null) ids.push(id);
  }
  return ids;
}

/** A damaged file is as good as none: it is written anew. */
async function stored(id: string, world: CliWorld): Promise<DeletionTruth | null> {
  return readStoredDeletion(id, world.manifestRoot).catch((error: unknown) => {
    if (error instanceof CorpusError && error.code === "CORPUS_TRUTH") return null;
    throw error;
  });
}

function summary(truth: DeletionTruth): string {
  const { dead, missed, traced, functions } = deletionStatsOf(truth);
  const { named, neverEntered, unreferenced, notPublic } = functions;
  return `${truth.corpus}: ${dead} dead, ${missed} missed when deleted, ${traced} that only look unused; of ${named} functions no test enters ${neverEntered}, nothing refers to ${unreferenced} of these, and ${notPublic} are not public`;
}

const count = z.int().nonnegative();

/** One corpus in the record of `corpora stats --json`. */
export const DeletionStats = z.strictObject({
  corpus: z.string(),
  functions: z.strictObject({ named: count, neverEntered: count, unreferenced: count, notPublic: count }),
  dead: count,
  /** Deleted, and the checker or a test noticed. */
  missed: count,
  /** Entered by a test although nothing refers to them by name, or to the function at all. */
  traced: count,
  /** Those of them that are not public either. */
  tracedHidden: count,
});
export type DeletionStats = z.infer<typeof DeletionStats>;

export function deletionStatsOf({ corpus, functions, items }: DeletionTruth): DeletionStats {
  const number = (holds: (item: DeletionTruth["items"][number]) => boolean): number => items.filter(holds).length;
  return {
    corpus,
    functions,
    dead: number(({ label }) => label === "dead"),
    missed: number(({ label, by }) => label === "live" && by === "deletion"),
    traced: number(({ by }) => by === "trace"),
    tracedHidden: number(({ by, isPublic }) => by === "trace" && !isPublic),
  };
}

/** The part of `corpora stats` about dead code; no line where there is none. */
export function reportDeletions(deletions: readonly DeletionStats[]): string[] {
  if (deletions.length === 0) return [];
  const sum = (of: (one: DeletionStats) => number): number => deletions.reduce((total, one) => total + of(one), 0);
  return [
    "Dead code (dead: deleted, and nothing changed; missed: something did; traced: looks unused, and a test enters it; hidden:",
    "of these, what is not public either)",
    drawTable(
      ["corpus", "functions", "never entered", "unreferenced", "not public", "dead", "missed", "traced", "hidden"],
      deletions.map(({ corpus, functions, dead, missed, traced, tracedHidden }) => [
        corpus,
        functions.named,
        functions.neverEntered,
        functions.unreferenced,
        functions.notPublic,
        dead,
        missed,
        traced,
        tracedHidden,
      ]),
    ),
    `Together: ${sum((one) => one.dead)} dead, ${sum((one) => one.missed)} missed, ${sum((one) => one.traced)} traced`,
    "",
  ];
}
