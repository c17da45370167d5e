/** The results as text for a terminal: every figure with its interval, and what was not measured with its weight. */
import Table from "cli-table3";
import type {
  Board,
  CategoryResult,
  CorpusResult,
  CostRow,
  Figure,
  MeasurementRow,
  NewCorporaFigure,
  RatioRow,
} from "./store/read.ts";

/** Points that can be had until people judge answers: level 4 (10 points) has no data yet. */
const POINTS_WITHOUT_LEVEL_4 = 90;

/** The board: tools by category and in all, what they cost, then every corpus, then what is missing. */
export function renderBoard(board: Board): string {
  return [
    renderTools(board),
    ...renderCosts(board),
    ...columnsOf(board).flatMap((column) => renderCorpora(board, column)),
    renderMissing(board),
  ].join("\n\n");
}

/** The figures of a bench run. */
export function renderBenches(benches: {
  measurements: MeasurementRow[];
  ratios: RatioRow[];
  notRun: { runner: string; reason: string }[];
}): string {
  const parts: string[] = [];
  if (benches.measurements.length > 0) {
    const table = newTable(["case", "tool", "metric", "median [95 %]", "samples"], [false, false, false, true, true]);
    for (const row of benches.measurements) {
      table.push([row.caseId, row.tool, row.metric, quantityWithInterval(row), String(row.sampleCount)]);
    }
    parts.push(`Speed (${benches.measurements.length} cases)\n${table.toString()}`);
  }
  if (benches.ratios.length > 0) {
    const table = newTable(["ratio", "of", "to", "value [95 %]", "n"], [false, false, false, true, true]);
    for (const row of benches.ratios) {
      table.push([
        row.name,
        `${row.numeratorLabel} ${quantity(row.numerator, row.unit)}`,
        `${row.denominatorLabel} ${quantity(row.denominator, row.unit)}`,
        `${row.value.toFixed(4)}${interval(row, (value) => value.toFixed(4))}`,
        String(row.n),
      ]);
    }
    parts.push(`Ratios\n${table.toString()}`);
  }
  for (const { runner, reason } of benches.notRun) parts.push(`not measured: ${runner} benches (${reason})`);
  return parts.join("\n\n");
}

/** A number of nanoseconds, bytes or things, as people read it. */
export function quantity(value: number, unit: "ns" | "bytes" | "count"): string {
  if (unit === "count") return value.toLocaleString("en-US");
  const [smallest, ...larger] = unit === "ns" ? NANOSECONDS : BYTES;
  const step = larger.findLast(({ from }) => value >= from) ?? smallest;
  return `${(value / step.divisor).toPrecision(4)} ${step.name}`;
}

type Step = { from: number; divisor: number; name: string };
type Steps = readonly [Step, ...Step[]];

const NANOSECONDS: Steps = [
  { from: 0, divisor: 1, name: "ns" },
  { from: 1e3, divisor: 1e3, name: "µs" },
  { from: 1e6, divisor: 1e6, name: "ms" },
  { from: 1e9, divisor: 1e9, name: "s" },
];
const BYTES: Steps = [
  { from: 0, divisor: 1, name: "B" },
  { from: 1024, divisor: 1024, name: "KiB" },
  { from: 1024 ** 2, divisor: 1024 ** 2, name: "MiB" },
];

/** A category on one kind of corpora. */
interface Column {
  category: string;
  title: string;
  kind: "real" | "synthetic";
}

/** What was asked about, by category; calls are always listed, on both kinds of corpora. */
function columnsOf({ categories }: Board): Column[] {
  const titles = new Map(categories.map(({ category, title }) => [category, title]));
  return [...titles].flatMap(([category, title]) =>
    (["real", "synthetic"] as const)
      .filter((kind) => category === CALLS || categories.some((row) => row.category === category && row.kind === kind))
      .map((kind) => ({ category, title, kind })),
  );
}

const CALLS = "call-graph";

/** A row for each category, so that the table stays as wide as there are tools, however many categories there are. */
function renderTools(board: Board): string {
  const table = newTable(
    ["category", ...board.runs.map(({ tool, role }) => (role === "self-check" ? `${tool} (self-check)` : tool))],
    [false, ...board.runs.map(() => true)],
  );
  for (const column of columnsOf(board)) {
    table.push([
      `${column.title.toLowerCase()}, ${column.kind}`,
      ...board.runs.map((run) => `${rankText(board, run, column)}${scoreText(resultOf(board, run, column))}`),
    ]);
  }
  table.push([
    "points measured",
    ...board.runs.map(({ points, measuredWeight }) =>
      points === null ? "not measured" : `${clip(points).toFixed(2)} of ${measuredWeight}`,
    ),
  ]);
  if (board.levels.length > 0) {
    const totals = board.runs.map(({ id }) => board.levels.find(({ runId, level }) => runId === id && level === 0));
    table.push([
      "total, signed",
      ...totals.map((total) => (total === undefined ? "not stored" : figureText(total.score))),
    ]);
    table.push(["total, for new corpora", ...totals.map((total) => newCorporaText(total?.newCorpora ?? null))]);
  }
  return `Leaderboard: rank, floor-normalised score and its 95 % interval on these corpora; tools that share a rank are not separated\n${table.toString()}`;
}

function newCorporaText(about: NewCorporaFigure | null): string {
  if (about === null) return "not stored";
  return about.reason ?? `${figureText(about)} over ${about.corpora}`;
}

/** What answers cost: a row for each run and kind of corpora. Nothing where no run ran. */
function renderCosts({ runs, costs }: Board): string[] {
  if (costs.length === 0) return [];
  const table = newTable(
    ["cost", "tool", "to prepare", "to answer", "items", "peak memory", "model"],
    [false, false, true, true, true, true, true],
  );
  for (const cost of costs) {
    table.push([
      cost.kind === "all" ? "all corpora" : `${cost.kind} corpora`,
      runs.find(({ id }) => id === cost.runId)?.tool ?? "",
      ...[cost.indexMs, cost.answerMs].map((ms) => (ms === 0 ? "0 s" : quantity(ms * 1e6, "ns"))),
      quantity(cost.items, "count"),
      cost.peakBytes === null
        ? "not measured"
        : `${quantity(cost.peakBytes, "bytes")} (${(cost.peakOf ?? "").replaceAll("-", " ")})`,
      modelText(cost),
    ]);
  }
  return [
    `What answers cost, once, on the computer of the run; (process) is tool and benchmark together\n${table.toString()}`,
  ];
}

function modelText({ tokens, costUsd }: Pick<CostRow, "tokens" | "costUsd">): string {
  if (tokens === null && costUsd === null) return "none asked";
  const money = costUsd === null ? "money not stated" : `${costUsd.toFixed(4)} US dollars`;
  return `${tokens === null ? "tokens not stated" : `${quantity(tokens, "count")} tokens`}, ${money}`;
}

function resultOf(board: Board, run: Board["runs"][number], { category, kind }: Column): CategoryResult | undefined {
  return board.categories.find(
    (row) => row.runId === run.id && row.category === category && (row.kind === kind || row.state === "unsupported"),
  );
}

function renderCorpora(board: Board, { category, title, kind }: Column): string[] {
  const rows = board.corpora.filter((row) => row.category === category && row.kind === kind);
  if (rows.length === 0) return [];
  const table = newTable(
    ["corpus", "tool", "precision", "recall", "F1", "macro F1", "trace recall"],
    [false, false, true, true, true, true, true],
  );
  for (const row of rows) {
    table.push([
      row.corpus,
      row.tool,
      ...[row.precision, row.recall, row.f1, row.macroF1].map(figureText),
      row.traceRecall.value === null ? "no trace" : figureText(row.traceRecall),
    ]);
  }
  const shares = [...new Map(rows.map((row) => [row.corpus, unknownText(row)])).values()];
  return [`${title}, ${kind} corpora: figures with 95 % intervals\n${table.toString()}\n${shares.join("\n")}`];
}

function unknownText(row: CorpusResult): string {
  const items = row.category === CALLS ? "call sites" : "items";
  return `${row.corpus}: ${row.sites.toLocaleString("en-US")} ${items}, truth unknown for ${(row.unknownShare * 100).toFixed(1)} %`;
}

function renderMissing(board: Board): string {
  const missing = new Map<string, CategoryResult>();
  for (const row of board.categories) if (row.state === "not-measured") missing.set(row.category, row);
  const table = newTable(["not measured", "level", "weight"], [false, true, true]);
  for (const row of missing.values()) table.push([row.title, String(row.level), String(row.weight)]);
  const measured = Math.max(0, ...board.runs.map((run) => run.measuredWeight));
  const total = `measured: ${measured} of ${POINTS_WITHOUT_LEVEL_4} points (the last 10 of 100 wait for human judgement)`;
  return missing.size === 0 ? total : `${table.toString()}\n${total}`;
}

function rankText(board: Board, run: Board["runs"][number], { category, kind }: Column): string {
  if (run.role === "self-check") return "";
  const own = board.ranks.find((row) => row.runId === run.id && row.category === category && row.kind === kind);
  return own?.rank == null ? "" : `${own.rank}. `;
}

function scoreText(row: CategoryResult | undefined): string {
  if (row === undefined) return "not measured";
  if (row.state === "unsupported") return "unsupported (0)";
  if (row.state === "not-run") return "not run";
  return figureText({
    value: clipNullable(row.score.value),
    low: clipNullable(row.score.low),
    high: clipNullable(row.score.high),
  });
}

function figureText(figure: Figure): string {
  return figure.value === null ? "–" : `${share(figure.value)}${interval(figure, share)}`;
}

function interval({ low, high }: Pick<Figure, "low" | "high">, format: (value: number) => string): string {
  return low === null || high === null ? "" : ` [${format(low)}, ${format(high)}]`;
}

function quantityWithInterval(row: MeasurementRow): string {
  return `${quantity(row.median, row.unit)}${interval(row, (value) => quantity(value, row.unit))}`;
}

function share(value: number): string {
  return value.toFixed(3);
}

/** Scores are signed in storage; only what is shown stops at 0. */
function clip(value: number): number {
  return Math.max(0, value);
}

function clipNullable(value: number | null): number | null {
  return value === null ? null : clip(value);
}

function newTable(head: string[], right: boolean[]): Table.Table {
  return new Table({
    head,
    colAligns: right.map((isRight) => (isRight ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
}
