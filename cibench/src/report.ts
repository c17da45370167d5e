/** Reports for people: a table for the terminal, Markdown for pages. Verdicts come from the report, none is made here. */
import { drawTable } from "./draw-table.ts";
import { agreementParts } from "./report-agreement.ts";
import { calibrationTable } from "./report-calibration.ts";
import { levelTable } from "./report-levels.ts";
import { costParts } from "./report-cost.ts";
import type { AgreementOutput } from "./schema/rating.ts";
import { figure, showEstimate, showNewCorpora } from "./show.ts";
import type { FreshGap } from "./schema/fresh.ts";
import type { RobustnessRecord } from "./schema/robustness.ts";
import type { Ranking } from "./schema/ranking.ts";
import type { Report } from "./schema/report.ts";
import type { Estimate, NewCorpora } from "./schema/estimate.ts";
import type { CategoryScore, CorpusScore } from "./schema/score.ts";
import { ATTAINABLE_WEIGHT, CATEGORIES, type Category } from "./schema/task.ts";
import { hasTasks, isMeasured, MEASURED, scoringOf } from "./scores/scoring.ts";

/** One or several runs as text tables: per category and kind of corpora, then what was not measured. */
export function terminalReport(
  reports: readonly Report[],
  rankings: readonly Ranking[] = [],
  agreements: readonly AgreementOutput[] = [],
): string {
  return render({ reports, rankings, agreements }, (title, header, rows) => {
    return `${title}\n${drawTable(header, rows)}`;
  });
}

/** The same as GitHub-flavoured Markdown. */
export function markdownReport(
  reports: readonly Report[],
  rankings: readonly Ranking[] = [],
  agreements: readonly AgreementOutput[] = [],
): string {
  return render({ reports, rankings, agreements }, (title, header, rows) => {
    const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
    return [`## ${title}`, "", line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
  });
}

/** Published against fresh projects, by category. */
export function freshGapReport(gaps: readonly FreshGap[]): string {
  const rows = gaps.map(({ tool, category, published, fresh, gap }) => {
    return [tool, CATEGORIES[category].title, ...[published, fresh, gap].map(showEstimate)];
  });
  return `Scores on generated corpora, signed\n${drawTable(["tool", "category", "published", "fresh", "gap"], rows)}\n`;
}

/** Per tool, variant and category, what the variant took away; scores of corpora of split `fit` are not shown. */
export function robustnessReport(entries: RobustnessRecord["entries"]): string {
  const rows = entries.flatMap(({ drops }) =>
    drops.map(({ tool, variant, category, kind, original, varied, drop, items, unpaired }) => [
      tool,
      variant,
      `${CATEGORIES[category].title} (${kind})`,
      ...[original, varied].map((one) => (one === null ? "not shown" : showEstimate(one))),
      showEstimate(drop),
      unpaired === 0 ? String(items) : `${items} (${unpaired} in one alone)`,
    ]),
  );
  const header = ["tool", "variant", "category", "as it is", "variant", "drop", "questions"];
  return `Signed scores; the drop is paired\n${drawTable(header, rows)}\n`;
}

/** How a table is to look. */
export type RenderTable = (title: string, header: readonly string[], rows: readonly (readonly string[])[]) => string;

/** What a report is about. */
export interface Reported {
  reports: readonly Report[];
  rankings: readonly Ranking[];
  /** How far scores agree with people; without any, level 4 is not measured. */
  agreements: readonly AgreementOutput[];
}

function render(reported: Reported, table: RenderTable): string {
  return `${tables(reported, table, (text) => text).join("\n\n")}\n`;
}

/** Every table and note of a report, in order, however they are to look. */
export function tables(
  { reports, rankings, agreements }: Reported,
  table: RenderTable,
  note: (text: string) => string,
): string[] {
  const kinds = ["real", "synthetic"] as const;
  const parts = MEASURED.flatMap((category) =>
    kinds.flatMap((kind) => categoryTables(category, kind, { reports, rankings, table })),
  );
  const quick = reports.filter(({ profile }) => profile === "quick").map(({ runId }) => runId);
  if (quick.length > 0) parts.push(note(`A sample of the items only (--profile quick): ${quick.join(", ")}.`));
  return [
    ...levelTable(reports, table),
    ...parts,
    ...costParts(reports, table, note),
    ...agreementParts(agreements, table, note),
    ...failures(reports).map(note),
    notMeasured(reports, agreements, table),
  ];
}

function categoryTables(
  category: Category,
  kind: "real" | "synthetic",
  given: { reports: readonly Report[]; rankings: readonly Ranking[]; table: RenderTable },
): string[] {
  const { reports, rankings, table } = given;
  const scores = reports.flatMap((report) => shownScores(report, category, kind).map((score) => ({ report, score })));
  if (scores.every(({ score }) => score.state === "unsupported")) return [];
  const ranking = rankings.find((one) => one.category === category && one.kind === kind);
  const board = table(
    `${CATEGORIES[category].title}, ${kind} corpora`,
    BOARD_HEADER,
    scores.map(({ report, score }) => boardRow(report, score, ranking)),
  );
  const corpora = scores.flatMap(({ report, score }) =>
    score.state === "unsupported" ? [] : score.corpora.map((corpus) => ({ report, corpus })),
  );
  const byCorpus = table(
    `By corpus, ${kind}`,
    CORPUS_HEADER.map((title) =>
      title === "macro F1" && scoringOf(category).strataWeigh === "items" ? "skill" : title,
    ),
    corpora.map(({ report, corpus }) => corpusRow(report, corpus)),
  );
  return [board, byCorpus, ...strataTable(category, kind, given), ...calibrationTable(scores, kind, table)];
}

/** Only where items rather than edges are averaged: a handful of strata, over all corpora. */
function strataTable(
  category: Category,
  kind: "real" | "synthetic",
  { reports, table }: { reports: readonly Report[]; table: RenderTable },
): string[] {
  const { strata, stratumF1 } = scoringOf(category);
  if (stratumF1 !== "items") return [];
  const rows = reports.flatMap((report) =>
    shownScores(report, category, kind).flatMap((score) => {
      if (score.state === "unsupported") return [];
      const own = score.corpora.flatMap((corpus) => corpus.strata);
      return [
        [
          report.subject.name,
          ...strata.map((stratum) => {
            const counted = own.filter((one) => one.stratum === stratum && one.f1 !== null);
            const items = counted.reduce((sum, { sites }) => sum + sites, 0);
            const credit = counted.reduce((sum, { sites, f1 }) => sum + sites * (f1 ?? 0), 0);
            return items === 0 ? "–" : `${figure(credit / items)} of ${items}`;
          }),
        ],
      ];
    }),
  );
  return [table(`By kind of item, ${kind}`, ["tool", ...strata], rows)];
}

const BOARD_HEADER = [
  "rank",
  "tool",
  "score [on these corpora]",
  "mean over corpora [for new corpora]",
  "raw",
  "floor",
  "in languages read",
  "measured",
] as const;

/** Only the display of a score is clipped at 0; what is stored stays signed. */
function boardRow(report: Report, score: Shown, ranking: Ranking | undefined): string[] {
  const tool = `${report.subject.name} ${report.subject.version}`;
  if (score.state === "not-run") return ["–", tool, `not run: ${score.reason}`, "–", "–", "–", "–", "–"];
  if (score.state === "unsupported") return ["–", tool, "0 (unsupported)", "–", "–", "–", "–", "–"];
  const rank = ranking?.ranked.find((one) => one.runId === report.runId)?.rank;
  const role = report.subject.role === "self-check" ? "self-check" : "–";
  return [
    rank === undefined ? role : `${rank}`,
    tool,
    showEstimate(clip(score.score)),
    showNewCorpora(clipMean(score.newCorpora)),
    showEstimate(score.raw),
    `${figure(score.floor)} (${score.floorBy})`,
    inLanguagesRead(score),
    measuredShare(score),
  ];
}

/** The score on the corpora in languages that the tool says it reads: of how many corpora; an en dash where it says nothing. */
function inLanguagesRead({ inLanguagesRead: read, corpora }: Extract<CategoryScore, { state: "scored" }>): string {
  if (read === undefined) return "–";
  if (read === null) return `none of ${corpora.length} corpora`;
  return `${showEstimate(clip(read.score))} on ${read.corpora.length} of ${corpora.length} corpora`;
}

function measuredShare({ category, kind, corpora }: Extract<CategoryScore, { state: "scored" }>): string {
  if (kind !== scoringOf(category).weighs) return "not counted";
  if (!isMeasured(category, corpora)) return `not counted: ${tooFew(category)}`;
  return `${CATEGORIES[category].weight} of ${ATTAINABLE_WEIGHT}`;
}

function tooFew(category: Category): string {
  return `fewer than ${scoringOf(category).leastItems} items`;
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
] as const;

function corpusRow(report: Report, corpus: CorpusScore): string[] {
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
  ];
}

function failures(reports: readonly Report[]): string[] {
  const lines = reports.flatMap((report) =>
    report.corpora.flatMap(({ id, category, notRun }) =>
      notRun === null ? [] : [`Not run: ${report.subject.name} on ${id}${notCalls(category)}: ${notRun}.`],
    ),
  );
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function notCalls(category: Category): string {
  return category === "call-graph" ? "" : ` (${CATEGORIES[category].title.toLowerCase()})`;
}

/** A category is measured here only if every run has it: a total over different parts would compare nothing. */
function notMeasured(reports: readonly Report[], agreements: readonly AgreementOutput[], table: RenderTable): string {
  const missing = Object.entries(CATEGORIES).filter(([category]) =>
    reports.some((report) => report.notMeasured.some((one) => one.category === category)),
  );
  const measured = 100 - missing.reduce((sum, [, { weight }]) => sum + weight, 0);
  const rows = missing.map(([category, { level, title, weight }]) => {
    const isRated = level === 4 && agreements.some(({ state }) => state === "measured");
    const why = isRated ? "shown above; it says how far scores can be trusted, and gives no tool points" : null;
    return [`${level}`, title, `${weight}`, why ?? reasonMissing(reports, category as Category)];
  });
  return table(
    `Not measured; measured are ${measured} of ${ATTAINABLE_WEIGHT} points`,
    ["level", "category", "weight", "why"],
    rows,
  );
}

function reasonMissing(reports: readonly Report[], category: Category): string {
  const scores = reports.flatMap((report) => report.scores).filter((score) => score.category === category);
  const other = scores.find((score) => score.state !== "scored");
  if (other !== undefined) return other.reason;
  if (!hasTasks(category)) return "these runs do not say";
  const { weighs } = scoringOf(category);
  const isFew = scores.some((score) => score.state === "scored" && score.kind === weighs);
  return isFew ? tooFew(category) : `not on ${weighs} corpora in these runs`;
}

/** What a table of a category has a row for. */
export type Shown = Extract<CategoryScore, { state: "scored" | "not-run" | "unsupported" }>;

/** What a run says about a category on one kind of corpora; a tool that does not support it says so for both. */
function shownScores(report: Report, category: Category, kind: "real" | "synthetic"): Shown[] {
  return report.scores.filter(
    (score): score is Shown =>
      score.category === category &&
      (score.state === "unsupported" ||
        ((score.state === "scored" || score.state === "not-run") && score.kind === kind)),
  );
}

function clip({ value, low, high, n }: Estimate): Estimate {
  const atLeastZero = (figureOrNull: number | null) => (figureOrNull === null ? null : Math.max(0, figureOrNull));
  return { value: atLeastZero(value), low: atLeastZero(low), high: atLeastZero(high), n };
}

function clipMean(about: NewCorpora | undefined): NewCorpora | undefined {
  return about && { ...about, ...clip({ ...about, n: about.corpora }), corpora: about.corpora };
}

/** Tool names and failure texts are not ours: they must not open another cell or element. */
function escapeCell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll(/\s+/g, " ");
}
