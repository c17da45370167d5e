/** What was read of derived truth, as a record and as tables. Pure. */
import { markdownTable } from "../markdown.ts";
import type { Reading, ReadingRecord } from "./schema.ts";
import { countVerdicts, shareCells, shareOf } from "./verdict.ts";

/** Counts of each reading, in the order given. */
export function summarizeReadings(readings: readonly Reading[]): ReadingRecord {
  return {
    schemaVersion: 1,
    derivers: readings.map(({ kind, from, items }) => {
      const counts = countVerdicts(items);
      return { kind, from, drawn: items.length, ...counts, ...shareOf("wrong", counts) };
    }),
  };
}

/** One row per deriver. */
export function readingRows({ derivers }: ReadingRecord): { header: string[]; rows: (string | number)[][] } {
  return {
    header: ["deriver", "items", "drawn", "right", "wrong", "undecided", "not read", "share wrong", "95 % interval"],
    rows: derivers.map((one) => [
      ...[one.kind, one.from, one.drawn, one.right, one.wrong, one.undecided, one.unread],
      ...shareCells(one),
    ]),
  };
}

/** The same as Markdown. */
export function readingsMarkdown(record: ReadingRecord): string {
  const { header, rows } = readingRows(record);
  return markdownTable(header, rows).trimEnd();
}
