/**
 * Ground truth about dead code: functions that can be deleted without anybody noticing, and functions that only look as if
 * they could. Positions are 1-based, columns count UTF-16 units, ends are exclusive; paths are relative to the corpus root.
 */
import path from "node:path";
import { z } from "zod";
import { MANIFEST_ROOT } from "../manifest.ts";
import { Dropped } from "./change-schema.ts";
import { TRUTH_HEAD } from "./head.ts";
import { Span } from "./schema.ts";
import { readGzipped, writeGzipped } from "./stored-gzip.ts";

const count = z.int().nonnegative();

/** A function, and whether it is dead: for this closed world of sources, public entry points and tests. */
export const DeletionItem = z.strictObject({
  /** Id of its definition in the truth about calls. */
  id: z.string(),
  file: z.string(),
  /** For display only. */
  name: z.string(),
  /** What is deleted: with its modifiers, and the whole statement that binds it. */
  span: Span,
  /** `dead`: no test enters it, nothing refers to it, it is not public, and without it nothing changes; else `live`. */
  label: z.enum(["dead", "live"]),
  /**
   * `deletion`: it was deleted, and nothing changed (dead) or something did (live). `trace`: a test entered it although it
   * looks unused.
   */
  by: z.enum(["deletion", "trace"]),
  /** References to it in the sources outside of itself, by the language's own checker. */
  references: count,
  /** How often its name stands in the sources as a word, its definition left out. */
  mentions: count,
  /** It can be imported from where users come in, or is a member of such a class; objects that hold it count as such. */
  isPublic: z.boolean(),
  /** A test file that entered it; null for what was deleted. */
  witness: z.string().nullable(),
});
export type DeletionItem = z.infer<typeof DeletionItem>;

export const DeletionTruth = z.strictObject({
  ...TRUTH_HEAD,
  oracle: z.strictObject({
    name: z.string(),
    version: z.string(),
    /** Tools that are not ranked on these items. */
    sharesCodeWith: z.array(z.string()),
    command: z.string(),
    /** Runs of all tests after each deletion, all of which must say the same. */
    repeats: z.int().min(1),
  }),
  /** The tests before anything is deleted. */
  baseline: z.strictObject({ repeats: z.int().min(1), testFiles: count, passed: count, failed: count }),
  /** Functions with a name; of those that can be deleted, how many are left after each question. */
  functions: z.strictObject({ named: count, neverEntered: count, unreferenced: count, notPublic: count }),
  items: z.array(DeletionItem),
  dropped: z.array(Dropped),
});
export type DeletionTruth = z.infer<typeof DeletionTruth>;

/** Where the truth of a real corpus about dead code is stored. */
export function storedDeletionFile(id: string, root: string = MANIFEST_ROOT): string {
  return path.join(root, "real", id, "truth", "deletion.json.gz");
}

/** What is stored; null when nothing is. @throws CorpusError `CORPUS_TRUTH` when the file is damaged */
export async function readStoredDeletion(id: string, root: string = MANIFEST_ROOT): Promise<DeletionTruth | null> {
  return readGzipped(DeletionTruth, { file: storedDeletionFile(id, root), id, kind: "deletion" });
}

/** Stores truth, whole or not at all. */
export async function writeStoredDeletion(truth: DeletionTruth, root: string = MANIFEST_ROOT): Promise<void> {
  await writeGzipped(truth, storedDeletionFile(truth.corpus, root));
}
