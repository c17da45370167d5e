/** Change points of a whole history: what it nominates for the paired gate to convict. */
import { benjaminiHochberg } from "./stats/false-discovery.ts";
import {
  type ChangePoint,
  CHANGE_POINT_DEFAULTS,
  type ChangePointOptions,
  findChangePoints,
} from "./stats/change-point.ts";
import { type Alert, alertsOf, seriesKey } from "./store/alert.ts";
import type { HistoryPoint, HistoryStore, Series, SeriesSummary } from "./store/history-store.ts";

/** A change of level that nobody has judged yet. */
export interface Nomination {
  series: Series;
  /** Commit of the first value after the change, and of the last one before it. */
  commit: string;
  before: string;
  /** Place in the series' values, from 0. */
  index: number;
  p: number;
  /** After Benjamini and Hochberg over all series that were looked at. */
  adjustedP: number;
  /** Level after over level before, minus 1. */
  effect: number;
  worse: boolean;
}

/** Share of wrong nominations among the nominations. */
export const NOMINATION_Q = 0.05;

/**
 * Looks at every series from its last judged change of level on, so that a point once judged never moves.
 *
 * @returns by adjusted p
 */
export async function nominate(
  store: HistoryStore,
  options: ChangePointOptions = CHANGE_POINT_DEFAULTS,
): Promise<{ series: number; nominations: Nomination[] }> {
  const alerts = alertsOf(await store.events());
  const all = await store.series();
  const found: { series: SeriesSummary; points: HistoryPoint[]; from: number; changes: ChangePoint[] }[] = [];
  for (const series of all) {
    const points = await store.points(series.id);
    const from = lastSegment(points, alertsAbout(series, alerts));
    const changes = findChangePoints(
      points.slice(from).map(({ value }) => value),
      options,
    );
    found.push({ series, points, from, changes });
  }
  const adjusted = benjaminiHochberg(found.map(({ changes }) => Math.min(1, ...changes.map(({ p }) => p))));
  const nominations = found.flatMap(({ series, points, from, changes }, i) => {
    const judged = new Set(alertsAbout(series, alerts).map(({ commit }) => commit));
    const factor = (adjusted[i] as number) / Math.min(1, ...changes.map(({ p }) => p));
    return changes.flatMap(({ index, p, effect }): Nomination[] => {
      const [before, after] = [points[from + index - 1], points[from + index]];
      if (before === undefined || after === undefined || judged.has(after.commit)) return [];
      const adjustedP = Math.min(1, p * factor);
      if (adjustedP > NOMINATION_Q) return [];
      const worse = effect > 0 === (series.direction === "lower");
      return [
        { series, commit: after.commit, before: before.commit, index: from + index, p, adjustedP, effect, worse },
      ];
    });
  });
  return { series: all.length, nominations: nominations.toSorted((a, b) => a.adjustedP - b.adjustedP) };
}

function alertsAbout(series: Series, alerts: readonly Alert[]): Alert[] {
  return alerts.filter(
    (alert) =>
      alert.environmentId === series.environmentId &&
      alert.reference === series.reference &&
      alert.series.some((one) => seriesKey(one) === seriesKey(series)),
  );
}

/** Where the newest level begins that a real change started: convicted and not called invalid. */
function lastSegment(points: readonly HistoryPoint[], alerts: readonly Alert[]): number {
  const starts = new Set(alerts.filter(({ state }) => state !== "invalid").map(({ commit }) => commit));
  return Math.max(
    0,
    points.findLastIndex(({ commit }, i) => starts.has(commit) && points[i - 1]?.commit !== commit),
  );
}
