/** A report as one HTML file without scripts: the tables, reliability diagrams, and the items behind the figures. */
import { tables } from "./report.ts";
import type { Ranking } from "./schema/ranking.ts";
import type { AgreementOutput } from "./schema/rating.ts";
import type { Report } from "./schema/report.ts";
import type { ItemOutcome } from "./schema/score.ts";
import { CATEGORIES } from "./schema/task.ts";

/** A run to be shown; without items it has no drill-down. */
export interface ShownRun {
  report: Report;
  items: readonly ItemOutcome[];
}

/** Items that are listed for each run, category and corpus, the worst first. */
const LISTED = 200;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:80rem;margin:2rem auto;padding:0 1rem;color:#1c1b19;background:#fff}
table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}th,td{border:1px solid #b9b4aa;padding:.2rem .5rem;text-align:left;font-size:.9rem}
summary{cursor:pointer;padding:.2rem 0}svg{max-width:24rem;height:auto}code{overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){body{color:#eceae5;background:#191817}a{color:#9cc4ee}}`;

/**
 * The page. It loads nothing and runs nothing, and a policy says so; all texts of tools are escaped.
 *
 * @param runs in the order in which they are to be shown
 */
export function htmlReport(
  runs: readonly ShownRun[],
  rankings: readonly Ranking[] = [],
  agreements: readonly AgreementOutput[] = [],
): string {
  const board = tables(
    { reports: runs.map(({ report }) => report), rankings, agreements },
    (title, header, rows) => table(title, header, rows),
    (text) => `<p>${escapeHtml(text).replaceAll("\n", "<br>")}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>CIBench report</title>
<style>${STYLE}</style>
</head>
<body>
<h1>CIBench report</h1>
${runs.map(aboutRun).join("\n")}
${board.join("\n")}
${runs.flatMap(reliability).join("\n")}
<h2>Items</h2>
${runs.map(drillDown).join("\n")}
</body>
</html>
`;
}

function aboutRun({ report }: ShownRun): string {
  const { subject, badge, suite, reproduce, runId } = report;
  const shown = badge === undefined ? "" : `, ${badge}`;
  return `<p><strong>${escapeHtml(`${subject.name} ${subject.version}`)}</strong> (run ${escapeHtml(runId)}, suite ${escapeHtml(suite.hash.slice(0, 12))}${shown}): <code>${escapeHtml(reproduce)}</code></p>`;
}

function table(title: string, header: readonly string[], rows: readonly (readonly string[])[], level = 2): string {
  const line = (cells: readonly string[], name: "th" | "td") =>
    `<tr>${cells.map((cell) => `<${name}>${escapeHtml(cell)}</${name}>`).join("")}</tr>`;
  const heading = title === "" ? "" : `<h${level}>${escapeHtml(title)}</h${level}>\n`;
  return `${heading}<table><thead>${line(header, "th")}</thead><tbody>${rows.map((row) => line(row, "td")).join("\n")}</tbody></table>`;
}

/** Ten bins of equal width: how often statements were true that were said to be so probable. */
function reliability({ report, items }: ShownRun): string[] {
  const forecasts = items.flatMap(({ forecast }) => forecast ?? []);
  if (forecasts.length === 0) return [];
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const own = forecasts.filter(({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)) === bin);
    const stated = own.reduce((sum, { probability }) => sum + probability, 0) / own.length;
    return { count: own.length, stated, observed: own.filter(({ isTrue }) => isTrue).length / own.length };
  }).filter(({ count }) => count > 0);
  const x = (share: number) => (40 + share * 300).toFixed(1);
  const y = (share: number) => (310 - share * 300).toFixed(1);
  const dots = bins.map(
    ({ count, stated, observed }) =>
      `<circle cx="${x(stated)}" cy="${y(observed)}" r="${(2 + 8 * Math.sqrt(count / forecasts.length)).toFixed(1)}" fill="#1d4f7c" fill-opacity=".7"><title>${count} statements: said ${stated.toFixed(2)}, true ${observed.toFixed(2)}</title></circle>`,
  );
  const name = escapeHtml(report.subject.name);
  const diagram = `<svg viewBox="0 0 360 350" role="img" aria-label="Reliability diagram of ${name}"><rect x="40" y="10" width="300" height="300" fill="none" stroke="currentColor"/><path d="M40 310L340 10" stroke="currentColor" stroke-dasharray="4"/>${dots.join("")}<text x="190" y="340" text-anchor="middle" fill="currentColor" font-size="12">stated probability</text><text x="14" y="160" text-anchor="middle" transform="rotate(-90 14 160)" fill="currentColor" font-size="12">share that was true</text></svg>`;
  const rows = bins.map(({ count, stated, observed }) => [`${count}`, stated.toFixed(3), observed.toFixed(3)]);
  return [`<h2>Reliability: ${name}</h2>`, diagram, table("", ["statements", "stated", "true"], rows)];
}

const BINS = 10;

function drillDown({ report, items }: ShownRun): string {
  const groups = Map.groupBy(items, ({ category, corpus }) => `${category}\n${corpus}`);
  const parts = [...groups.values()].map((own) => {
    const { category, corpus } = own[0] as ItemOutcome;
    const worst = own.toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome)).slice(0, LISTED);
    const rows = worst.map((item) => [
      item.outcome,
      `${item.file}:${item.line}:${item.column}`,
      item.callee ?? item.syntax,
      item.predicted.join(", "),
      item.must.join(", "),
      item.by.join(", "),
    ]);
    const left = own.length > worst.length ? `; the first ${LISTED}, the worst first` : "";
    const title = `${CATEGORIES[category].title}, ${corpus}: ${own.length} items${left}`;
    return `<details><summary>${escapeHtml(title)}</summary>${table("", ITEM_HEADER, rows)}</details>`;
  });
  if (parts.length === 0) return `<p>The items of ${escapeHtml(report.runId)} are not here.</p>`;
  return `<h3>${escapeHtml(`${report.subject.name} ${report.subject.version}`)}</h3>\n${parts.join("\n")}`;
}

const ORDER = ["wrong", "partly", "abstained", "right", "unjudged"];
const ITEM_HEADER = ["outcome", "place", "about", "said", "true", "by"];

/** Text as it may stand in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? character);
}
