/** What was read, as a table: for the terminal, and as Markdown for the README. Pure. */
import { markdownTable, shareCells } from "@drift/corpora";
import type { ReadingOutput } from "../schema/reading.ts";

/** One row per corpus. */
export function readingRows({ corpora }: ReadingOutput): { header: string[]; rows: (string | number)[][] } {
  return {
    header: ["corpus", "of edges", "right", "wrong", "undecided", "not read", "precision", "95 % interval"],
    rows: corpora.map((one) => [
      ...[one.id, one.from, one.right, one.wrong, one.undecided, one.unread],
      ...shareCells({ ...one, share: one.precision }),
    ]),
  };
}

/** The same as Markdown. */
export function readingsMarkdown(output: ReadingOutput): string {
  const { header, rows } = readingRows(output);
  return markdownTable(header, rows).trimEnd();
}
