/** Results that grow over many runs, or are measured seldom: one committed file each, in `results/long/`. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { z } from "zod";
import { writeFileAtomically } from "./atomic-file.ts";

export const FuzzTarget = z.enum(["front-end", "solver"]);
export type FuzzTarget = z.infer<typeof FuzzTarget>;

const Count = z.int().nonnegative();

/** What `drift-fuzz run` prints: one stretch of work on one target. */
export const FuzzRun = z.strictObject({
  target: FuzzTarget,
  /** Names the sources that decide over facts and graphs. */
  engine: z.string().min(1),
  seed: Count,
  /** Number of the first case, and of the one to go on with. */
  first: Count,
  next: Count,
  executions: Count,
  /** Processor time of the workers in milliseconds. */
  cpuMs: Count,
  /** Files in `crates/drift-fuzz/corpus/`. */
  findings: z.array(z.string()),
});
export type FuzzRun = z.infer<typeof FuzzRun>;

/** All work on one target with one engine and seed, in the order in which it began. */
export const FuzzRecord = z.strictObject({ schemaVersion: z.literal(1), runs: z.array(FuzzRun) });
export type FuzzRecord = z.infer<typeof FuzzRecord>;

const Seconds = z.number().nonnegative();

/** What indexing one folder cost; processor time in seconds by stage. */
export const IndexCost = z.strictObject({
  files: Count,
  callSites: Count,
  cpuSeconds: Seconds,
  /** The share of it that went into resolving: imports, the solver, the answer. */
  solverSeconds: Seconds,
  peakBytes: Count.nullable(),
});
export type IndexCost = z.infer<typeof IndexCost>;

/** Runs of indexing that were killed at random moments, by engine, seed and size of the project. */
export const KillRecord = z.strictObject({
  schemaVersion: z.literal(1),
  runs: z.array(
    z.strictObject({
      /** The commit; with a `+` when there were changes beside it. */
      engine: z.string().min(1),
      seed: Count,
      files: Count,
      /** Number of the first kill, and of the one to go on with. */
      first: Count,
      next: Count,
      /** Runs that were killed at work, and runs that had ended before. */
      killed: Count,
      late: Count,
      /** What the index held afterwards. */
      left: z.strictObject({ nothing: Count, old: Count, new: Count }),
      failures: z.array(z.string()),
    }),
  ),
});
export type KillRecord = z.infer<typeof KillRecord>;

/** One generated project. `one`: JavaScript and TypeScript. `mixed`: half of it Python. `packages`: `size` packages. */
export const ScaleRow = z.strictObject({
  shape: z.enum(["one", "mixed", "packages"]),
  size: Count,
  ...IndexCost.shape,
});
export type ScaleRow = z.infer<typeof ScaleRow>;

export const ScaleRecord = z.strictObject({
  schemaVersion: z.literal(1),
  environment: z.string(),
  commit: z.string(),
  seed: Count,
  rows: z.array(ScaleRow),
});
export type ScaleRecord = z.infer<typeof ScaleRecord>;

/** How the cost of indexing grows with the number of generated files. */
export const GrowthRecord = z.strictObject({
  schemaVersion: z.literal(1),
  environment: z.string(),
  commit: z.string(),
  seed: Count,
  rounds: Count.min(1),
  /** The least of all rounds for each size, ascending. */
  sizes: z.array(IndexCost).min(2),
  /** `k` of cost = c · (n · log n)^k, fitted by least squares over the logarithms; above 1 the cost grows faster. */
  exponent: z.strictObject({ cpu: z.number(), solver: z.number(), memory: z.number().nullable() }),
});
export type GrowthRecord = z.infer<typeof GrowthRecord>;

const Estimate = z.strictObject({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });
const Half = z.enum(["tune", "report"]);
const Proportion = z.strictObject({ successes: Count, of: Count.min(1), low: z.number(), high: z.number() });

/** How good the change points are; see `harness/src/suites/change-points.ts` for what each figure means. */
export const ChangePointRecord = z.strictObject({
  schemaVersion: z.literal(1),
  options: z.strictObject({ alpha: z.number(), minimumEffect: z.number(), minimumSigmas: z.number() }),
  /** The packages that were run; null when they were left out. */
  rivals: z.record(z.string(), z.string()).nullable(),
  methods: z.array(
    z.strictObject({
      method: z.string(),
      half: Half,
      series: Count,
      f1: Estimate,
      covering: Estimate,
      lead: z.strictObject({ f1: Estimate, covering: Estimate }).nullable(),
    }),
  ),
  /** By method. */
  series: z.record(
    z.string(),
    z.array(
      z.strictObject({ name: z.string(), half: Half, found: z.array(Count), f1: z.number(), covering: z.number() }),
    ),
  ),
  simulated: z.strictObject({ n: Count, sd: z.number(), seed: Count }),
  noise: z.array(z.strictObject({ kind: z.string(), falsePoints: Proportion })),
  steps: z.array(z.strictObject({ kind: z.string(), by: z.number(), found: Proportion, near: Proportion })),
});
export type ChangePointRecord = z.infer<typeof ChangePointRecord>;

const Milliseconds = z.number().nonnegative();

/** What the history endured; see `harness/src/suites/history-stress.ts`. */
export const HistoryStressRecord = z.strictObject({
  schemaVersion: z.literal(1),
  environment: z.string(),
  commit: z.string(),
  seed: Count,
  killed: z.strictObject({
    writes: Count,
    kills: Count,
    lost: z.array(z.string()),
    damaged: Count,
    rebuildEqual: z.boolean(),
  }),
  size: z.strictObject({
    measurements: Count,
    series: Count,
    pointsPerSeries: Count,
    bytes: Count,
    queryMs: z.strictObject({ median: Milliseconds, largest: Milliseconds, queries: Count }),
    insertMs: Milliseconds,
  }),
});
export type HistoryStressRecord = z.infer<typeof HistoryStressRecord>;

/** @throws DriftError `BAD_RESULT_FILE` when the file is there and is not what is expected */
export function readLongFile<T>(folder: string, name: string, schema: z.ZodType<T>): T | undefined {
  const file = path.join(folder, "long", `${name}.json`);
  if (!fs.existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (cause) {
    throw new DriftError("BAD_RESULT_FILE", `results/long/${name}.json cannot be read`, {
      hint: "Restore it from git, or remove it to start anew.",
      cause,
    });
  }
}

/** Replaces the file. @throws DriftError `DISK_FULL`, `DISK_READ_ONLY` */
export function writeLongFile(folder: string, name: string, record: unknown): void {
  writeFileAtomically(path.join(folder, "long", `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Adds a stretch of work to the record: to the last one where it goes on with the same engine and that found nothing,
 * else as one of its own.
 */
export function addFuzzRun(record: FuzzRecord, run: FuzzRun): FuzzRecord {
  const at = record.runs.findLastIndex(({ target }) => target === run.target);
  const last = record.runs[at];
  const goesOn = last?.engine === run.engine && last.seed === run.seed && last.next === run.first;
  if (!goesOn || last.findings.length > 0) {
    return { ...record, runs: [...record.runs, run] };
  }
  const joined: FuzzRun = {
    ...last,
    next: run.next,
    executions: last.executions + run.executions,
    cpuMs: last.cpuMs + run.cpuMs,
    findings: run.findings,
  };
  return { ...record, runs: record.runs.with(at, joined) };
}

/** Where a target stands: all that was done, and what came since the last finding. */
export interface FuzzStanding {
  target: FuzzTarget;
  executions: number;
  cpuMs: number;
  /** Processor time since the last finding, with whatever engine; and of it that of the newest engine. */
  cleanCpuMs: number;
  cleanOfNewestMs: number;
  newestEngine: string | null;
  findings: number;
  next: number;
}

export function fuzzStanding({ runs }: FuzzRecord, target: FuzzTarget): FuzzStanding {
  const mine = runs.filter((run) => run.target === target);
  const clean = mine.slice(mine.findLastIndex(({ findings }) => findings.length > 0) + 1);
  const newestEngine = mine.at(-1)?.engine ?? null;
  const sum = (of: readonly FuzzRun[]): number => of.reduce((total, { cpuMs }) => total + cpuMs, 0);
  return {
    target,
    executions: mine.reduce((total, run) => total + run.executions, 0),
    cpuMs: sum(mine),
    cleanCpuMs: sum(clean),
    cleanOfNewestMs: sum(clean.filter(({ engine }) => engine === newestEngine)),
    newestEngine,
    findings: new Set(mine.flatMap(({ findings }) => findings)).size,
    next: mine.reduce((next, run) => Math.max(next, run.next), 0),
  };
}
