/** The records of the performance history: immutable files and lines, from which the tables are made. */
import { z } from "zod";
import type { GateReport } from "../gate/schema.ts";
import { SeriesKey } from "../gate/schema.ts";
import { sha256 } from "./result-paths.ts";
import { Environment } from "./testbed-schema.ts";

const CommitHash = z.string().regex(/^[0-9a-f]{40}$/);
/** UTC without offset, so that text sorts as time. */
const Instant = z.iso.datetime();
const EntryId = z.string().regex(/^[0-9a-f]{32}$/);

/** Medians of one process of the commit, and of the process of the reference build that ran beside it. */
export const ProcessPair = z.strictObject({
  headFirst: z.boolean(),
  /** Null where nothing ran beside it. */
  reference: z.number().positive().nullable(),
  value: z.number().nonnegative(),
});
export type ProcessPair = z.infer<typeof ProcessPair>;

/** One case of an entry. */
export const EntrySeries = SeriesKey.extend({ processes: z.array(ProcessPair).min(1) });
export type EntrySeries = z.infer<typeof EntrySeries>;

/** What one session measured of one commit. `id` follows from the rest. */
export const HistoryEntry = z.strictObject({
  schemaVersion: z.literal(1),
  id: EntryId,
  commit: CommitHash,
  parents: z.array(CommitHash),
  committedAt: Instant,
  measuredAt: Instant,
  environment: Environment,
  /** Commit of the pinned reference build; null when absolute values were measured. */
  reference: CommitHash.nullable(),
  seed: z.int().nonnegative(),
  harnessVersion: z.string().min(1),
  loadAverage: z.number().nonnegative(),
  series: z.array(EntrySeries).min(1),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** Samples within the processes of an entry, in the order of its series and their processes. */
export const RawSamples = z.array(
  z.array(z.strictObject({ reference: z.array(z.number()), value: z.array(z.number()) })),
);
export type RawSamples = z.infer<typeof RawSamples>;

/** An entry and, while they are kept, its samples. */
export interface StoredEntry {
  entry: HistoryEntry;
  raw: RawSamples | null;
}

const AlertId = z.string().regex(/^[0-9a-f]{12}-[0-9a-f]{8}$/);

/** What the paired gate said of one series of a commit. */
export const ConvictedSeries = SeriesKey.extend({
  /** Level after over level before, minus 1, as the history shows it. */
  effect: z.number(),
  p: z.number().min(0).max(1),
  /** head / base by the gate that compared the commit with its parent, with its interval. */
  ratio: z.number().positive(),
  low: z.number().positive(),
  high: z.number().positive(),
});
export type ConvictedSeries = z.infer<typeof ConvictedSeries>;

const eventBase = { schemaVersion: z.literal(1), id: EntryId, at: Instant, alert: AlertId };

/** Something that was said of an alert. Never changed; a change of mind is another event. */
export const HistoryEvent = z.discriminatedUnion("kind", [
  z.strictObject({
    ...eventBase,
    kind: z.literal("opened"),
    commit: CommitHash,
    parent: CommitHash,
    environmentId: Environment.shape.id,
    reference: CommitHash.nullable(),
    series: z.array(ConvictedSeries).min(1),
    reproduce: z.string(),
  }),
  z.strictObject({ ...eventBase, kind: z.enum(["acknowledged", "invalid", "fixed"]), reason: z.string().nullable() }),
  z.strictObject({ ...eventBase, kind: z.literal("accepted"), reason: z.string().min(1) }),
]);
export type HistoryEvent = z.infer<typeof HistoryEvent>;

/** Everything of an event but its id. */
export type EventDraft = DistributiveOmit<HistoryEvent, "id" | "schemaVersion">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** One line of an export. */
export const HistoryLine = z.union([
  z.strictObject({ entry: HistoryEntry, raw: RawSamples.nullable() }),
  z.strictObject({ event: HistoryEvent }),
]);
export type HistoryLine = z.infer<typeof HistoryLine>;

/** Completes an entry: the same content has the same id. */
export function completeEntry(draft: Omit<HistoryEntry, "id" | "schemaVersion">): HistoryEntry {
  const entry = HistoryEntry.parse({ schemaVersion: 1, id: "0".repeat(32), ...draft });
  return { ...entry, id: contentId({ ...entry, id: undefined }) };
}

export function completeEvent(draft: EventDraft): HistoryEvent {
  const event = HistoryEvent.parse({ schemaVersion: 1, id: "0".repeat(32), ...draft });
  return { ...event, id: contentId({ ...event, id: undefined }) };
}

/** Whether a record holds what its id says: a changed one is refused. */
export function isIntact(record: HistoryEntry | HistoryEvent): boolean {
  return contentId({ ...record, id: undefined }) === record.id;
}

function contentId(content: object): string {
  return sha256(JSON.stringify(canonical(content))).slice(0, 32);
}

/** With keys in order, so that a record read from columns has the id of the one that was written. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, canonical(one)]),
  );
}

/** The alert of a commit on a testbed: all its series together. */
export function alertIdOf(commit: string, environmentId: string): string {
  return `${commit.slice(0, 12)}-${environmentId.slice(0, 8)}`;
}

/**
 * The entry of a gate whose base is the pinned reference build: its pairs are process medians beside the reference.
 *
 * @param about what git says of the head
 */
export function entryOfGate(
  report: GateReport,
  about: { commit: string; parents: string[]; committedAt: string; harnessVersion: string },
): StoredEntry {
  const measured = report.samples.filter(({ pairs }) => pairs.length > 0);
  const entry = completeEntry({
    ...about,
    measuredAt: report.startedAt,
    environment: report.environment,
    reference: report.base.commit,
    seed: report.settings.seed,
    loadAverage: report.loadAverage,
    series: measured.map(({ pairs, ...key }) => ({
      ...key,
      processes: pairs.map(({ headFirst, base, head }) => ({
        headFirst,
        reference: report.base.commit === null || base.value === 0 ? null : base.value,
        value: head.value,
      })),
    })),
  });
  const raw = measured.map(({ pairs }) =>
    pairs.map(({ base, head }) => ({ reference: base.samples, value: head.samples })),
  );
  return { entry, raw };
}
