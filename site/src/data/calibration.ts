/** How well stated probabilities hold: the record that `cibench calibration show --out` writes beside the results. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { DriftError } from "../errors.ts";

const Interval = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

const Figures = z.object({
  corpora: z.number(),
  edges: z.number(),
  right: z.number(),
  brier: Interval,
  constant: z.number(),
  skill: Interval,
  miscalibration: z.number(),
  discrimination: z.number(),
  uncertainty: z.number(),
});
/** Brier score of some edges, and what it is made of. */
export type BrierFigures = z.infer<typeof Figures>;

const Band = z.object({ low: z.number(), high: z.number() });

const Bin = z.object({
  low: z.number(),
  high: z.number(),
  edges: z.number(),
  stated: z.number(),
  observed: Interval,
  band: Band.optional(),
});
/** Edges of like probability. */
export type ReliabilityBin = z.infer<typeof Bin>;

const Calibration = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  command: z.string(),
  all: Figures,
  closed: Figures.nullable(),
  ran: Figures.nullable(),
  atWorst: Figures.nullable(),
  synthetic: Figures.nullable(),
  reliability: z.array(Bin),
  /** Records from before there was a curve do not have it. */
  risk: z.array(z.object({ coverage: z.number(), risk: z.number() })).optional(),
});
/** What the site shows of the record. */
export type Calibration = z.infer<typeof Calibration>;

/**
 * The record of Drift beside the results database `dbFile`, or null when there is none.
 *
 * @throws DriftError `CALIBRATION_UNREADABLE` when it is there and is no such record
 */
export function readCalibration(dbFile: string): Calibration | null {
  const file = path.join(path.dirname(dbFile), "calibration", "drift.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return null; // Not measured.
  }
  try {
    return Calibration.parse(JSON.parse(text));
  } catch (cause) {
    throw new DriftError("CALIBRATION_UNREADABLE", "the record of calibration cannot be read", {
      hint: 'Make it again with "npm run --silent cibench -- calibration show --out results/calibration/drift.json".',
      cause,
    });
  }
}
