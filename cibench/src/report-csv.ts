/** Scores as comma-separated values (RFC 4180), a row for each run, category and kind of corpora, for each of their corpora, and for levels and total. */
import type { Estimate, NewCorpora } from "./schema/estimate.ts";
import type { AgreementOutput } from "./schema/rating.ts";
import type { Report } from "./schema/report.ts";
import type { InLanguagesRead } from "./schema/score.ts";
import type { Category } from "./schema/task.ts";

const HEADER = [
  "run",
  "tool",
  "version",
  "badge",
  "suite",
  "category",
  "kind",
  "corpus",
  "state",
  "score",
  "score_low",
  "score_high",
  "raw",
  "raw_low",
  "raw_high",
  "raw_n",
  "floor",
  "floor_by",
  "precision",
  "recall",
  "reason",
  "read_corpora",
  "read_score",
  "read_score_low",
  "read_score_high",
  "read_raw",
  "read_floor",
  "new_corpora",
  "new_corpora_mean",
  "new_corpora_low",
  "new_corpora_high",
  "new_corpora_reason",
  "index_ms",
  "answer_ms",
  "tokens",
  "cost_usd",
  "peak_bytes",
  "peak_of",
] as const;

type Row = Partial<Record<(typeof HEADER)[number], string | number | null>>;

/** With a header; an empty cell is a figure that there is not. Scores are signed. */
export function csvReport(reports: readonly Report[], agreements: readonly AgreementOutput[] = []): string {
  const rows = [...reports.flatMap(rowsOf), ...agreements.map(agreementRow)];
  return [HEADER.join(","), ...rows.map((row) => HEADER.map((column) => cell(row[column])).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
}

/** Level 4: Spearman within groups or MRR as raw, and what of the ceiling that is as score. */
function agreementRow({ study, source, state, reason, graded, binary }: AgreementOutput): Row {
  const head: Row = { category: "human-agreement", kind: source, corpus: study, state, reason };
  if (binary !== null) return { ...head, ...of("raw", binary.mrr) };
  if (graded === null) return head;
  const { raw, normalized } = graded.spearman;
  return { ...head, ...of("raw", raw), ...(normalized !== null && of("score", normalized)) };
}

function rowsOf(report: Report): Row[] {
  const { subject, suite, runId, badge } = report;
  const run: Row = {
    run: runId,
    tool: subject.name,
    version: subject.version,
    suite: suite.hash,
    badge: badge ?? null,
  };
  const levels = (report.levels ?? []).map(({ level, score, newCorpora }): Row => {
    const category = level === null ? "total" : `level-${level}`;
    return { ...run, category, state: "scored", ...of("score", score), ...meanFigures(newCorpora) };
  });
  const scores = report.scores.flatMap((score): Row[] => {
    const { category, state } = score;
    const head: Row = { ...run, category, state };
    if (score.state === "not-measured" || score.state === "unsupported") return [{ ...head, reason: score.reason }];
    const own: Row = { ...head, kind: score.kind };
    const corpora = score.corpora.map((corpus): Row => {
      const { precision, recall } = corpus;
      return {
        ...own,
        corpus: corpus.corpus,
        ...of("raw", corpus.macroF1),
        precision: precision.value,
        recall: recall.value,
        ...costFigures(report, category, corpus.corpus),
      };
    });
    if (score.state === "not-run") return [{ ...own, reason: score.reason }, ...corpora];
    const { floor, floorBy } = score;
    const figures = { ...of("score", score.score), ...of("raw", score.raw), floor, floor_by: floorBy };
    return [
      { ...own, ...figures, ...readFigures(score.inLanguagesRead), ...meanFigures(score.newCorpora) },
      ...corpora,
    ];
  });
  return [...scores, ...levels];
}

/** The mean over corpora; nothing in reports from before there was one. */
function meanFigures(about: NewCorpora | undefined): Row {
  if (about === undefined) return {};
  const { corpora, value, low, high, reason } = about;
  return {
    ...{ new_corpora: corpora, new_corpora_mean: value, new_corpora_low: low },
    ...{ new_corpora_high: high, new_corpora_reason: reason },
  };
}

/** Of a tool's answers in a category about a corpus; self-checks are no tools, and cost nothing that counts. */
function costFigures({ corpora, subject }: Report, category: Category, corpus: string): Row {
  const usage = corpora.find((one) => one.id === corpus && one.category === category)?.usage ?? null;
  if (usage === null || subject.role === "self-check") return {};
  const { indexMs, answerMs, tokens = null, costUsd = null, memory } = usage;
  return {
    ...{ index_ms: indexMs, answer_ms: answerMs, tokens, cost_usd: costUsd },
    ...{ peak_bytes: memory?.peakBytes ?? null, peak_of: memory?.of ?? null },
  };
}

/** On corpora in languages that the tool says it reads; nothing where it says nothing. */
function readFigures(read: InLanguagesRead | null | undefined): Row {
  if (read === undefined) return {};
  if (read === null) return { read_corpora: 0 };
  const { value, low, high } = read.score;
  return {
    ...{ read_corpora: read.corpora.length, read_score: value, read_score_low: low, read_score_high: high },
    ...{ read_raw: read.raw.value, read_floor: read.floor },
  };
}

function of(name: "raw" | "score", { value, low, high, n }: Estimate): Row {
  return { [name]: value, [`${name}_low`]: low, [`${name}_high`]: high, ...(name === "raw" ? { raw_n: n } : {}) };
}

/** Texts are not ours: one that begins like a formula would be run by a spreadsheet. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
