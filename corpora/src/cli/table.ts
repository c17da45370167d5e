/** Tables for people, on as few columns as their cells need. */

/** @param body a row for each line, whose first cell stands on the left and all others on the right */
export function drawTable(head: readonly string[], body: readonly (readonly (string | number)[])[]): string {
  const rows = body.map((row) => row.map(String));
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`;
  return [line(head), ...rows.map(line), ""].join("\n");
}

/** Rows of words, each column as wide as its widest word, all on the left. */
export function alignWords(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  const widths = Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, column) => width(column));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
