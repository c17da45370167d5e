/** The performance history in a database. One set of statements for SQLite and PostgreSQL; a driver runs them. */
import { DriftError } from "@drift/engine";
import type { Direction, Metric, MetricUnit } from "../gate/schema.ts";
import { hodgesLehmann } from "../stats/signed-rank.ts";
import { HistoryEntry, HistoryEvent, RawSamples, type EntrySeries, type StoredEntry } from "./history-schema.ts";

export type SqlValue = string | number | null;

/** Runs statements with parameters `$1`, `$2` … in the order given. */
export interface SqlSession {
  query<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
}

export interface SqlDriver extends SqlSession {
  /** All of `work` or nothing of it; what it reads and writes, no other transaction of this driver sees half of. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Values that may be compared with each other. */
export interface Series {
  id: number;
  caseId: string;
  metric: Metric;
  unit: MetricUnit;
  direction: Direction;
  environmentId: string;
  /** Commit of the reference build that values are ratios to; null when they are absolute. */
  reference: string | null;
}

export interface SeriesSummary extends Series {
  points: number;
  /** When the newest measured commit was made. */
  lastCommittedAt: string;
}

export interface HistoryPoint {
  commit: string;
  entryId: string;
  committedAt: string;
  value: number;
  low: number | null;
  high: number | null;
}

const LEVEL = 0.95;

export class HistoryStore {
  readonly #driver: SqlDriver;

  constructor(driver: SqlDriver) {
    this.#driver = driver;
  }

  /** Stores an entry in one transaction. @returns false when it was there already */
  async add({ entry, raw }: StoredEntry): Promise<boolean> {
    return this.#driver.transaction(async (session) => {
      if ((await session.query("SELECT 1 FROM history_entry WHERE id = $1", [entry.id])).length > 0) return false;
      await insertEnvironment(session, entry);
      const reference = entry.reference ?? "";
      const head = await session.query(
        `INSERT INTO history_entry (id, commit_hash, parents, committed_at, measured_at, environment_id, reference, seed,
           harness_version, load_average)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING id`,
        [
          entry.id,
          entry.commit,
          JSON.stringify(entry.parents),
          entry.committedAt,
          entry.measuredAt,
          entry.environment.id,
          reference,
          entry.seed,
          entry.harnessVersion,
          entry.loadAverage,
        ],
      );
      if (head.length === 0) return false; // Another writer was faster.
      for (const [ordinal, one] of entry.series.entries()) {
        const seriesId = await seriesIdOf(session, one, { environmentId: entry.environment.id, reference });
        const { value, low, high } = pointOf(one);
        await session.query(
          `INSERT INTO point (series_id, committed_at, entry_id, ordinal, commit_hash, value, low, high, processes)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            seriesId,
            entry.committedAt,
            entry.id,
            ordinal,
            entry.commit,
            value,
            low,
            high,
            JSON.stringify(
              one.processes.map(({ headFirst, reference: beside, value: own }) => [Number(headFirst), beside, own]),
            ),
          ],
        );
      }
      if (raw !== null) {
        await session.query("INSERT INTO raw_sample (entry_id, measured_at, samples) VALUES ($1, $2, $3)", [
          entry.id,
          entry.measuredAt,
          JSON.stringify(raw),
        ]);
      }
      return true;
    });
  }

  /** @returns false when it was there already */
  async addEvent(event: HistoryEvent): Promise<boolean> {
    const added = await this.#driver.query(
      "INSERT INTO history_event (id, at, alert_id, record) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING RETURNING id",
      [event.id, event.at, event.alert, JSON.stringify(event)],
    );
    return added.length > 0;
  }

  /** In the order in which they were said. */
  async events(): Promise<HistoryEvent[]> {
    const rows = await this.#driver.query<{ record: string }>("SELECT record FROM history_event ORDER BY at, id");
    return rows.map(({ record }) => HistoryEvent.parse(JSON.parse(record)));
  }

  /** By case, metric and testbed. */
  async series(): Promise<SeriesSummary[]> {
    const rows = await this.#driver.query<SeriesRow & { points: number; last_committed_at: string }>(
      `SELECT s.*, count(*) AS points, max(p.committed_at) AS last_committed_at
       FROM series AS s JOIN point AS p ON p.series_id = s.id
       GROUP BY s.id ORDER BY s.case_id, s.metric, s.environment_id, s.reference, s.unit`,
    );
    return rows.map((row) => ({ ...seriesOf(row), points: row.points, lastCommittedAt: row.last_committed_at }));
  }

  /** All values of one series in order of time: of the commit, then of the measurement's id. */
  async points(seriesId: number): Promise<HistoryPoint[]> {
    return this.#driver.query<HistoryPoint>(
      `SELECT commit_hash AS "commit", entry_id AS "entryId", committed_at AS "committedAt", value, low, high
       FROM point WHERE series_id = $1 ORDER BY committed_at, entry_id`,
      [seriesId],
    );
  }

  /** Ids of all entries, ascending. */
  async entryIds(): Promise<string[]> {
    const rows = await this.#driver.query<{ id: string }>("SELECT id FROM history_entry ORDER BY id");
    return rows.map(({ id }) => id);
  }

  /** @throws DriftError `HISTORY_DAMAGED` when what the tables hold is no longer what was stored */
  async entry(id: string): Promise<StoredEntry | null> {
    const [head] = await this.#driver.query<EntryRow>(
      `SELECT e.id, commit_hash, parents, committed_at, measured_at, reference, seed, harness_version, load_average,
         v.id AS environment_id, cpu_model, cores, memory_bytes, architecture, os, kernel, node_version, rustc_version, governor
       FROM history_entry AS e JOIN environment AS v ON v.id = e.environment_id WHERE e.id = $1`,
      [id],
    );
    if (head === undefined) return null;
    const points = await this.#driver.query<SeriesRow & { processes: string }>(
      `SELECT s.*, processes FROM point AS p JOIN series AS s ON s.id = p.series_id WHERE entry_id = $1 ORDER BY ordinal`,
      [id],
    );
    const [raw] = await this.#driver.query<{ samples: string }>("SELECT samples FROM raw_sample WHERE entry_id = $1", [
      id,
    ]);
    return {
      entry: entryOf(head, points),
      raw: raw === undefined ? null : RawSamples.parse(JSON.parse(raw.samples)),
    };
  }

  /** Drops samples measured before `before`; process medians stay. @returns how many entries lost theirs */
  async pruneRaw(before: string): Promise<number> {
    const pruned = await this.#driver.query("DELETE FROM raw_sample WHERE measured_at < $1 RETURNING entry_id", [
      before,
    ]);
    return pruned.length;
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}

interface SeriesRow {
  id: number;
  case_id: string;
  metric: Metric;
  unit: MetricUnit;
  direction: Direction;
  environment_id: string;
  reference: string;
}

interface EntryRow {
  id: string;
  commit_hash: string;
  parents: string;
  committed_at: string;
  measured_at: string;
  reference: string;
  seed: number;
  harness_version: string;
  load_average: number;
  environment_id: string;
  cpu_model: string;
  cores: number;
  memory_bytes: number;
  architecture: string;
  os: string;
  kernel: string;
  node_version: string;
  rustc_version: string | null;
  governor: string | null;
}

function seriesOf(row: SeriesRow): Series {
  return {
    id: row.id,
    caseId: row.case_id,
    metric: row.metric,
    unit: row.unit,
    direction: row.direction,
    environmentId: row.environment_id,
    reference: row.reference === "" ? null : row.reference,
  };
}

function entryOf(head: EntryRow, points: readonly (SeriesRow & { processes: string })[]): HistoryEntry {
  const parsed = HistoryEntry.safeParse({
    schemaVersion: 1,
    id: head.id,
    commit: head.commit_hash,
    parents: JSON.parse(head.parents) as unknown,
    committedAt: head.committed_at,
    measuredAt: head.measured_at,
    environment: {
      id: head.environment_id,
      cpuModel: head.cpu_model,
      cores: head.cores,
      memoryBytes: head.memory_bytes,
      architecture: head.architecture,
      os: head.os,
      kernel: head.kernel,
      nodeVersion: head.node_version,
      rustcVersion: head.rustc_version,
      governor: head.governor,
    },
    reference: head.reference === "" ? null : head.reference,
    seed: head.seed,
    harnessVersion: head.harness_version,
    loadAverage: head.load_average,
    series: points.map(({ case_id, metric, unit, direction, processes }) => ({
      caseId: case_id,
      metric,
      unit,
      direction,
      processes: (JSON.parse(processes) as [number, number | null, number][]).map(([headFirst, reference, value]) => ({
        headFirst: headFirst === 1,
        reference,
        value,
      })),
    })),
  });
  if (parsed.success) return parsed.data;
  throw new DriftError("HISTORY_DAMAGED", `entry ${head.id} is not as it was stored`, {
    hint: 'Run "npm run drift-bench -- history rebuild".',
    cause: parsed.error,
  });
}

/** The value of a series at an entry: the ratio to the reference by Hodges and Lehmann, or the median. */
function pointOf({ processes }: EntrySeries): { value: number; low: number | null; high: number | null } {
  const ratios = processes.flatMap(({ reference, value }) =>
    reference === null || value === 0 ? [] : [Math.log(value / reference)],
  );
  if (ratios.length === processes.length) {
    const { estimate, low, high } = hodgesLehmann(ratios, LEVEL);
    const known = ratios.length > 1;
    return { value: Math.exp(estimate), low: known ? Math.exp(low) : null, high: known ? Math.exp(high) : null };
  }
  const sorted = processes.map(({ value }) => value).toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return { value: sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2, low: null, high: null };
}

async function insertEnvironment(session: SqlSession, { environment }: HistoryEntry): Promise<void> {
  await session.query(
    `INSERT INTO environment (id, cpu_model, cores, memory_bytes, architecture, os, kernel, node_version, rustc_version, governor)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
    [
      environment.id,
      environment.cpuModel,
      environment.cores,
      environment.memoryBytes,
      environment.architecture,
      environment.os,
      environment.kernel,
      environment.nodeVersion,
      environment.rustcVersion,
      environment.governor,
    ],
  );
}

async function seriesIdOf(
  session: SqlSession,
  { caseId, metric, unit, direction }: EntrySeries,
  { environmentId, reference }: { environmentId: string; reference: string },
): Promise<number> {
  const key = [caseId, metric, unit, direction, environmentId, reference];
  const known = `SELECT id FROM series WHERE case_id = $1 AND metric = $2 AND unit = $3 AND direction = $4
    AND environment_id = $5 AND reference = $6`;
  const [before] = await session.query<{ id: number }>(known, key);
  if (before !== undefined) return before.id;
  await session.query(
    `INSERT INTO series (case_id, metric, unit, direction, environment_id, reference)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    key,
  );
  const [made] = await session.query<{ id: number }>(known, key);
  return (made as { id: number }).id;
}
