/** The risk-coverage curve: how often answers are wrong, the surest first. */
import * as Plot from "@observablehq/plot";
import { formatPercent, visible } from "../format.ts";
import { type ChartText, drawChart } from "./plot.ts";

/** A share of all answers, the surest first, and the share of wrong ones among them. */
export interface RiskPoint {
  coverage: number;
  risk: number;
}

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * One line, with its last value at its end; the dashed line is who cannot tell right from wrong, whose risk is the
 * same at every coverage.
 *
 * @param points at least one, ascending; the last is of all answers
 */
export function riskChart(points: readonly RiskPoint[], text: ChartText): string {
  const all = points.at(-1)?.risk ?? 0;
  const most = Math.max(0.05, ...points.map(({ risk }) => risk));
  const percent = (value: number): string => `${Number((100 * value).toFixed(1))} %`;
  return drawChart(
    {
      width: 420,
      height: 300,
      marginLeft: 52,
      marginRight: 58,
      marginTop: 34,
      marginBottom: 44,
      x: {
        domain: [0, 1],
        ticks: TICKS,
        tickFormat: percent,
        label: "coverage, the surest first",
        labelAnchor: "center",
        labelArrow: "none",
      },
      y: {
        domain: [0, most],
        nice: true,
        grid: true,
        ticks: 5,
        tickFormat: percent,
        label: "wrong",
        labelArrow: "none",
      },
      marks: [
        Plot.ruleY([all], { stroke: "var(--soft)", strokeDasharray: "4 4" }),
        Plot.line(points, { x: "coverage", y: "risk", stroke: "var(--series-1)", strokeWidth: 2 }),
        Plot.dot(points, { x: "coverage", y: "risk", fill: "var(--series-1)", r: 3 }),
        Plot.text(points.slice(-1), {
          x: "coverage",
          y: "risk",
          text: ({ risk }: RiskPoint) => formatPercent(risk),
          dx: 9,
          textAnchor: "start",
          fill: "currentColor",
        }),
      ],
    },
    text,
  );
}

/** What the chart says in words. */
export function riskWords(points: readonly RiskPoint[]): string {
  return visible(points.map(({ coverage, risk }) => `${formatPercent(coverage)}: ${formatPercent(risk)}`).join("; "));
}
