/** A run on disk: `<runId>.json` (Report) beside `<itemsSha256>.jsonl.gz` (one ItemRecord per line). */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { sha256 } from "./canonical-json.ts";
import { CibenchError } from "./errors.ts";
import { itemLines, type Run } from "./run.ts";
import { ItemRecord } from "./schema/item-record.ts";
import { Report } from "./schema/report.ts";
import type { StoredRun } from "./scores/rank.ts";

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

/** @throws CibenchError `REPORT_UNREADABLE` when the file is missing or is no report */
export async function readReport(path: string): Promise<Report> {
  try {
    return Report.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new CibenchError("REPORT_UNREADABLE", `${path} is not a report: ${why}`, {
      hint: "Give a <runId>.json that `cibench run` wrote.",
      cause,
    });
  }
}

/**
 * A report with its items, which must lie beside it and have the hash that the report states.
 *
 * @throws CibenchError `REPORT_UNREADABLE` as {@link readReport}; `ITEMS_UNREADABLE` when items are missing or altered
 */
export async function readRun(path: string): Promise<StoredRun> {
  const report = await readReport(path);
  const items = itemsPath(dirname(path), report);
  try {
    const text = gunzipSync(await readFile(items), { maxOutputLength: LARGEST_ITEMS }).toString("utf8");
    if (sha256(text) !== report.itemsSha256) throw new Error("the content does not match its hash");
    const lines = text.split("\n").filter((line) => line !== "");
    return { report, items: lines.map((line) => ItemRecord.parse(JSON.parse(line)).outcome) };
  } catch (cause) {
    throw new CibenchError("ITEMS_UNREADABLE", `the items of ${report.runId} cannot be read from ${items}`, {
      hint: "Keep the .jsonl.gz file beside the report, or run again.",
      cause,
    });
  }
}

/** A compressed file may unpack to anything; this is far above any real run. */
const LARGEST_ITEMS = 2 ** 30;

function itemsPath(folder: string, report: Report): string {
  return join(folder, `${report.itemsSha256}.jsonl.gz`);
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
