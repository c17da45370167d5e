/** Levels and the total, as a table of a report. */
import type { RenderTable } from "./report.ts";
import type { Report } from "./schema/report.ts";
import { showEstimate, showNewCorpora } from "./show.ts";

/** Levels and totals, for reports that hold them. They are signed: a mean of what is clipped would have no interval. */
export function levelTable(reports: readonly Report[], table: RenderTable): string[] {
  const rows = reports.flatMap((report) =>
    (report.levels ?? []).map(({ level, measuredWeight, weight, score, newCorpora }) => [
      level === null ? "total" : `level ${level}`,
      report.subject.name,
      showEstimate(score),
      showNewCorpora(newCorpora),
      `${measuredWeight} of ${weight}`,
    ]),
  );
  if (rows.length === 0) return [];
  return [table("Levels and total, signed: weighed means of measured categories", LEVEL_HEADER, rows)];
}

const LEVEL_HEADER = [
  "level",
  "tool",
  "score [on these corpora]",
  "mean over corpora [for new corpora]",
  "points measured",
];
