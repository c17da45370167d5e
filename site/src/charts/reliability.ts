/** The reliability diagram: how often what was given a probability is right. */
import * as Plot from "@observablehq/plot";
import { formatCount, formatShare } from "../format.ts";
import { type ChartText, drawChart } from "./plot.ts";

/** What was given a probability in [low, high). */
export interface ReliabilityBin {
  low: number;
  high: number;
  /** How many there are. */
  count: number;
  /** Mean stated probability. */
  stated: number;
  /** Share that is right. */
  observed: { value: number; low: number | null; high: number | null };
  /** The consistency band, where the record has it. */
  band?: { low: number; high: number } | undefined;
}

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * A dot per bin at (mean stated probability, share that is right), with its interval and the count; on the
 * dashed diagonal the two are equal. A box about the diagonal is the consistency band, where the record has it.
 *
 * @param bins at least one, ascending
 * @param right what the share is of: "right", "true"
 */
export function reliabilityChart(bins: readonly ReliabilityBin[], text: ChartText, right = "right"): string {
  const marks = bins.map(({ stated, observed, count }) => ({
    stated,
    right: observed.value,
    low: observed.low ?? observed.value,
    high: observed.high ?? observed.value,
    count: formatCount(count),
    // Labels stand where the diagonal is not.
    isAbove: observed.value >= stated,
  }));
  const bands = bins.flatMap(({ low, high, band }) =>
    band === undefined ? [] : [{ from: low, to: high, low: band.low, high: band.high }],
  );
  const label = (isAbove: boolean): Plot.Markish =>
    Plot.text(
      marks.filter((mark) => mark.isAbove === isAbove),
      {
        x: "stated",
        y: isAbove ? "high" : "low",
        text: "count",
        dy: isAbove ? -9 : 10,
        fill: "currentColor",
        stroke: "var(--paper)",
        strokeWidth: 4,
      },
    );
  const axis = { domain: [0, 1], ticks: TICKS, tickFormat: ".1f", labelArrow: "none" as const };
  return drawChart(
    {
      width: 420,
      height: 420,
      marginLeft: 48,
      marginRight: 20,
      marginTop: 34,
      marginBottom: 44,
      x: { ...axis, label: "stated probability", labelAnchor: "center" },
      y: { ...axis, grid: true, label: `share that is ${right}` },
      marks: [
        Plot.rect(bands, {
          x1: "from",
          x2: "to",
          y1: "low",
          y2: "high",
          fill: "var(--series-8)",
          fillOpacity: 0.25,
          stroke: "var(--series-8)",
          insetLeft: 1,
          insetRight: 1,
        }),
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "var(--soft)", strokeDasharray: "4 4" },
        ),
        Plot.ruleX(marks, {
          x: "stated",
          y1: "low",
          y2: "high",
          stroke: "var(--series-1)",
          strokeWidth: 6,
          strokeOpacity: 0.4,
        }),
        Plot.dot(marks, { x: "stated", y: "right", fill: "var(--series-1)", r: 4 }),
        label(true),
        label(false),
      ],
    },
    text,
  );
}

/** What the chart says in words. */
export function reliabilityWords(bins: readonly ReliabilityBin[]): string {
  return bins
    .map(({ stated, observed, count }) => `${formatShare(stated)}: ${formatShare(observed.value)} of ${count}`)
    .join("; ");
}
