/** Reports for people: a table for the terminal, Markdown for pages. Verdicts come from the report, none is made here. */
import { drawTable } from "./draw-table.ts";
import type { Ranking } from "./schema/ranking.ts";
import type { Report } from "./schema/report.ts";
import type { CategoryScore, CorpusScore, Estimate } from "./schema/score.ts";
import { ATTAINABLE_WEIGHT, CATEGORIES } from "./schema/task.ts";

/** One or several runs as text tables: per kind of corpora, one row per run and corpus, then what was not measured. */
export function terminalReport(reports: readonly Report[], rankings: readonly Ranking[] = []): string {
  return render(reports, rankings, (title, header, rows) => {
    return `${title}\n${drawTable(header, rows)}`;
  });
}

/** The same as GitHub-flavoured Markdown. */
export function markdownReport(reports: readonly Report[], rankings: readonly Ranking[] = []): string {
  return render(reports, rankings, (title, header, rows) => {
    const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
    return [`## ${title}`, "", line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
  });
}

/** A value with its interval: `0.713 [0.652, 0.770]`; an en dash where there is none. */
export function showEstimate({ value, low, high }: Estimate): string {
  if (value === null) return "–";
  return low === null || high === null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

type RenderTable = (title: string, header: readonly string[], rows: readonly (readonly string[])[]) => string;

function render(reports: readonly Report[], rankings: readonly Ranking[], table: RenderTable): string {
  const parts = (["real", "synthetic"] as const).flatMap((kind) => {
    const scores = reports.flatMap((report) => callGraphOf(report, kind).map((score) => ({ report, score })));
    if (scores.length === 0) return [];
    const ranking = rankings.find((one) => one.kind === kind);
    const board = table(
      `Call graph, ${kind} corpora`,
      BOARD_HEADER,
      scores.map(({ report, score }) => boardRow(report, score, ranking)),
    );
    const corpora = table(
      `By corpus, ${kind}`,
      CORPUS_HEADER,
      scores.flatMap(({ report, score }) => score.corpora.map((corpus) => corpusRow(report, corpus))),
    );
    return [board, corpora];
  });
  return `${[...parts, ...failures(reports), notMeasured(reports, table)].join("\n\n")}\n`;
}

const BOARD_HEADER = ["rank", "tool", "score", "macro F1", "floor", "measured"] as const;

/** Only the display of a score is clipped at 0; what is stored stays signed. */
function boardRow(report: Report, score: CallGraph, ranking: Ranking | undefined): string[] {
  const tool = `${report.subject.name} ${report.subject.version}`;
  if (score.state === "not-run") return ["–", tool, `not run: ${score.reason}`, "–", "–", "–"];
  const rank = ranking?.ranked.find((one) => one.runId === report.runId)?.rank;
  const role = report.subject.role === "self-check" ? "self-check" : "–";
  return [
    rank === undefined ? role : `${rank}`,
    tool,
    showEstimate(clip(score.score)),
    showEstimate(score.raw),
    `${figure(score.floor)} (${score.floorBy})`,
    score.kind === "real" ? `${CATEGORIES[score.category].weight} of ${ATTAINABLE_WEIGHT}` : "not counted",
  ];
}

const CORPUS_HEADER = [
  "corpus",
  "tool",
  "P",
  "R",
  "F1",
  "macro F1",
  "trace recall",
  "on unknown",
  "truth unknown",
  "index",
] as const;

function corpusRow(report: Report, corpus: CorpusScore): string[] {
  const usage = report.corpora.find((manifest) => manifest.id === corpus.corpus)?.usage ?? null;
  return [
    corpus.corpus,
    report.subject.name,
    showEstimate(corpus.precision),
    showEstimate(corpus.recall),
    showEstimate(corpus.f1),
    showEstimate(corpus.macroF1),
    corpus.traceRecall === null ? "–" : showEstimate(corpus.traceRecall),
    `${corpus.counts.onUnknown}`,
    `${(corpus.unknownShare * 100).toFixed(1)} % of ${corpus.sites}`,
    usage === null || report.subject.role === "self-check" ? "–" : `${Math.round(usage.indexMs)} ms`,
  ];
}

function failures(reports: readonly Report[]): string[] {
  const lines = reports.flatMap((report) =>
    report.corpora.flatMap(({ id, notRun }) =>
      notRun === null ? [] : [`Not run: ${report.subject.name} on ${id}: ${notRun}.`],
    ),
  );
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** A category is measured here only if every run has it: a total over different parts would compare nothing. */
function notMeasured(reports: readonly Report[], table: RenderTable): string {
  const missing = Object.entries(CATEGORIES).filter(([category]) =>
    reports.some((report) => report.notMeasured.some((one) => one.category === category)),
  );
  const measured = 100 - missing.reduce((sum, [, { weight }]) => sum + weight, 0);
  const rows = missing.map(([category, { level, title, weight }]) => {
    const score = reports
      .flatMap((report) => report.scores)
      .find((one) => one.category === category && one.state !== "scored");
    return [
      `${level}`,
      title,
      `${weight}`,
      score === undefined ? "not on real corpora in these runs" : (score as { reason: string }).reason,
    ];
  });
  return table(
    `Not measured; measured are ${measured} of ${ATTAINABLE_WEIGHT} points`,
    ["level", "category", "weight", "why"],
    rows,
  );
}

type CallGraph = Extract<CategoryScore, { state: "scored" | "not-run" }>;

function callGraphOf(report: Report, kind: "real" | "synthetic"): CallGraph[] {
  return report.scores.filter(
    (score): score is CallGraph => (score.state === "scored" || score.state === "not-run") && score.kind === kind,
  );
}

function clip({ value, low, high, n }: Estimate): Estimate {
  const atLeastZero = (figureOrNull: number | null) => (figureOrNull === null ? null : Math.max(0, figureOrNull));
  return { value: atLeastZero(value), low: atLeastZero(low), high: atLeastZero(high), n };
}

function figure(value: number): string {
  return value.toFixed(3);
}

/** Tool names and failure texts are not ours: they must not open another cell or element. */
function escapeCell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll(/\s+/g, " ");
}
