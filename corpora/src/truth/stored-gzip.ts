/** Truth of one kind in one compressed file of the checkout. */
import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { writeWhole } from "../cache.ts";
import { CorpusError, isCode } from "../errors.ts";

const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * What is stored; null when nothing is.
 *
 * @param about the corpus, and the kind as `derive --kind` has it
 * @throws CorpusError `CORPUS_TRUTH` when the file is damaged or about another corpus
 */
export async function readGzipped<T extends { corpus: string }>(
  schema: z.ZodType<T>,
  { file, id, kind }: { file: string; id: string; kind: string },
): Promise<T | null> {
  try {
    const text = gunzipSync(await readFile(file), { maxOutputLength: MAX_TEXT_BYTES }).toString("utf8");
    const truth = schema.parse(JSON.parse(text));
    if (truth.corpus !== id) throw new TypeError(`it is about ${truth.corpus}`);
    return truth;
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return null;
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).split("\n")[0] : String(cause);
    throw new CorpusError("CORPUS_TRUTH", `the stored ${kind} of ${id} cannot be read (${why})`, {
      hint: `Run "npm run corpora -- derive ${id} --kind ${kind} --write".`,
      cause,
    });
  }
}

/** Stores truth, whole or not at all. */
export async function writeGzipped(truth: object, file: string): Promise<void> {
  await writeWhole(file, gzipSync(JSON.stringify(truth), { level: 9 }));
}
