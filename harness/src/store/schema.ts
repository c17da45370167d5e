/**
 * The records of the store: one small immutable file per run, and the raw lines that it was computed from.
 * The tables of `migrations/` hold the same facts, one to one.
 */
import { Report } from "@drift/cibench";
import { z } from "zod";
import { CaseId, Commit, Environment } from "./testbed-schema.ts";

export { CaseId, Commit, Environment } from "./testbed-schema.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const Unit = z.enum(["ns", "bytes", "count"]);
export type Unit = z.infer<typeof Unit>;

/** The figures of one case for one tool. Its samples are the line of the raw file with the same three keys. */
export const MeasurementSummary = z.strictObject({
  caseId: CaseId,
  tool: z.string(),
  runner: z.enum(["criterion", "tinybench", "process"]),
  metric: z.enum(["wall", "cpu", "peak-memory"]),
  unit: Unit,
  sampleCount: z.int().positive(),
  median: z.number().nonnegative(),
  /** 95 % percentile-bootstrap interval of the median; null with fewer than two samples. */
  medianLow: z.number().nonnegative().nullable(),
  medianHigh: z.number().nonnegative().nullable(),
  mad: z.number().nonnegative(),
  minimum: z.number().nonnegative(),
  maximum: z.number().nonnegative(),
});
export type MeasurementSummary = z.infer<typeof MeasurementSummary>;

/** The timings of one case by one tool in one run: raw output of a runner. */
export const Measurement = MeasurementSummary.pick({
  caseId: true,
  tool: true,
  runner: true,
  metric: true,
  unit: true,
}).extend({
  /** In `unit`, in the order taken. */
  samples: z.array(z.number().nonnegative()).min(1),
});
export type Measurement = z.infer<typeof Measurement>;

/** Two figures of one run held against each other. */
export const Ratio = z.strictObject({
  name: CaseId,
  numeratorLabel: z.string(),
  numerator: z.number().nonnegative(),
  denominatorLabel: z.string(),
  denominator: z.number().positive(),
  unit: Unit,
  value: z.number().nonnegative(),
  low: z.number().nonnegative().nullable(),
  high: z.number().nonnegative().nullable(),
  /** Rounds or items it rests on. */
  n: z.int().positive(),
});
export type Ratio = z.infer<typeof Ratio>;

/** What a bench run found. */
export const BenchReport = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  suite: z.strictObject({ name: z.literal("bench"), version: z.string(), hash: sha256 }),
  subject: z.strictObject({
    name: z.string(),
    version: z.string(),
    role: z.literal("contestant"),
    command: z.string(),
  }),
  seed: z.int(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  measurements: z.array(MeasurementSummary),
  ratios: z.array(Ratio),
  /** Runners that were meant to run and did not, with the reason. */
  notRun: z.array(z.strictObject({ runner: z.string(), reason: z.string() })),
  reproduce: z.string(),
});
export type BenchReport = z.infer<typeof BenchReport>;

const runFileBase = {
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][A-Za-z0-9.-]*$/),
  environment: Environment,
  commit: Commit,
  engineVersion: z.string().nullable(),
  loadAverage: z.number().nonnegative(),
  /** sha256 over everything that went in; an equal one means that running again can only repeat the answer. */
  inputSha256: sha256,
  /** The raw lines: `results/raw/<sha256>.jsonl.gz`, hashed uncompressed. */
  raw: z.strictObject({ sha256, lines: z.int().nonnegative() }),
};

/** One run as a file: scores, manifest, hashes. Written once, never changed. */
export const RunFile = z.discriminatedUnion("suite", [
  z.strictObject({ ...runFileBase, suite: z.literal("cibench"), report: Report }),
  z.strictObject({ ...runFileBase, suite: z.literal("bench"), report: BenchReport }),
]);
export type RunFile = z.infer<typeof RunFile>;

/** The largest run file that is written, in bytes. */
export const RUN_FILE_LIMIT_BYTES = 250_000;

/** The largest compressed raw file that is published, in bytes. */
export const RAW_FILE_LIMIT_BYTES = 3_000_000;
