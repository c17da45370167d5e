/** `corpora derive --kind deletion`, and the part of `corpora stats` about dead code. */
import { z } from "zod";
import { deriveDeletion } from "../derive/deletion.ts";
import { type DeletionTruth, readStoredDeletion, writeStoredDeletion } from "../truth/deletion-schema.ts";
import { deriveStored, type StoredFlags, type StoredKind } from "./derive-stored.ts";
import { drawTable } from "./table.ts";
import type { CliWorld } from "./world.ts";

const KIND: StoredKind<DeletionTruth> = {
  kind: "deletion",
  derive: deriveDeletion,
  read: readStoredDeletion,
  write: writeStoredDeletion,
  summary,
};

/** Derives the truth about dead code of the corpora given, as {@link deriveStored} does. @returns the exit code */
export async function deriveDeletions(ids: readonly string[], flags: StoredFlags, world: CliWorld): Promise<number> {
  return deriveStored(KIND, ids, flags, world);
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
