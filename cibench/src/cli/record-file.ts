/** Files to which commands add what they found: one entry for each tool and seed, the last of each. */
import { readFile, rename } from "node:fs/promises";
import type { z } from "zod";
import { CibenchError } from "../errors.ts";
import { writeOutput } from "./output.ts";

/** What entries are told apart and ordered by. */
interface Entry {
  tool: string;
  seed: number;
}

/** A kind of record. */
export interface RecordKind<One extends Entry> {
  schema: z.ZodType<{ schemaVersion: 1; entries: One[] }>;
  /** As in "… is no <what>". */
  what: string;
}

/**
 * Puts entries in the place of those of the same tool and seed, or behind the others; the file holds the old record or the new one.
 *
 * @throws CibenchError `REPORT_UNREADABLE` when the file is there and is no such record, which stays as it is; `OUTPUT_UNWRITABLE`
 */
export async function addToRecordFile<One extends Entry>(
  file: string,
  entries: readonly One[],
  kind: RecordKind<One>,
): Promise<void> {
  const known = await readRecord(file, kind);
  const kept = known.filter((one) => !entries.some(({ tool, seed }) => tool === one.tool && seed === one.seed));
  const all = [...kept, ...entries].toSorted((a, b) => compare(a.tool, b.tool) || a.seed - b.seed);
  const record = kind.schema.parse({ schemaVersion: 1, entries: all });
  await writeOutput(`${file}.part`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

async function readRecord<One extends Entry>(file: string, kind: RecordKind<One>): Promise<One[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unreadable(file, kind.what, error);
  }
  try {
    return kind.schema.parse(JSON.parse(text)).entries;
  } catch (cause) {
    throw unreadable(file, kind.what, cause);
  }
}

function unreadable(file: string, what: string, cause: unknown): CibenchError {
  return new CibenchError("REPORT_UNREADABLE", `${file} is no ${what}`, {
    hint: "Name another file, or remove this one.",
    cause,
  });
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
