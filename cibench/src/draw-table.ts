/** Tables for the terminal. */
import Table from "cli-table3";

/** A frame, a header, and rows without lines between them. */
export function drawTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({
    head: [...header],
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
