/** A run on disk: `<runId>.json` (Report) beside `<itemsSha256>.jsonl.gz` (one ItemRecord per line). */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { CibenchError } from "./errors.ts";
import { itemsPath } from "./read-run.ts";
import { itemLines, type Run } from "./run.ts";
import { Report } from "./schema/report.ts";

/**
 * Writes items first and the report last, each atomically, so that a report on disk always has its evidence.
 *
 * @returns the path of the report
 * @throws CibenchError `OUTPUT_UNWRITABLE`
 */
export async function writeRun(folder: string, run: Run): Promise<string> {
  const path = join(folder, `${run.report.runId}.json`);
  try {
    await mkdir(folder, { recursive: true });
    await writeAtomically(itemsPath(folder, run.report), gzipSync(itemLines(run)));
    await writeAtomically(path, `${JSON.stringify(Report.parse(run.report), null, 2)}\n`);
  } catch (cause) {
    if (cause instanceof z.ZodError) throw cause;
    throw new CibenchError("OUTPUT_UNWRITABLE", `cannot write to ${folder}`, {
      hint: "Name another folder with --out.",
      cause,
    });
  }
  return path;
}

async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
