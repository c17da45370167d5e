/** What the gate found of planted slowdowns: by how large they were, and beside what was foretold. */
import * as Plot from "@observablehq/plot";
import { type CountedShare, type PlantedGates, plantsInOrder } from "../data/gate-record.ts";
import { formatPercent, visible } from "../format.ts";
import { seriesColour } from "./performance.ts";
import { type ChartText, drawChart } from "./plot.ts";

const SIZE = { width: 340, height: 280, marginLeft: 46, marginTop: 30, marginBottom: 44 } as const;
const FOUND = {
  domain: [0, 1],
  ticks: [0, 0.25, 0.5, 0.75, 1],
  tickFormat: (value: number) => `${Math.round(100 * value)} %`,
  grid: true,
  label: "found",
  labelArrow: "none",
} as const;

/** Labels that would touch are moved apart by so much of the axis. */
const LABEL_STEP = 0.065;

/**
 * The share of planted cases that was found, by how much was planted, with 95 % intervals; a line for each kind of work.
 *
 * @param planted at least one
 * @param share which count of a plant is drawn; plants of which it counts nothing are left out
 */
export function powerChart(
  planted: readonly PlantedGates[],
  share: (plant: PlantedGates) => CountedShare,
  text: ChartText,
): string {
  const kinds = kindsOf(planted);
  const shares = [...new Set(planted.map((plant) => plant.share))].toSorted((a, b) => a - b);
  const largest = shares.at(-1) ?? 0.1;
  const marks = plantsInOrder(planted).flatMap((plant) => {
    const { n, count, low, high } = share(plant);
    if (n === 0) return [];
    const kind = kinds.indexOf(plant.kind);
    // Kinds of one share stand side by side.
    const at = plant.share + (kind - (kinds.length - 1) / 2) * largest * 0.03;
    const labelAt = plant.share + ((kinds.length - 1) / 2) * largest * 0.03;
    return [{ kind: plant.kind, colour: seriesColour(kind), planted: at, labelAt, found: count / n, low, high }];
  });
  const ends = [...Map.groupBy(marks, ({ kind }) => kind).values()].map((ofKind) => ofKind.at(-1) as (typeof marks)[0]);
  const labels = [...Map.groupBy(ends, ({ labelAt }) => labelAt).values()].flatMap(apart);
  return drawChart(
    {
      ...SIZE,
      marginRight: 84,
      x: {
        domain: [0, largest * 1.08],
        ticks: shares,
        tickFormat: (value: number) => `+${Number((100 * value).toFixed(2))} %`,
        label: "planted slowdown",
        labelAnchor: "center",
        labelArrow: "none",
      },
      y: FOUND,
      marks: [
        Plot.ruleX(marks, {
          x: "planted",
          y1: "low",
          y2: "high",
          stroke: "colour",
          strokeWidth: 5,
          strokeOpacity: 0.4,
        }),
        Plot.line(marks, { x: "planted", y: "found", z: "kind", stroke: "colour", strokeWidth: 1.5 }),
        Plot.dot(marks, { x: "planted", y: "found", fill: "colour", r: 3.5 }),
        Plot.text(labels, {
          x: "labelAt",
          y: "label",
          text: ({ kind }: { kind: string }) => visible(kind),
          dx: 9,
          dy: 5,
          textAnchor: "start",
          fill: "currentColor",
          stroke: "var(--paper)",
          strokeWidth: 4,
        }),
      ],
    },
    text,
  );
}

/**
 * Each case with each plant: what it foretold from identical code, and what was found, with its 95 % interval. On the
 * dashed line the two are equal.
 */
export function foretoldChart(planted: readonly PlantedGates[], text: ChartText): string {
  const kinds = kindsOf(planted);
  const marks = planted.flatMap(({ kind, cases }) =>
    cases.flatMap(({ predicted, found: { n, count, low, high } }) =>
      n === 0 ? [] : [{ colour: seriesColour(kinds.indexOf(kind)), predicted, found: count / n, low, high }],
    ),
  );
  return drawChart(
    {
      ...SIZE,
      marginRight: 20,
      x: { ...FOUND, grid: false, label: "foretold", labelAnchor: "center" },
      y: FOUND,
      marks: [
        Plot.line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "var(--soft)", strokeDasharray: "4 4" },
        ),
        Plot.ruleX(marks, {
          x: "predicted",
          y1: "low",
          y2: "high",
          stroke: "colour",
          strokeOpacity: 0.4,
          strokeWidth: 3,
        }),
        Plot.dot(marks, { x: "predicted", y: "found", fill: "colour", r: 3 }),
      ],
    },
    text,
  );
}

/** What a power chart says in words: `spin +5.0 %: 97.0 %`. */
export function powerWords(planted: readonly PlantedGates[], share: (plant: PlantedGates) => CountedShare): string {
  return plantsInOrder(planted)
    .map((plant) => {
      const { n, count } = share(plant);
      return `${visible(plant.kind)} +${formatPercent(plant.share)}: ${n === 0 ? "none planted" : formatPercent(count / n)}`;
    })
    .join("; ");
}

/** Kinds in the order of their colours. */
export function kindsOf(planted: readonly PlantedGates[]): string[] {
  return [...new Set(plantsInOrder(planted).map(({ kind }) => kind))];
}

/** The marks with a place for a label each, no two closer than a line of text: others go below the highest. */
function apart<T extends { found: number }>(marks: readonly T[]): (T & { label: number })[] {
  let above = Number.POSITIVE_INFINITY;
  const placed = marks
    .toSorted((a, b) => b.found - a.found)
    .map((mark) => {
      above = Math.min(mark.found, above - LABEL_STEP);
      return { ...mark, label: above };
    });
  const under = Math.max(0, -above);
  return placed.map((mark) => ({ ...mark, label: mark.label + under }));
}
