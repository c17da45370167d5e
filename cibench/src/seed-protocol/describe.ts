/** The protocol as tables: for the terminal, and as Markdown for its page. Pure. */
import { drawTable } from "../draw-table.ts";
import { markdownTable } from "../markdown-table.ts";
import type { ProtocolSide, SeedProtocolOutput } from "../schema/seed-protocol.ts";
import { showEstimate } from "../show.ts";

export function protocolText(output: SeedProtocolOutput): string {
  return `${drawTable(header(output), rowsOf(output))}\n${total(output)}\n`;
}

/** The same as Markdown, formatted as formatters do. */
export function protocolMarkdown(output: SeedProtocolOutput): string {
  return `${markdownTable(header(output), rowsOf(output))}\n\n${total(output)}`;
}

function header({ with: tool, without }: SeedProtocolOutput): string[] {
  return ["task", "code", "items", `with ${tool.tool}`, "score", `without: ${without.tool}`, "score"];
}

/** Rows whose points do not count in the total have them in brackets. */
function rowsOf({ tasks }: SeedProtocolOutput): string[][] {
  return tasks.flatMap(({ id, title, counts, results }) =>
    results.map((result) => {
      const cells = (side: ProtocolSide): string[] => {
        const points = side.points === null ? "not run" : `${side.points}`;
        return [
          result.kind === counts ? points : `(${points})`,
          side.score === null ? side.state : showEstimate(side.score),
        ];
      };
      const code = result.kind === "real" ? "real" : "generated";
      return [`${id} ${title}`, code, `${result.items}`, ...cells(result.with), ...cells(result.without)];
    }),
  );
}

function total({ points, with: tool, without, rubric }: SeedProtocolOutput): string {
  const of = (side: number | null): string => (side === null ? "not measured" : `${side} of ${points.of}`);
  return `Points: with ${tool.tool} ${of(points.with)}, without (${without.tool}) ${of(points.without)}. 2 from a score of ${rubric.full} on, 1 from ${rubric.partial} on; in brackets: not in the total.`;
}
