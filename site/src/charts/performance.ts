/** Timings: the newest run by case, and each case over its runs. */
import * as Plot from "@observablehq/plot";
import type { Measurement, Series } from "../data/performance.ts";
import { formatQuantity, readableUnit, shorten, visible } from "../format.ts";
import { type ChartText, drawChart } from "./plot.ts";

/** Colours of tools, from `site.css`; a ninth tool shares the last one and is told apart by its label. */
const SERIES_COLOURS = 8;

/** A chart in the widths of a desk and of a phone; the page shows one of them. */
export interface ResponsiveChart {
  wide: string;
  narrow: string;
}

/** The CSS colour of the tool at this place of the sorted tools of a page. */
export const seriesColour = (index: number): string => `var(--series-${Math.min(index, SERIES_COLOURS - 1) + 1})`;

/**
 * The tools of a page in the order of their colours: Drift first, the others by name, so that a tool has one colour
 * in every chart of the page.
 */
export function toolOrder(measurements: { tool: string }[]): string[] {
  const tools = [...new Set(measurements.map(({ tool }) => tool))].toSorted();
  return [...tools.filter((tool) => tool === "drift"), ...tools.filter((tool) => tool !== "drift")];
}

/** Above this ratio of largest to smallest median an axis is logarithmic, since small ones would vanish. */
const LINEAR_UP_TO = 30;

/**
 * Medians with their 95 % intervals by case, one row per case and tool. All measurements must come from one run and
 * share metric and unit; `tools` gives the colours.
 */
export function chartOfRun(measurements: Measurement[], tools: string[], text: ChartText): ResponsiveChart {
  const unit = measurements[0]?.unit ?? "ns";
  const marks = measurements.map((m) => ({
    row: JSON.stringify([m.caseId, m.tool]),
    label: visible(tools.length > 1 ? `${m.caseId} · ${m.tool}` : m.caseId),
    median: m.median,
    low: m.medianLow ?? m.median,
    high: m.medianHigh ?? m.median,
    colour: seriesColour(tools.indexOf(m.tool)),
    value: formatQuantity(m.median, m.unit),
  }));
  const axis = axisOf(
    marks.flatMap(({ low, high }) => [low, high]),
    unit,
  );
  const clamp = (value: number): number => Math.min(axis.domain[1], Math.max(axis.domain[0], value));
  const labels = new Map(marks.map(({ row, label }) => [row, label]));
  const draw = (layout: Layout): string => {
    const longest = Math.max(4, ...marks.map(({ label }) => Math.min(LABEL_LIMIT, label.length)));
    const ticks = layout.labels === "left" ? axis.ticks : axis.ticks.filter((_, index) => index % 2 === 0);
    return drawChart(
      {
        width: layout.width,
        height: 58 + marks.length * layout.rowHeight,
        marginLeft: layout.labels === "left" ? Math.ceil(longest * 7) + 14 : 18,
        marginRight: 78,
        marginTop: 8,
        marginBottom: 46,
        x: {
          type: axis.logarithmic ? "log" : "linear",
          domain: axis.domain,
          label: `median${axis.logarithmic ? ", logarithmic" : ""}`,
          labelArrow: "none",
          labelAnchor: "center",
          labelOffset: 38,
          ticks,
          tickFormat: (value: number) => formatQuantity(value, unit),
        },
        y: {
          axis: layout.labels === "left" ? "left" : null,
          domain: marks.map(({ row }) => row),
          label: null,
          tickSize: 0,
          tickFormat: (row: string) => shorten(labels.get(row) ?? "", LABEL_LIMIT),
        },
        marks: [
          Plot.gridX(ticks),
          ...(layout.labels === "left"
            ? []
            : [
                Plot.text(marks, {
                  x: () => axis.domain[0],
                  y: "row",
                  text: (d: { label: string }) => shorten(d.label, 44),
                  dy: -15,
                  textAnchor: "start",
                  fill: "currentColor",
                  stroke: "var(--paper)",
                  strokeWidth: 5,
                }),
              ]),
          Plot.ruleY(marks, {
            x1: (d: { low: number }) => clamp(d.low),
            x2: (d: { high: number }) => clamp(d.high),
            y: "row",
            stroke: "colour",
            strokeWidth: 7,
            strokeOpacity: 0.4,
          }),
          Plot.dot(marks, { x: (d: { median: number }) => clamp(d.median), y: "row", fill: "colour", r: 3.5 }),
          Plot.text(marks, {
            x: (d: { high: number }) => clamp(d.high),
            y: "row",
            text: "value",
            dx: 10,
            textAnchor: "start",
            fill: "currentColor",
          }),
        ],
      },
      { ...text, id: `${text.id}-${layout.name}` },
    );
  };
  return {
    wide: draw({ name: "wide", width: 1000, rowHeight: 26, labels: "left" }),
    narrow: draw({ name: "narrow", width: 350, rowHeight: 42, labels: "above" }),
  };
}

/** Longest label beside a row, in characters. */
const LABEL_LIMIT = 60;

interface Layout {
  name: string;
  width: number;
  rowHeight: number;
  /** Where the names of rows stand: a phone has no room beside them. */
  labels: "left" | "above";
}

/** One case over its runs on one testbed, oldest left: medians with their intervals. Needs at least one point. */
export function chartOfSeries(series: Series, colour: string, text: ChartText): string {
  const points = series.points.map(({ measurement }, index) => ({
    order: index + 1,
    median: measurement.median,
    low: measurement.medianLow ?? measurement.median,
    high: measurement.medianHigh ?? measurement.median,
  }));
  const { divisor, name } = readableUnit(series.unit, Math.max(...points.map(({ high }) => high)));
  const scaled = points.map((p) => ({
    order: p.order,
    median: p.median / divisor,
    low: p.low / divisor,
    high: p.high / divisor,
  }));
  return drawChart(
    {
      width: 340,
      height: 170,
      marginLeft: 48,
      marginRight: 14,
      marginTop: 24,
      marginBottom: 36,
      x: {
        domain: [0.5, points.length + 0.5],
        ticks: tickOrders(points.length),
        tickFormat: "d",
        label: "run, oldest first",
        labelArrow: "none",
        labelAnchor: "center",
      },
      y: { zero: true, nice: true, grid: true, ticks: 4, label: name, labelArrow: "none" },
      marks: [
        Plot.ruleX(scaled, { x: "order", y1: "low", y2: "high", stroke: colour, strokeWidth: 5, strokeOpacity: 0.4 }),
        Plot.line(scaled, { x: "order", y: "median", stroke: colour, strokeWidth: 1.5 }),
        Plot.dot(scaled, { x: "order", y: "median", fill: colour, r: 3 }),
      ],
    },
    text,
  );
}

interface Axis {
  logarithmic: boolean;
  domain: [number, number];
  /** Where labels stand, in the unit of the data. */
  ticks: number[];
}

/** An axis for positive quantities: from 0 when they are alike in size, else over whole powers of ten. */
function axisOf(values: number[], unit: string): Axis {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const largest = Math.max(1, ...positive);
  const smallest = Math.min(largest, ...positive);
  if (largest / smallest <= LINEAR_UP_TO) {
    const { divisor } = readableUnit(unit, largest);
    const step = niceStep(largest / divisor / 5) * divisor;
    const count = Math.ceil(largest / step);
    return { logarithmic: false, domain: [0, count * step], ticks: range(0, count).map((index) => index * step) };
  }
  const low = Math.floor(Math.log10(smallest));
  const high = Math.ceil(Math.log10(largest));
  return { logarithmic: true, domain: [10 ** low, 10 ** high], ticks: range(low, high).map((power) => 10 ** power) };
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5].find((factor) => factor * power >= step) ?? 10) * power;
}

/** Whole numbers from first to last. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** At most six whole run numbers from first to last. */
function tickOrders(count: number): number[] {
  const step = Math.max(1, Math.ceil(count / 6));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => 1 + index * step);
}
