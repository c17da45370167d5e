/** Entries of a made-up history: one case or more, with a reference process beside each process. */
import { fingerprint } from "../../src/environment.ts";
import {
  alertIdOf,
  completeEntry,
  completeEvent,
  type HistoryEvent,
  type StoredEntry,
} from "../../src/store/history-schema.ts";
import { MACHINE } from "../fixtures.ts";

export const REFERENCE = "f".repeat(40);
const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

export function commitHash(n: number): string {
  return (n + 1).toString(16).padStart(8, "0").repeat(5);
}

/** The n-th commit, an hour after the one before it, `ratios` times as slow as the reference in the cases of these names. */
export function entryAt(
  n: number,
  ratios: Readonly<Record<string, number>>,
  features: { cores?: number } = {},
): StoredEntry {
  const committedAt = new Date(START + n * HOUR_MS).toISOString();
  const pairs = [101, 99, 100, 102, 98, 100.5];
  const entry = completeEntry({
    commit: commitHash(n),
    parents: [commitHash(n - 1)],
    committedAt,
    measuredAt: committedAt,
    environment: fingerprint({ ...MACHINE, cores: features.cores ?? MACHINE.cores }),
    reference: REFERENCE,
    seed: n,
    harnessVersion: "0.1.0",
    loadAverage: 0.5,
    series: Object.entries(ratios).map(([caseId, ratio]) => ({
      caseId,
      metric: "time",
      unit: "ns",
      direction: "lower",
      processes: pairs.map((value, i) => ({
        headFirst: i % 2 === 0,
        reference: value,
        value: value * ratio * (1 + ((i * 7 + n * 3) % 5) / 1000),
      })),
    })),
  });
  return {
    entry,
    raw: entry.series.map(({ processes }) =>
      processes.map(({ value }) => ({ reference: [1, 2], value: [value, value] })),
    ),
  };
}

export function openedAt(n: number, caseId: string): HistoryEvent {
  const { entry } = entryAt(n, { [caseId]: 1 });
  return completeEvent({
    kind: "opened",
    at: entry.committedAt,
    alert: alertIdOf(entry.commit, entry.environment.id),
    commit: entry.commit,
    parent: commitHash(n - 1),
    environmentId: entry.environment.id,
    reference: REFERENCE,
    series: [
      {
        caseId,
        metric: "time",
        unit: "ns",
        direction: "lower",
        effect: 0.1,
        p: 0.001,
        ratio: 1.1,
        low: 1.08,
        high: 1.12,
      },
    ],
    reproduce: "drift-bench gate",
  });
}
