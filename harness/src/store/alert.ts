/** Alerts: the fold of what the gate and people said of one commit on one testbed. */
import { DriftError } from "@drift/engine";
import type { ConvictedSeries, HistoryEvent } from "./history-schema.ts";

/**
 * `untriaged` nobody looked · `acknowledged` somebody does · `accepted` the new level is wanted: it starts a segment ·
 * `invalid` there was no change: it starts none · `fixed` the level came back.
 */
export type AlertState = "untriaged" | "acknowledged" | "accepted" | "invalid" | "fixed";

export interface Alert {
  id: string;
  state: AlertState;
  commit: string;
  parent: string;
  environmentId: string;
  reference: string | null;
  series: ConvictedSeries[];
  openedAt: string;
  /** Why the state is what it is, as it was said last; null when nothing was. */
  reason: string | null;
  reproduce: string;
}

/** @param events in the order in which they were said @returns newest first */
export function alertsOf(events: readonly HistoryEvent[]): Alert[] {
  const alerts = new Map<string, Alert>();
  for (const event of events) {
    const alert = alerts.get(event.alert);
    if (event.kind === "opened") {
      const { commit, parent, environmentId, reference, series, reproduce, at } = event;
      if (alert === undefined) {
        alerts.set(event.alert, {
          id: event.alert,
          state: "untriaged",
          ...{ commit, parent, environmentId, reference, series, openedAt: at, reason: null, reproduce },
        });
      } else {
        const known = new Set(alert.series.map(seriesKey));
        alert.series = [...alert.series, ...series.filter((one) => !known.has(seriesKey(one)))];
      }
    } else if (alert !== undefined) {
      alert.state = event.kind;
      alert.reason = event.reason;
    }
  }
  return [...alerts.values()].toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
}

/** @throws DriftError `ALERT_UNKNOWN` */
export function alertOf(alerts: readonly Alert[], id: string): Alert {
  const found = alerts.find((alert) => alert.id === id);
  if (found !== undefined) return found;
  throw new DriftError("ALERT_UNKNOWN", `there is no alert "${id}"`, {
    hint: 'See "npm run drift-bench -- history alerts".',
  });
}

export function seriesKey({ caseId, metric, unit }: { caseId: string; metric: string; unit: string }): string {
  return `${caseId} ${metric} ${unit}`;
}
