/** Truth about changes as it lies in the checkout: gzip over JSON, beside the truth about calls. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { writeWhole } from "../cache.ts";
import { CorpusError, isCode } from "../errors.ts";
import { MANIFEST_ROOT } from "../manifest.ts";
import { type ChangeKind, ChangeTruth } from "./change-schema.ts";

/** Where the truth of a real corpus about changes is stored. */
export function storedChangesFile(id: string, kind: ChangeKind, root: string = MANIFEST_ROOT): string {
  return path.join(root, "real", id, "truth", `${kind}.json.gz`);
}

/**
 * What is stored; null when nothing is.
 *
 * @throws CorpusError `CORPUS_TRUTH` when the file is damaged
 */
export async function readStoredChanges(
  id: string,
  kind: ChangeKind,
  root: string = MANIFEST_ROOT,
): Promise<ChangeTruth | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(storedChangesFile(id, kind, root));
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
  try {
    const truth = ChangeTruth.parse(JSON.parse(gunzipSync(bytes).toString("utf8")));
    if (truth.corpus !== id || truth.kind !== kind) throw new TypeError(`it is the ${truth.kind} of ${truth.corpus}`);
    return truth;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).split("\n")[0] : String(cause);
    throw new CorpusError("CORPUS_TRUTH", `the stored ${kind} of ${id} cannot be read (${why})`, {
      hint: `Run "npm run corpora -- derive ${id} --kind ${kind} --write".`,
      cause,
    });
  }
}

/** Stores truth, whole or not at all. */
export async function writeStoredChanges(truth: ChangeTruth, root: string = MANIFEST_ROOT): Promise<void> {
  await writeWhole(storedChangesFile(truth.corpus, truth.kind, root), gzipSync(JSON.stringify(truth), { level: 9 }));
}

/** What differs between two truths about the same changes, in a line each; empty when nothing does. */
export function diffChanges(before: ChangeTruth | null, after: ChangeTruth): string[] {
  const key = ({ from, to }: { from: string; to: string }): string => `${from}..${to}`;
  const old = new Map(before?.changes.map((change) => [key(change), change]));
  const now = new Set(after.changes.map(key));
  return [
    ...after.changes.flatMap((change) => {
      const known = old.get(key(change));
      if (known === undefined) return [`+ ${key(change)}: ${change.items.length} items`];
      return JSON.stringify(known) === JSON.stringify(change) ? [] : [`~ ${key(change)}: not as stored`];
    }),
    ...[...old.keys()].filter((one) => !now.has(one)).map((one) => `- ${one}`),
    ...(before === null || before.inputsSha256 === after.inputsSha256 ? [] : ["~ the pins or the globs of files"]),
    ...(before === null || before.deriver.version === after.deriver.version ? [] : ["~ the rule"]),
  ];
}
