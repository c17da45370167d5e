/**
 * The history as files: one immutable JSON file per entry and event, from which any database is made again, samples beside
 * them for as long as they are kept, and lines of JSON to carry a whole history elsewhere.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DriftError } from "@drift/engine";
import { removeLeftovers, writeFileAtomically } from "./atomic-file.ts";
import { HistoryEntry, HistoryEvent, HistoryLine, isIntact, RawSamples, type StoredEntry } from "./history-schema.ts";
import type { HistoryStore } from "./history-store.ts";
import { jsonFilesBelow } from "./result-paths.ts";

/** Samples are kept so long after they were measured. */
export const RAW_DAYS = 90;
const DAY_MS = 86_400_000;

/** Publishes an entry: samples, then its file, then its rows. Once the file is there, a crash loses nothing. */
export async function publishEntry(store: HistoryStore, folder: string, stored: StoredEntry): Promise<boolean> {
  const { entry, raw } = stored;
  if (raw !== null) writeFileAtomically(rawFile(folder, entry.id), gzipSync(JSON.stringify(raw)));
  const file = path.join(
    folder,
    "entries",
    entry.committedAt.slice(0, 7),
    `${entry.commit.slice(0, 12)}-${entry.id}.json`,
  );
  if (!fs.existsSync(file)) writeFileAtomically(file, `${JSON.stringify(entry)}\n`);
  return store.add(stored);
}

export async function publishEvent(store: HistoryStore, folder: string, event: HistoryEvent): Promise<boolean> {
  const file = path.join(folder, "events", `${event.at.replaceAll(/[-:.]/g, "")}-${event.id}.json`);
  if (!fs.existsSync(file)) writeFileAtomically(file, `${JSON.stringify(event)}\n`);
  return store.addEvent(event);
}

/**
 * Reads in what files have and the database lacks.
 *
 * @returns how many entries and events were added
 * @throws DriftError `HISTORY_FILE_INVALID` naming the file
 */
export async function importHistoryFiles(store: HistoryStore, folder: string): Promise<number> {
  const known = new Set([...(await store.entryIds()), ...(await store.events()).map(({ id }) => id)]);
  let added = 0;
  for (const name of jsonFilesBelow(folder)) {
    if (known.has(idIn(name))) continue;
    const record = readRecord(path.join(folder, name), name.startsWith("events/"));
    const isNew =
      "alert" in record
        ? await store.addEvent(record)
        : await store.add({ entry: record, raw: readRaw(folder, record.id) });
    if (isNew) added += 1;
  }
  return added;
}

/** Drops samples that are older than {@link RAW_DAYS}, here and in the database. @returns how many entries lost theirs */
export async function pruneRaw(store: HistoryStore, folder: string | null, now: Date): Promise<number> {
  const before = new Date(now.getTime() - RAW_DAYS * DAY_MS).toISOString();
  if (folder !== null) await pruneRawFiles(store, path.join(folder, "raw"), { before, now });
  return store.pruneRaw(before);
}

async function pruneRawFiles(
  store: HistoryStore,
  raw: string,
  { before, now }: { before: string; now: Date },
): Promise<void> {
  removeLeftovers(raw, now);
  for (const name of fs.existsSync(raw) ? fs.readdirSync(raw) : []) {
    const stored = await store.entry(idIn(name));
    if (stored !== null && stored.entry.measuredAt < before) fs.rmSync(path.join(raw, name), { force: true });
  }
}

/** The whole history, one JSON value per line: entries by id, then events as they were said. */
export async function* exportLines(store: HistoryStore): AsyncGenerator<string> {
  for (const id of await store.entryIds()) yield `${JSON.stringify(await store.entry(id))}\n`;
  for (const event of await store.events()) yield `${JSON.stringify({ event })}\n`;
}

/**
 * Checks every line before the first one is stored.
 *
 * @param folder where files are published as well; null for a database that is its own source
 * @throws DriftError `INPUT_INVALID` naming the line
 */
export async function importLines(
  store: HistoryStore,
  folder: string | null,
  text: string,
): Promise<{ lines: number; added: number }> {
  const lines = text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [parseLine(line, i + 1)]));
  let added = 0;
  for (const line of lines) {
    const isNew =
      "event" in line
        ? await (folder === null ? store.addEvent(line.event) : publishEvent(store, folder, line.event))
        : await (folder === null ? store.add(line) : publishEntry(store, folder, line));
    if (isNew) added += 1;
  }
  return { lines: lines.length, added };
}

function parseLine(text: string, number: number): HistoryLine {
  try {
    const line = HistoryLine.parse(JSON.parse(text));
    if (isIntact("event" in line ? line.event : line.entry)) return line;
  } catch (cause) {
    throw new DriftError("INPUT_INVALID", `line ${number} is no entry or event of a history`, {
      hint: "The lines of `history export` are read back as they are.",
      cause,
    });
  }
  throw new DriftError("INPUT_INVALID", `line ${number} does not hold what its id says: it was changed`, {
    hint: "Export the history again.",
  });
}

function readRecord(file: string, isEvent: boolean): HistoryEntry | HistoryEvent {
  try {
    const content: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
    const record = isEvent ? HistoryEvent.parse(content) : HistoryEntry.parse(content);
    if (isIntact(record)) return record;
  } catch (cause) {
    throw new DriftError("HISTORY_FILE_INVALID", `${path.basename(file)} is no file of the history`, {
      hint: "Published files come back with git checkout.",
      cause,
    });
  }
  throw new DriftError("HISTORY_FILE_INVALID", `${path.basename(file)} does not hold what its name says`, {
    hint: "Published files never change; they come back with git checkout.",
  });
}

function readRaw(folder: string, id: string): RawSamples | null {
  const file = rawFile(folder, id);
  if (!fs.existsSync(file)) return null;
  try {
    return RawSamples.parse(
      JSON.parse(gunzipSync(fs.readFileSync(file), { maxOutputLength: 1 << 29 }).toString("utf8")),
    );
  } catch (cause) {
    throw new DriftError("HISTORY_FILE_INVALID", `${path.basename(file)} holds no samples`, {
      hint: "Delete it: samples are kept for 90 days only, and nothing is decided from them alone.",
      cause,
    });
  }
}

function rawFile(folder: string, id: string): string {
  return path.join(folder, "raw", `${id}.json.gz`);
}

/** The id at the end of a file's name. */
function idIn(name: string): string {
  return /([0-9a-f]{32})\.json(?:\.gz)?$/.exec(name)?.[1] ?? "";
}
