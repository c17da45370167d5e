/** Entries that look like those of a real history and are not; for stress and size, never for a figure about speed. */
import {
  alertIdOf,
  completeEntry,
  completeEvent,
  type HistoryEntry,
  type HistoryEvent,
  type StoredEntry,
} from "../store/history-schema.ts";

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const REFERENCE = "f".repeat(40);

/** The n-th commit, an hour after the one before it. The same `n` and shape give the same entry. */
export function madeUpEntry(n: number, { cases, processes }: { cases: number; processes: number }): StoredEntry {
  const committedAt = new Date(START + n * HOUR_MS).toISOString();
  const entry = completeEntry({
    commit: hash(n + 1),
    parents: [hash(n)],
    committedAt,
    measuredAt: committedAt,
    environment: {
      id: "0123456789abcdef",
      cpuModel: "made up",
      cores: 2,
      memoryBytes: 8 * 1024 ** 3,
      architecture: "x64",
      os: "linux",
      kernel: "6.1.0",
      nodeVersion: "24.0.0",
      rustcVersion: null,
      governor: null,
    },
    reference: REFERENCE,
    seed: n,
    harnessVersion: "0.1.0",
    loadAverage: 0.5,
    series: Array.from({ length: cases }, (_, i) => ({
      caseId: `made-up/case-${i}`,
      metric: "time",
      unit: "ns",
      direction: "lower",
      processes: Array.from({ length: processes }, (__, k) => ({
        headFirst: k % 2 === 0,
        reference: 1_000_000 + wobble(n, i, k),
        value: 1_000_000 + wobble(n + 1, i, k),
      })),
    })),
  });
  const raw = entry.series.map((one) =>
    one.processes.map(({ value }) => ({ reference: [], value: [value, value + 1] })),
  );
  return { entry, raw };
}

export function madeUpAlert({ commit, parents, environment, series, committedAt }: HistoryEntry): HistoryEvent {
  const [
    { caseId, metric, unit, direction } = { caseId: "", metric: "time", unit: "ns", direction: "lower" } as const,
  ] = series;
  return completeEvent({
    kind: "opened",
    at: committedAt,
    alert: alertIdOf(commit, environment.id),
    commit,
    parent: parents[0] as string,
    environmentId: environment.id,
    reference: REFERENCE,
    series: [{ caseId, metric, unit, direction, effect: 0.1, p: 0.001, ratio: 1.1, low: 1.08, high: 1.12 }],
    reproduce: "made up",
  });
}

function hash(n: number): string {
  return n.toString(16).padStart(8, "0").repeat(5);
}

/** Some thousandths, different for each place. */
function wobble(...place: number[]): number {
  return place.reduce((sum, one, i) => (sum * 31 + one * (i + 7) * 2_654_435_761) % 9973, 1);
}
