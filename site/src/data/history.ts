/** Performance over commits, as the harness recorded and judged it. Nothing is found or decided here. */
import { z } from "zod";
import { flag, oncePerStore, type Store } from "./open.ts";

const PointRow = z.object({
  commit: z.string(),
  committedAt: z.string(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
/** One commit: its ratio to the reference build (or its value in the series' unit), with a 95 % interval. */
export type HistoryPoint = z.infer<typeof PointRow>;

const ChangeRow = z.object({
  place: z.number(),
  commit: z.string(),
  before: z.string(),
  adjustedP: z.number(),
  effect: z.number(),
  worse: flag,
});
/** A change of level that nobody has judged yet: between the commit `before` and `commit`, the point at `place`. */
export type LevelChange = z.infer<typeof ChangeRow>;

const SeriesRow = z.object({
  id: z.number(),
  caseId: z.string(),
  metric: z.string(),
  unit: z.string(),
  direction: z.enum(["lower", "higher"]),
  environmentId: z.string(),
  /** Commit of the reference build; null when absolute values were measured. */
  reference: z.string().transform((text) => (text === "" ? null : text)),
});
/** One case and metric on one testbed beside one reference build, oldest commit first. */
export type HistorySeries = z.infer<typeof SeriesRow> & { points: HistoryPoint[]; changes: LevelChange[] };

/** Every series, by case and metric; those of the testbed that was measured last come first. */
export const listHistorySeries = oncePerStore((store: Store): HistorySeries[] => {
  const rows = store.rows(
    SeriesRow,
    `SELECT id, case_id AS caseId, metric, unit, direction, environment_id AS environmentId, reference FROM series
     ORDER BY (SELECT max(committed_at) FROM point JOIN series AS other ON other.id = point.series_id
               WHERE other.environment_id = series.environment_id AND other.reference = series.reference) DESC,
              environment_id, reference, case_id, metric`,
  );
  return rows.map((series) => ({
    ...series,
    points: store.rows(
      PointRow,
      `SELECT commit_hash AS "commit", committed_at AS committedAt, value, low, high FROM point
       WHERE series_id = ? ORDER BY committed_at, entry_id`,
      series.id,
    ),
    changes: store.rows(
      ChangeRow,
      `SELECT place, commit_hash AS "commit", before_hash AS "before", adjusted_p AS adjustedP, effect, worse
       FROM change_point WHERE series_id = ? ORDER BY place`,
      series.id,
    ),
  }));
});

const AlertRow = z.object({
  id: z.string(),
  state: z.enum(["untriaged", "acknowledged", "accepted", "invalid", "fixed"]),
  commit: z.string(),
  parent: z.string(),
  environmentId: z.string(),
  reference: z.string().transform((text) => (text === "" ? null : text)),
  openedAt: z.string(),
  reason: z.string().nullable(),
  reproduce: z.string(),
});
const AlertSeriesRow = z.object({
  caseId: z.string(),
  metric: z.string(),
  direction: z.enum(["lower", "higher"]),
  ratio: z.number(),
  low: z.number(),
  high: z.number(),
});
/** A commit that the paired gate convicted: what it said of each series, and what people said since. */
export type Alert = z.infer<typeof AlertRow> & { series: z.infer<typeof AlertSeriesRow>[] };

/** Open alerts first, then the newest. */
export const listAlerts = oncePerStore((store: Store): Alert[] => {
  const alerts = store.rows(
    AlertRow,
    `SELECT id, state, commit_hash AS "commit", parent_hash AS parent, environment_id AS environmentId, reference,
       opened_at AS openedAt, reason, reproduce FROM alert
     ORDER BY state NOT IN ('untriaged', 'acknowledged'), opened_at DESC, id`,
  );
  return alerts.map((alert) => ({
    ...alert,
    series: store.rows(
      AlertSeriesRow,
      `SELECT case_id AS caseId, metric, direction, ratio, low, high FROM alert_series
       WHERE alert_id = ? ORDER BY case_id, metric`,
      alert.id,
    ),
  }));
});

/** Whether somebody still has to look at it or is doing so. */
export const isOpen = ({ state }: Alert): boolean => state === "untriaged" || state === "acknowledged";

/** The alerts about a series, by the place of their commit in it. */
export function alertsOn(series: HistorySeries, alerts: readonly Alert[]): { place: number; alert: Alert }[] {
  return alerts.flatMap((alert) => {
    const isAbout =
      alert.environmentId === series.environmentId &&
      alert.reference === series.reference &&
      alert.series.some(({ caseId, metric }) => caseId === series.caseId && metric === series.metric);
    const place = isAbout ? series.points.findIndex(({ commit }) => commit === alert.commit) : -1;
    return place === -1 ? [] : [{ place, alert }];
  });
}
