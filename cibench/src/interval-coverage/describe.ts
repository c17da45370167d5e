/** Coverage as tables: for the terminal, and as Markdown for the README. Pure. */
import { drawTable } from "../draw-table.ts";
import { markdownTable } from "../markdown-table.ts";
import type { CoverageOutput, Held } from "../schema/coverage.ts";

const HEADER = ["category", "corpora", "on these corpora", "plain percentiles", "for new corpora"];

export function coverageText(output: CoverageOutput): string {
  return `${drawTable(HEADER, rowsOf(output))}\n${settings(output)}\n`;
}

/** The same as Markdown, formatted as formatters do. */
export function coverageMarkdown(output: CoverageOutput): string {
  return `${markdownTable(HEADER, rowsOf(output))}\n\n${settings(output)}`;
}

/** The share of intervals that hold the true value, with a mark where this is not kept, and their mean width. */
function rowsOf({ entries, kept }: CoverageOutput): string[][] {
  const cell = (held: Held | null): string => {
    if (held === null) return "not printed";
    const isKept = held.coverage >= kept.from && held.coverage <= kept.to;
    return `${percent(held.coverage)}${isKept ? "" : " (!)"}, width ${held.width.toFixed(3)}`;
  };
  return entries.map(({ category, corpora, onThese, percentile, newCorpora }) => {
    return [category, `${corpora}`, cell(onThese), cell(percentile), cell(newCorpora)];
  });
}

function settings({ repeats, seed, nominal, kept, commit }: CoverageOutput): string {
  const code = commit === null ? "" : `, made at ${commit.slice(0, 12)}`;
  return `Nominal ${percent(nominal)}; ${repeats} repeats, seed ${seed}${code}. (!): not within ${percent(kept.from)} to ${percent(kept.to)}.`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
