/** Figures from 0 to 1 below each other, each with its interval: one tool over corpora, or tools over one corpus. */
import * as Plot from "@observablehq/plot";
import { formatShare, shorten, visible } from "../format.ts";
import type { ResponsiveChart } from "./performance.ts";
import { type ChartText, drawChart } from "./plot.ts";

/** One row of the chart. Rows of one group share a colour. */
export interface ForestRow {
  label: string;
  group: string;
  value: number | null;
  low: number | null;
  high: number | null;
}

const LABEL_LIMIT = 26;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * The rows in the order given along `axis`, in two widths; rows without a figure say so. Labels stand left, and on a phone above
 * their mark.
 */
export function forestChart(rows: readonly ForestRow[], axis: string, text: ChartText): ResponsiveChart {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const marks = rows.map(({ label, group, value, low, high }, index) => ({
    row: String(index),
    label: visible(shorten(label, LABEL_LIMIT)),
    colour: `var(--series-${(groups.indexOf(group) % 8) + 1})`,
    value: value ?? 0,
    low: Math.max(0, low ?? value ?? 0),
    high: Math.min(1, high ?? value ?? 0),
    figure: value === null ? "not measured" : formatShare(value),
    isMeasured: value !== null,
  }));
  const measured = marks.filter(({ isMeasured }) => isMeasured);
  const labels = new Map(marks.map(({ row, label }) => [row, label]));
  const draw = (name: string, width: number, rowHeight: number, above: boolean): string =>
    drawChart(
      {
        width,
        height: 50 + marks.length * rowHeight,
        marginLeft: above ? 12 : Math.ceil(Math.max(4, ...marks.map(({ label }) => label.length)) * 7) + 14,
        marginRight: above ? 52 : 90,
        marginTop: 8,
        marginBottom: 42,
        x: {
          domain: [0, 1],
          ticks: TICKS,
          tickFormat: ".1f",
          label: axis,
          labelArrow: "none",
          labelAnchor: "center",
          grid: true,
        },
        y: {
          axis: above ? null : "left",
          domain: marks.map(({ row }) => row),
          label: null,
          tickSize: 0,
          tickFormat: (row: string) => labels.get(row) ?? "",
        },
        marks: [
          ...(above
            ? [
                Plot.text(marks, {
                  x: () => 0,
                  y: "row",
                  text: "label",
                  dy: -13,
                  textAnchor: "start",
                  fill: "currentColor",
                }),
              ]
            : []),
          Plot.ruleY(measured, {
            x1: "low",
            x2: "high",
            y: "row",
            stroke: "colour",
            strokeWidth: 6,
            strokeOpacity: 0.4,
          }),
          Plot.dot(measured, { x: "value", y: "row", fill: "colour", r: 3.5 }),
          Plot.text(marks, { x: () => 1, y: "row", text: "figure", dx: 10, textAnchor: "start", fill: "currentColor" }),
        ],
      },
      { ...text, id: `${text.id}-${name}` },
    );
  return { wide: draw("wide", 760, 22, false), narrow: draw("narrow", 340, 36, true) };
}
