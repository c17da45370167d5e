/** How good the change points are: on labelled series beside rivals, on noise alone, and on noise with a step. */
import type { ChangePointOptions } from "../stats/change-point.ts";
import { findChangePoints } from "../stats/change-point.ts";
import { type NoiseKind, NOISE_KINDS, noiseSeries } from "../stats/noise.ts";
import { type Proportion, proportion } from "../stats/proportion.ts";
import { changePointF1, covering } from "../stats/segmentation-score.ts";
import { bootstrapInterval } from "../stats/summary.ts";
import type { LabelledSeries } from "./tcpd.ts";

/** Indices by series name, for one method. */
export type FoundBySeries = Readonly<Record<string, readonly number[]>>;

/** What one method found of one series, and how well that agrees with the annotators. */
export interface ScoredSeries {
  name: string;
  half: LabelledSeries["half"];
  found: readonly number[];
  f1: number;
  covering: number;
}

/** A mean over series, or a mean of paired differences, with its 95 % bootstrap interval over series. */
export interface Estimate {
  value: number;
  low: number | null;
  high: number | null;
}

export interface MethodScore {
  method: string;
  half: LabelledSeries["half"];
  series: number;
  f1: Estimate;
  covering: Estimate;
  /** Drift's score minus this method's, series by series; null for Drift itself. */
  lead: { f1: Estimate; covering: Estimate } | null;
}

const HALVES = ["tune", "report"] as const;

/** The values that were observed, and where they stood. */
export function observed(values: readonly (number | null)[]): { values: number[]; places: number[] } {
  const places = values.flatMap((value, i) => (value === null ? [] : [i]));
  return { values: places.map((i) => values[i] as number), places };
}

/** What our own detector finds, in places of the series with its gaps. */
export function driftFinds(series: readonly LabelledSeries[], options: ChangePointOptions): FoundBySeries {
  return Object.fromEntries(
    series.map(({ name, values }) => {
      const seen = observed(values);
      return [name, findChangePoints(seen.values, options).map(({ index }) => seen.places[index] as number)];
    }),
  );
}

/** Scores each method on each half. @param methods `drift` among them; `zero` finds nothing */
export function scoreMethods(
  series: readonly LabelledSeries[],
  methods: Readonly<Record<string, FoundBySeries>>,
  { seed }: { seed: number },
): { methods: MethodScore[]; series: Record<string, ScoredSeries[]> } {
  const scored = Object.fromEntries(
    Object.entries(methods).map(([method, found]) => [
      method,
      series.map((one) => scoreSeries(one, found[one.name] ?? [])),
    ]),
  );
  const scores = HALVES.flatMap((half) =>
    Object.entries(scored).map(([method, all]) => {
      const mine = all.filter((one) => one.half === half);
      const ours = (scored["drift"] ?? []).filter((one) => one.half === half);
      const estimate = (of: "f1" | "covering"): Estimate =>
        meanOf(
          mine.map((one) => one[of]),
          seed,
        );
      const lead = (of: "f1" | "covering"): Estimate =>
        meanOf(
          ours.map((one, i) => one[of] - (mine[i]?.[of] ?? 0)),
          seed,
        );
      return {
        method,
        half,
        series: mine.length,
        f1: estimate("f1"),
        covering: estimate("covering"),
        lead: method === "drift" ? null : { f1: lead("f1"), covering: lead("covering") },
      };
    }),
  );
  return { methods: scores, series: scored };
}

function scoreSeries({ name, half, values, annotations }: LabelledSeries, found: readonly number[]): ScoredSeries {
  return {
    name,
    half,
    found,
    f1: changePointF1(annotations, found),
    covering: covering(annotations, found, values.length),
  };
}

function meanOf(values: readonly number[], seed: number): Estimate {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const statistic = (rows: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += values[rows[i] as number] as number;
    return sum / rows.length;
  };
  const { low, high } =
    values.length < 2 ? { low: null, high: null } : bootstrapInterval(values.length, statistic, { seed });
  return { value, low, high };
}

/** Length and spread of the simulated series: the bars of this project are stated for these. */
export const SIMULATED = { n: 200, sd: 0.03 } as const;

/** Series of each kind in which anything was found, though the level never changed. */
export function falsePoints(
  options: ChangePointOptions,
  { series, seed, onKind }: { series: number; seed: number; onKind: (kind: NoiseKind) => void },
): { kind: NoiseKind; falsePoints: Proportion }[] {
  return NOISE_KINDS.map((kind) => {
    onKind(kind);
    const wrong = range(series).filter(
      (i) => findChangePoints(noiseSeries(kind, { ...SIMULATED, seed: seed + i }), options).length > 0,
    );
    return { kind, falsePoints: proportion(wrong.length, series) };
  });
}

/** A point this far from the step still names it. */
const NEAR = 5;

/**
 * Series with one step, `by` of the level, at a place in the middle half: how many have a change point at all, and how
 * many have one within 5 values of the step.
 */
export function plantedSteps(
  options: ChangePointOptions,
  { series, seed, by, onKind }: { series: number; seed: number; by: number; onKind: (kind: NoiseKind) => void },
): { kind: NoiseKind; by: number; found: Proportion; near: Proportion }[] {
  return NOISE_KINDS.map((kind) => {
    onKind(kind);
    const results = range(series).map((i) => {
      const at = Math.floor(SIMULATED.n / 4) + ((i * 37) % Math.floor(SIMULATED.n / 2));
      const noise = noiseSeries(kind, { ...SIMULATED, seed: seed + i });
      const points = findChangePoints(
        noise.map((value, place) => (place < at ? value : value * (1 + by))),
        options,
      );
      return { any: points.length > 0, near: points.some(({ index }) => Math.abs(index - at) <= NEAR) };
    });
    return {
      kind,
      by,
      found: proportion(results.filter(({ any }) => any).length, series),
      near: proportion(results.filter(({ near }) => near).length, series),
    };
  });
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
