/** Timings over runs. Runs on different testbeds are different series and never share a chart. */
import { z } from "zod";
import { HISTORY_RUNS } from "./limits.ts";
import { oncePerStore, type Store } from "./open.ts";
import { listRuns, type Run } from "./runs.ts";

const MeasurementRow = z.object({
  id: z.number(),
  runId: z.string(),
  caseId: z.string(),
  tool: z.string(),
  runner: z.string(),
  metric: z.string(),
  unit: z.string(),
  sampleCount: z.number(),
  median: z.number(),
  medianLow: z.number().nullable(),
  medianHigh: z.number().nullable(),
  mad: z.number(),
  minimum: z.number(),
  maximum: z.number(),
});
/** One case, one tool, one run: the median in `unit` with its 95 % interval. */
export type Measurement = z.infer<typeof MeasurementRow>;

const MEASUREMENT_COLUMNS = `id, run_id AS runId, case_id AS caseId, tool, runner, metric, unit,
  sample_count AS sampleCount, median, median_low AS medianLow, median_high AS medianHigh, mad, minimum, maximum`;

/** The measurements of one run: wall time first, then by case (numbers in it by size) and tool. */
export function listMeasurements(store: Store, runId: string): Measurement[] {
  return sorted(store.rows(MeasurementRow, `SELECT ${MEASUREMENT_COLUMNS} FROM measurement WHERE run_id = ?`, runId));
}

function sorted(measurements: Measurement[]): Measurement[] {
  return measurements.toSorted(
    (a, b) =>
      b.metric.localeCompare(a.metric, "en") ||
      a.caseId.localeCompare(b.caseId, "en", { numeric: true }) ||
      a.tool.localeCompare(b.tool, "en"),
  );
}

const RatioRow = z.object({
  name: z.string(),
  numeratorLabel: z.string(),
  numerator: z.number(),
  denominatorLabel: z.string(),
  denominator: z.number(),
  unit: z.string(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number(),
});
/** Two figures of one run held against each other. */
export type Ratio = z.infer<typeof RatioRow>;

/** The ratios of one run, by name. */
export function listRatios(store: Store, runId: string): Ratio[] {
  return store.rows(
    RatioRow,
    `SELECT name, numerator_label AS numeratorLabel, numerator, denominator_label AS denominatorLabel, denominator,
       unit, value, low, high, n FROM ratio WHERE run_id = ? ORDER BY name`,
    runId,
  );
}

const NotRunRow = z.object({ runner: z.string(), reason: z.string() });
/** A runner that was meant to run and could not. */
export type NotRun = z.infer<typeof NotRunRow>;

/** What a bench run could not do. */
export function listNotRun(store: Store, runId: string): NotRun[] {
  return store.rows(NotRunRow, "SELECT runner, reason FROM not_run WHERE run_id = ? ORDER BY runner", runId);
}

const SampleRow = z.object({
  caseId: z.string(),
  tool: z.string(),
  metric: z.string(),
  unit: z.string(),
  ordinal: z.number(),
  value: z.number(),
});

/** Every sample of one run, grouped by measurement and in the order taken. */
export function listSamples(
  store: Store,
  runId: string,
): { caseId: string; tool: string; metric: string; unit: string; samples: number[] }[] {
  const rows = store.rows(
    SampleRow,
    `SELECT m.case_id AS caseId, m.tool, m.metric, m.unit, s.ordinal, s.value
     FROM measurement AS m JOIN sample AS s ON s.measurement_id = m.id
     WHERE m.run_id = ? ORDER BY m.case_id, m.tool, m.metric, s.ordinal`,
    runId,
  );
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.caseId, row.tool, row.metric, row.unit]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { caseId, tool, metric, unit } = first;
    return [{ caseId, tool, metric, unit, samples: group.map(({ value }) => value) }];
  });
}

/** One point of a series. */
export interface SeriesPoint {
  run: Run;
  measurement: Measurement;
}

/** One case and metric of one tool on one testbed over its runs, oldest first. */
export interface Series {
  caseId: string;
  tool: string;
  metric: string;
  unit: string;
  points: SeriesPoint[];
}

/** Everything that was timed on one testbed. */
export interface Testbed {
  environmentId: string;
  /** The newest run of each suite of benches there, newest first; the figures below are theirs. */
  newestRuns: Run[];
  /** The newest runs, oldest first: those that `series` is about. */
  runs: Run[];
  /** How many there are in all. */
  runCount: number;
  measurements: Measurement[];
  ratios: Ratio[];
  notRun: NotRun[];
  series: Series[];
}

/** Every testbed with bench runs; the one measured last comes first. */
export const listTestbeds = oncePerStore((store: Store): Testbed[] => {
  const benches = listRuns(store).filter((run) => run.suite === "bench");
  const byEnvironment = Map.groupBy(benches, (run) => run.environmentId);
  return [...byEnvironment.entries()].map(([environmentId, runs]) => {
    const bySuite = Map.groupBy(runs, (run) => run.suiteHash);
    const newestRuns = [...bySuite.values()].flatMap((ofSuite) => ofSuite.slice(0, 1));
    const shown = runs.slice(0, HISTORY_RUNS).toReversed();
    return {
      environmentId,
      newestRuns,
      runs: shown,
      runCount: runs.length,
      measurements: sorted(newestRuns.flatMap(({ id }) => listMeasurements(store, id))),
      ratios: newestRuns.flatMap(({ id }) => listRatios(store, id)),
      notRun: newestRuns.flatMap(({ id }) => listNotRun(store, id)),
      series: seriesOf(store, shown),
    };
  });
});

function seriesOf(store: Store, runs: Run[]): Series[] {
  const points = runs.flatMap((run) => listMeasurements(store, run.id).map((measurement) => ({ run, measurement })));
  const groups = Map.groupBy(points, ({ measurement: m }) => JSON.stringify([m.metric, m.unit, m.caseId, m.tool]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { caseId, tool, metric, unit } = first.measurement;
    return [{ caseId, tool, metric, unit, points: group }];
  });
}
