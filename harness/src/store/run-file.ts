/** The run file: made once, checked whenever it is read. */
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DriftError } from "@drift/engine";
import { z } from "zod";
import { writeFileAtomically } from "./atomic-file.ts";
import { jsonFilesBelow, type ResultPaths, sha256 } from "./result-paths.ts";
import { RUN_FILE_LIMIT_BYTES, RunFile } from "./schema.ts";

export { type ResultPaths, resultPaths, sha256 } from "./result-paths.ts";

/** Everything of a run but its id and its raw hash, which follow from the rest. */
export type RunDraft = DistributiveOmit<RunFile, "schemaVersion" | "id" | "raw">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A run that can be stored: its file and its raw lines. */
export interface CompleteRun {
  file: RunFile;
  /** Exact bytes of the run file. */
  text: string;
  /** One JSON value per line: items for `cibench`, measurements with samples for `bench`. */
  rawText: string;
}

/**
 * Completes a run: `<suite>-<subject>-<start>-<hash>` names it, so two runs never share an id.
 *
 * @throws DriftError `RUN_FILE_TOO_LARGE` above 250 kB
 */
export function completeRun(draft: RunDraft, rawText: string): CompleteRun {
  const raw = { sha256: sha256(rawText), lines: rawText === "" ? 0 : rawText.trimEnd().split("\n").length };
  const { subject, startedAt } = draft.report;
  const start = startedAt.replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
  const hash = sha256(JSON.stringify([draft, raw])).slice(0, 8);
  const file = RunFile.parse({
    schemaVersion: 1,
    id: `${draft.suite}-${subject.name}-${start}-${hash}`,
    raw,
    ...draft,
  });
  // A line for each value reads better in a diff, as long as there is room for it.
  const indented = `${JSON.stringify(file, null, 1)}\n`;
  const text = Buffer.byteLength(indented) > RUN_FILE_LIMIT_BYTES ? `${JSON.stringify(file)}\n` : indented;
  if (Buffer.byteLength(text) > RUN_FILE_LIMIT_BYTES) {
    throw new DriftError("RUN_FILE_TOO_LARGE", `run ${file.id} is larger than ${RUN_FILE_LIMIT_BYTES / 1000} kB`, {
      hint: "Keep per-item evidence in the raw lines; a run file holds scores and hashes only.",
    });
  }
  return { file, text, rawText };
}

/** Writes the raw lines, then the run file: a run file on disk always has its raw lines beside it. */
export function writeLocalRun(paths: ResultPaths, run: CompleteRun): void {
  writeFileAtomically(rawPath(paths.localRaw, run.file.raw.sha256), gzipSync(run.rawText, { level: 9 }));
  writeFileAtomically(path.join(paths.local, `${run.file.id}.json`), run.text);
}

/** A run file as found on disk. */
export interface FoundRun {
  file: RunFile;
  text: string;
  /** Path below `published`, with "/" separators; null for a local run. */
  publishedPath: string | null;
}

/** A run file by its name alone, before it is read: a local one is named by its id. */
export type RunFileName = { publishedPath: string } | { id: string };

/**
 * Every run on disk, published ones first, each id once, oldest first.
 *
 * @param wanted leaves files out by their name, unread
 * @throws DriftError `RUN_FILE_INVALID` when a file is damaged
 */
export function readRunFiles(paths: ResultPaths, wanted: (name: RunFileName) => boolean = () => true): FoundRun[] {
  const found = new Map<string, FoundRun>();
  for (const name of jsonFilesBelow(paths.published)) {
    if (!wanted({ publishedPath: name })) continue;
    const run = readRunFile(path.join(paths.published, name));
    found.set(run.file.id, { ...run, publishedPath: name });
  }
  for (const name of jsonFilesIn(paths.local)) {
    if (!wanted({ id: path.basename(name, ".json") })) continue;
    const run = readRunFile(path.join(paths.local, name));
    if (!found.has(run.file.id)) found.set(run.file.id, { ...run, publishedPath: null });
  }
  return [...found.values()].sort((a, b) => order(a.file).localeCompare(order(b.file), "en"));
}

/** @throws DriftError `RUN_FILE_INVALID` */
export function readRunFile(file: string): { file: RunFile; text: string } {
  const text = fs.readFileSync(file, "utf8");
  try {
    return { file: RunFile.parse(JSON.parse(text)), text };
  } catch (cause) {
    const detail = cause instanceof z.ZodError ? (cause.issues[0]?.message ?? "") : "it is not JSON";
    throw new DriftError("RUN_FILE_INVALID", `${path.basename(file)} is not a run file: ${detail}`, {
      hint: "Published files come back with git checkout; a damaged local one can be deleted.",
      cause,
    });
  }
}

/**
 * The raw lines of a run, or null when they are not on this machine (only the newest of each tool is committed).
 *
 * @throws DriftError `RAW_FILE_INVALID` when the content does not have the hash that names it
 */
export function readRawLines(paths: ResultPaths, hash: string): string | null {
  const file = [rawPath(paths.localRaw, hash), rawPath(paths.raw, hash)].find((candidate) => fs.existsSync(candidate));
  if (file === undefined) return null;
  const text = unzip(file);
  if (text === null || sha256(text) !== hash) {
    throw new DriftError("RAW_FILE_INVALID", `${path.basename(file)} does not hold what its name says`, {
      hint: "Delete it; a published one comes back with git checkout.",
    });
  }
  return text;
}

export function rawPath(folder: string, hash: string): string {
  return path.join(folder, `${hash}.jsonl.gz`);
}

function unzip(file: string): string | null {
  try {
    return gunzipSync(fs.readFileSync(file), { maxOutputLength: 1 << 29 }).toString("utf8");
  } catch {
    return null; // Damaged; the caller says so.
  }
}

function jsonFilesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
}

function order(file: RunFile): string {
  return `${file.report.startedAt} ${file.id}`;
}
