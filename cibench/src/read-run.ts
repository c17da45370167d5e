/** Reads what `write-run.ts` wrote. It needs no tool and no corpus, so that who compares runs loads nothing else. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { sha256 } from "./canonical-json.ts";
import { CibenchError } from "./errors.ts";
import { ItemRecord } from "./schema/item-record.ts";
import { Report } from "./schema/report.ts";
import type { ItemOutcome } from "./schema/score.ts";

/** A run as stored: its report and its items. */
export interface StoredRun {
  report: Report;
  items: readonly ItemOutcome[];
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
  return { report, items: (await readRecords(path, report)).map(({ outcome }) => outcome) };
}

/**
 * The items of a report with the raw answers to them.
 *
 * @param path of the report
 * @throws CibenchError `ITEMS_UNREADABLE` when they are missing or altered
 */
export async function readRecords(path: string, report: Report): Promise<ItemRecord[]> {
  const items = itemsPath(dirname(path), report);
  try {
    const text = gunzipSync(await readFile(items), { maxOutputLength: LARGEST_ITEMS }).toString("utf8");
    if (sha256(text) !== report.itemsSha256) throw new Error("the content does not match its hash");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => ItemRecord.parse(JSON.parse(line)));
  } catch (cause) {
    throw new CibenchError("ITEMS_UNREADABLE", `the items of ${report.runId} cannot be read from ${items}`, {
      hint: "Keep the .jsonl.gz file beside the report, or run again.",
      cause,
    });
  }
}

/** A compressed file may unpack to anything; this is far above any real run. */
const LARGEST_ITEMS = 2 ** 30;

/** Where the items of a report in `folder` lie. */
export function itemsPath(folder: string, report: Report): string {
  return join(folder, `${report.itemsSha256}.jsonl.gz`);
}
