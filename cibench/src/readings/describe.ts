/** What was read, as a table: for the terminal, and as Markdown for the README. Pure. */
import type { ReadingOutput } from "../schema/reading.ts";

/** One row per corpus. */
export function readingRows({ corpora }: ReadingOutput): { header: string[]; rows: (string | number)[][] } {
  const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
  return {
    header: ["corpus", "of edges", "right", "wrong", "undecided", "not read", "precision", "95 % interval"],
    rows: corpora.map((one) => [
      ...[one.id, one.from, one.right, one.wrong, one.undecided, one.unread, percent(one.precision)],
      one.low === null ? "–" : `${percent(one.low)} to ${percent(one.high)}`,
    ]),
  };
}

/** The same as Markdown. */
export function readingsMarkdown(output: ReadingOutput): string {
  const { header, rows } = readingRows(output);
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
