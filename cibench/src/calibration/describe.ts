/** Calibration as tables: for the terminal, and as Markdown for READMEs. */
import { drawTable } from "../draw-table.ts";
import type { LeaveOneOut } from "./leave-one-out.ts";
import type { BrierFigures, CalibrationOutput, Evidence, FittedBucket, FittedTable } from "../schema/calibration.ts";

type Cell = string | number;
interface Table {
  header: string[];
  rows: Cell[][];
}

/** What a kind of evidence is called in tables. */
const EVIDENCE: Record<Evidence, string> = {
  tracked: "tracked, nothing else possible",
  open: "tracked, something unknown possible as well",
  name: "by name only",
  outside: "outside, nothing else possible",
  "outside-open": "outside, something unknown possible as well",
  "outside-name": "outside, by name only",
  beside: "outside, beside functions of the project",
  suggested: "not tracked, but a declaration suggests it",
  family: "fits the part of a name that is known",
};

/** The fitted table for the terminal. */
export function describeFit(table: FittedTable): string {
  const corpora = corpusTable(table.corpora);
  const fitted = fittedTable(table);
  return `${drawTable(corpora.header, corpora.rows)}\n${drawTable(fitted.header, fitted.rows)}\n`;
}

/** What leaving out each corpus shows, for the terminal. */
export function describeLeaveOneOut({ corpora, evidence, mean }: LeaveOneOut): string {
  const table = (of: string, rows: LeaveOneOut["corpora"]): string =>
    drawTable(
      [of, "edges", "right", "Brier"],
      rows.map(({ name, edges, right, brier }) => [name, edges, figure(right), brier.toFixed(4)]),
    );
  return `${table("corpus left out", corpora)}\n${table("how found", evidence)}\nmean over corpora: ${mean.toFixed(4)}\n`;
}

/** The measured figures for the terminal. */
export function describeCalibration(output: CalibrationOutput): string {
  const tables = [brierTable(output), reliabilityTable(output), evidenceTable(output), reportTable(output)];
  const drawn = tables.map(({ header, rows }) => drawTable(header, rows));
  return `${output.tool.name} ${output.tool.version} on corpora of split "report"\n${drawn.join("\n")}\n`;
}

/** Both as Markdown, for the README of the tool. */
export function calibrationMarkdown(table: FittedTable, output: CalibrationOutput): string {
  const fitCorpora = table.corpora.map(({ id, closed, ran }) => `${id} (${closed + ran})`).join(", ");
  const real = output.corpora.filter(({ kind }) => kind === "real");
  const reportCorpora = real.map(({ id, closed, ran }) => `${id} (${closed + ran})`).join(", ");
  return [
    `Fitted on ${fitCorpora}; edges with a label in brackets. Right of so many, and the probability:`,
    markdown(fittedTable(table)),
    `Measured on ${reportCorpora}. Brier score, its 95 % interval in brackets:`,
    markdown(brierTable(output)),
    "Reliability: of the edges that were given such a probability, the share that is right.",
    markdown(reliabilityTable(output)),
    "The same by how an edge was found:",
    markdown(evidenceTable(output)),
  ].join("\n\n");
}

function corpusTable(corpora: FittedTable["corpora"]): Table {
  return {
    header: ["corpus", "version", "closed sites", "open sites that ran", "right", "not known"],
    rows: corpora.map(({ id, version, closed, ran, right, unentered }) => [id, version, closed, ran, right, unentered]),
  };
}

function reportTable({ corpora }: CalibrationOutput): Table {
  const { header, rows } = corpusTable(corpora);
  return {
    header: [...header, "Brier"],
    rows: rows.map((row, index) => [...row, figure(corpora[index]?.brier ?? Number.NaN)]),
  };
}

/** A row per kind of evidence, a column per bucket; buckets that no kind tells apart in the data are still shown. */
function fittedTable({ evidence }: FittedTable): Table {
  const kinds = Object.entries(evidence) as [Evidence, FittedBucket[]][];
  const starts = (kinds[0]?.[1] ?? []).map(({ from }) => from);
  const range = (from: number, next: number | undefined): string => {
    if (next === undefined) return `${from}+`;
    return next === from + 1 ? `${from}` : `${from}–${next - 1}`;
  };
  return {
    header: ["how it was found, among how many", ...starts.map((from, index) => range(from, starts[index + 1]))],
    rows: kinds.map(([kind, buckets]) => [
      EVIDENCE[kind],
      ...buckets.map(({ edges, right, probability }) => `${right}/${edges} ${probability.toFixed(3)}`),
    ]),
  };
}

function brierTable({ all, closed, ran, atWorst, synthetic }: CalibrationOutput): Table {
  const row = (name: string, figures: BrierFigures | null): Cell[][] => {
    if (figures === null) return [];
    const { corpora, edges, right, brier, constant, skill, miscalibration, discrimination, uncertainty } = figures;
    const parts = [miscalibration, discrimination, uncertainty].map(figure);
    const shown = [interval(brier), figure(constant), interval(skill), ...parts, figure(figures.logLoss)];
    return [[name, corpora, edges, (right / edges).toFixed(3), ...shown, newCorpora(figures)]];
  };
  return {
    header: [
      "edges",
      "corpora",
      "n",
      "right",
      "Brier",
      "of a constant",
      "skill",
      "miscalibration",
      "discrimination",
      "uncertainty",
      "log loss",
      "for new corpora",
    ],
    rows: [
      ...row("all", all),
      ...row("at closed sites", closed),
      ...row("at open sites that ran", ran),
      ...row("the same at worst: wrong is what no site entered", atWorst),
      ...row("synthetic", synthetic),
    ],
  };
}

function reliabilityTable({ reliability }: CalibrationOutput): Table {
  return {
    header: ["probability", "edges", "right", "mean probability", "share right, corpora weighing the same"],
    rows: reliability.map(({ low, high, edges, right, stated, observed }) => [
      `${low.toFixed(1)}–${high.toFixed(1)}`,
      edges,
      right,
      figure(stated),
      interval(observed),
    ]),
  };
}

function evidenceTable({ evidence }: CalibrationOutput): Table {
  return {
    header: ["how it was found", "edges", "right", "mean probability", "share right"],
    rows: evidence.map(({ evidence: kind, edges, right, stated, observed }) => [
      EVIDENCE[kind],
      edges,
      right,
      figure(stated),
      figure(observed),
    ]),
  };
}

function newCorpora({ newCorpora: estimate }: BrierFigures): string {
  return estimate === null ? "too few corpora" : interval(estimate);
}

function interval({ value, low, high }: { value: number; low: number | null; high: number | null }): string {
  if (low === null || high === null) return figure(value);
  return `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

function figure(value: number): string {
  return value.toFixed(3);
}

/** Columns padded to the same width, as formatters write them; numbers at the right. */
function markdown({ header, rows }: Table): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const padded = cells.map((row) =>
    line(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))),
  );
  const rule = line(widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  return [padded[0], rule, ...padded.slice(1)].join("\n");
}
