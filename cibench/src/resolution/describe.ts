/** The resolution as tables: for the terminal, and as Markdown for the README. Pure. */
import { drawTable } from "../draw-table.ts";
import { markdownTable } from "../markdown-table.ts";
import type { ResolutionEntry, ResolutionOutput } from "../schema/resolution.ts";

/** A row per category, tool and damage; scores in points of 100. */
function rowsOf({ entries }: ResolutionOutput): { header: string[]; rows: string[][] } {
  const doses = entries[0]?.doses.map(({ dose }) => percent(dose)) ?? [];
  return {
    header: ["category", "answers of", "damage", "none", ...doses, "falls", "told apart from", "points"],
    rows: entries.map((entry) => [
      entry.category,
      entry.of,
      entry.damage,
      points(entry.score),
      ...entry.doses.map(({ mean }) => points(mean)),
      entry.monotone ? "yes" : "NO",
      entry.resolution === null ? `none (${bestOf(entry)})` : percent(entry.resolution),
      entry.difference === null ? "–" : points(entry.difference),
    ]),
  };
}

/** Where no dose is told apart often enough: in how many of the seeds the largest is. */
function bestOf({ doses }: ResolutionEntry): string {
  const last = doses.at(-1);
  return last === undefined ? "" : `${percent(last.dose)}: ${Math.round(100 * last.toldApart)} %`;
}

export function resolutionText(output: ResolutionOutput): string {
  const { header, rows } = rowsOf(output);
  return `${drawTable(header, rows)}\n${settings(output)}\n`;
}

/** The same as Markdown, formatted as formatters do. */
export function resolutionMarkdown(output: ResolutionOutput): string {
  const { header, rows } = rowsOf(output);
  return `${markdownTable(header, rows)}\n\n${settings(output)}`;
}

function settings({ seeds, commit, runs, needed, level }: ResolutionOutput): string {
  const code = commit === null ? "" : `, scored at ${commit.slice(0, 12)}`;
  const stored = runs.length === 0 ? "" : `, stored answers of ${runs.join(", ")}`;
  return `${seeds} seeds${code}${stored}; told apart: p ≤ ${level} in at least ${percent(needed)} of the seeds.`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

function points(score: number): string {
  return (100 * score).toFixed(2);
}
