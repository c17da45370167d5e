/** One case over commits: the level with its noise band, and where it changed. */
import * as Plot from "@observablehq/plot";
import { HISTORY_POINTS } from "../data/limits.ts";
import type { HistorySeries } from "../data/history.ts";
import { formatChange, formatRatio, readableUnit } from "../format.ts";
import { type ChartText, drawChart } from "./plot.ts";

/** Something that is marked at a commit. */
export interface HistoryMark {
  /** Place of the commit in the series, from 0. */
  place: number;
  label: string;
  /** Worse, better, or neither: an alert that was called invalid. */
  tone: "worse" | "better" | "none";
}

const TONES = { worse: "var(--wrong)", better: "var(--right)", none: "var(--rule-strong)" } as const;

/** The marks of a series' own changes of level. */
export function changeMarks({ changes }: Pick<HistorySeries, "changes">): HistoryMark[] {
  return changes.map(({ place, effect, worse }) => ({
    place,
    label: formatChange(effect),
    tone: worse ? "worse" : "better",
  }));
}

/** The newest commits of one series, oldest left. Needs at least one point. */
export function chartOfHistory(series: HistorySeries, marks: readonly HistoryMark[], text: ChartText): string {
  const from = Math.max(0, series.points.length - HISTORY_POINTS);
  const shown = series.points.slice(from);
  const isRatio = series.reference !== null;
  const largest = Math.max(...shown.map(({ value, high }) => high ?? value));
  const { divisor, name } = isRatio ? { divisor: 1, name: "ratio" } : readableUnit(series.unit, largest);
  const points = shown.map(({ value, low, high }, index) => ({
    order: index + 1,
    value: value / divisor,
    low: (low ?? value) / divisor,
    high: (high ?? value) / divisor,
  }));
  const [lowest, highest] = [Math.min(...points.map(({ low }) => low)), Math.max(...points.map(({ high }) => high))];
  const room = Math.max((highest - lowest) * 0.15, highest * 0.01);
  const placed = marks
    .filter(({ place }) => place >= from)
    .map(({ place, label, tone }) => ({ order: place - from + 0.5, label, colour: TONES[tone] }));
  return drawChart(
    {
      width: 340,
      height: 190,
      marginLeft: 48,
      marginRight: 20,
      marginTop: 30,
      marginBottom: 36,
      x: {
        domain: [0.5, points.length + 0.5],
        ticks: Math.min(6, points.length),
        tickFormat: "d",
        label: "commit, oldest first",
        labelArrow: "none",
        labelAnchor: "center",
      },
      y: {
        domain: [Math.max(0, lowest - room), highest + room],
        grid: true,
        ticks: 4,
        label: name,
        labelArrow: "none",
        ...(isRatio && { tickFormat: (value: number) => formatRatio(value) }),
      },
      marks: [
        Plot.ruleX(placed, { x: "order", stroke: "colour", strokeWidth: 1.5, strokeDasharray: "4 3" }),
        Plot.text(placed, { x: "order", text: "label", frameAnchor: "top", dy: -12, fill: "currentColor" }),
        Plot.areaY(points, { x: "order", y1: "low", y2: "high", fill: "var(--series-1)", fillOpacity: 0.25 }),
        Plot.line(points, { x: "order", y: "value", stroke: "var(--series-1)", strokeWidth: 1.5 }),
        // A single commit has no line.
        ...(points.length < 3 ? [Plot.dot(points, { x: "order", y: "value", fill: "var(--series-1)", r: 3 })] : []),
      ],
    },
    text,
  );
}
