/** The record of gaps between published and fresh projects, to which each `run --fresh` adds what it found. */
import { readFile, rename } from "node:fs/promises";
import { CibenchError } from "../errors.ts";
import { FreshRecord } from "../schema/fresh.ts";
import { writeOutput } from "./output.ts";

type Entry = FreshRecord["entries"][number];

/**
 * Puts gaps in the place of those of the same tool and seed, or behind the others; the file holds the old record or the new one.
 *
 * @throws CibenchError `REPORT_UNREADABLE` when the file is there and is no such record, which stays as it is; `OUTPUT_UNWRITABLE`
 */
export async function addToRecord(file: string, entries: readonly Entry[]): Promise<void> {
  const known = await readRecord(file);
  const kept = known.filter((one) => !entries.some(({ tool, seed }) => tool === one.tool && seed === one.seed));
  const all = [...kept, ...entries].toSorted((a, b) => compare(a.tool, b.tool) || a.seed - b.seed);
  const record = FreshRecord.parse({ schemaVersion: 1, entries: all });
  await writeOutput(`${file}.part`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

async function readRecord(file: string): Promise<Entry[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unreadable(file, error);
  }
  try {
    return FreshRecord.parse(JSON.parse(text)).entries;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): CibenchError {
  return new CibenchError("REPORT_UNREADABLE", `${file} is no record of gaps to fresh projects`, {
    hint: "Name another file, or remove this one.",
    cause,
  });
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
