/** Reads what `write-run.ts` wrote. It needs no tool and no corpus, so that who compares runs loads nothing else. */
import { existsSync } from "node:fs";
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

/**
 * A report as `run` writes it, or as `results/published` has it: within what is known about the run.
 *
 * @throws CibenchError `REPORT_UNREADABLE` when the file is missing or is no report
 */
export async function readReport(path: string): Promise<Report> {
  try {
    const content: unknown = JSON.parse(await readFile(path, "utf8"));
    const stored = PublishedRun.safeParse(content);
    return Report.parse(stored.success ? stored.data.report : content);
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new CibenchError("REPORT_UNREADABLE", `${path} is not a report: ${why}`, {
      hint: "Give a <runId>.json that `cibench run` wrote.",
      cause,
    });
  }
}

const PublishedRun = z.object({ report: z.unknown() });

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
  const items = itemsBeside(path, report);
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

/** Items lie beside their report; those of published runs in `raw`, two folders above. */
function itemsBeside(path: string, report: Report): string {
  const beside = itemsPath(dirname(path), report);
  const raw = itemsPath(join(dirname(path), "..", "..", "raw"), report);
  return !existsSync(beside) && existsSync(raw) ? raw : beside;
}

/** A compressed file may unpack to anything; this is far above any real run. */
const LARGEST_ITEMS = 2 ** 30;

/** Where items of a report lie that is written into `folder`. */
export function itemsPath(folder: string, report: Report): string {
  return join(folder, `${report.itemsSha256}.jsonl.gz`);
}
