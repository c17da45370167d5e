/** Truth that lies in the checkout: what everybody scores with, so that nobody has to run a corpus's tests. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { writeWhole } from "../cache.ts";
import { CorpusError, isCode } from "../errors.ts";
import { type CorpusSpec, MANIFEST_ROOT } from "../manifest.ts";
import { type Erratum, readErrata } from "./errata.ts";
import type { CallGraphTruth } from "./schema.ts";
import { decodeTruth, encodeTruth } from "./stored-form.ts";

/** Where the truth of a real corpus is stored. */
export function storedTruthFile(id: string, root: string = MANIFEST_ROOT): string {
  return path.join(root, "real", id, "truth", "call-graph.json.gz");
}

/** Where its errata are. */
export function errataFile(id: string, root: string = MANIFEST_ROOT): string {
  return path.join(root, "real", id, "errata.json");
}

/**
 * sha256 over what a manifest says that can change the truth: not its description, licence or family, nor how long its
 * tests may take, since a run that is cut short is never stored, nor why some of them fail when they are traced.
 */
export function truthManifestSha256(spec: CorpusSpec): string {
  const { source, language, measure, context, compilerOptions } = spec;
  const tests = spec.tests === null ? null : { ...spec.tests, timeoutMs: 0, seeInstrumentation: undefined };
  const said = "sha256" in source ? source.sha256 : source;
  return createHash("sha256")
    .update(JSON.stringify([said, language, measure, context, compilerOptions, tests]))
    .digest("hex");
}

/**
 * What is stored for a corpus, as derived: errata are not applied. Null when nothing is stored.
 *
 * @throws CorpusError `CORPUS_TRUTH` when the file is damaged
 */
export async function readStoredTruth(id: string, root: string = MANIFEST_ROOT): Promise<CallGraphTruth | null> {
  const file = storedTruthFile(id, root);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw damaged(id, error);
  }
  let truth: CallGraphTruth;
  try {
    truth = decodeTruth(bytes);
  } catch (cause) {
    throw damaged(id, cause);
  }
  if (truth.corpus !== id) throw damaged(id, new Error(`it is about ${truth.corpus}`));
  return truth;
}

function damaged(id: string, cause: unknown): CorpusError {
  const message = `the stored truth of ${id} cannot be read (${firstReason(cause)})`;
  return new CorpusError("CORPUS_TRUTH", message, { hint: deriveHint(id), cause });
}

/** A damaged file breaks the schema in a thousand places, of which one is enough. */
function firstReason(cause: unknown): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : [];
  if (issue !== undefined) return `${issue.path.join(".")}: ${issue.message}`;
  return cause instanceof Error ? cause.message : String(cause);
}

/**
 * What is stored for a corpus, when it was derived with this manifest.
 *
 * @throws CorpusError `CORPUS_TRUTH` when there is none, it is damaged, or the manifest changed since
 */
export async function storedTruthOf(
  spec: CorpusSpec,
  root: string = MANIFEST_ROOT,
): Promise<{ truth: CallGraphTruth; errata: readonly Erratum[] }> {
  const truth = await readStoredTruth(spec.id, root);
  if (truth === null) {
    throw new CorpusError("CORPUS_TRUTH", `no truth is stored for ${spec.id}`, { hint: deriveHint(spec.id) });
  }
  if (truth.manifestSha256 !== truthManifestSha256(spec)) {
    throw new CorpusError("CORPUS_TRUTH", `the manifest of ${spec.id} changed after its truth was stored`, {
      hint: deriveHint(spec.id),
    });
  }
  return { truth, errata: await readErrata(errataFile(spec.id, root)) };
}

/** Stores truth; the next reader sees all of it or what was there before. */
export async function writeStoredTruth(truth: CallGraphTruth, root: string = MANIFEST_ROOT): Promise<string> {
  const file = storedTruthFile(truth.corpus, root);
  await writeWhole(file, encodeTruth(truth));
  return file;
}

function deriveHint(id: string): string {
  return `Run "npm run corpora -- derive ${id} --write", which runs the corpus's tests in a sandbox.`;
}
