/** Calibration of confidences that anybody hands in, a line each. */
import { z } from "zod";
import { Estimate } from "./estimate.ts";

/** One statement with its confidence. Lines of one `cluster` stand or fall together and are resampled as one. */
export const CalibrationLine = z.strictObject({
  confidence: z.number().min(0).max(1),
  correct: z.boolean(),
  cluster: z.string(),
});
export type CalibrationLine = z.infer<typeof CalibrationLine>;

/** A figure with its 95 % interval, and what chance (or a constant) would give; nulls where it cannot be had, with the reason. */
export const CalibrationFigure = z.strictObject({
  ...Estimate.shape,
  floor: z.number().nullable(),
  reason: z.string().nullable(),
});
export type CalibrationFigure = z.infer<typeof CalibrationFigure>;

const count = z.int().nonnegative();

/** `calibration --in`. */
export const CalibrationLines = z.strictObject({
  schemaVersion: z.literal(1),
  lines: count,
  clusters: count,
  correct: count,
  seed: z.int(),
  resamples: count,
  /** Mean confidence − share of correct lines: above 0 is overconfident. */
  bias: CalibrationFigure,
  /** Mean of (confidence − correct)² = miscalibration − discrimination + uncertainty (CORP). */
  brier: CalibrationFigure,
  miscalibration: z.number(),
  discrimination: z.number(),
  uncertainty: z.number(),
  /** 1 − brier / uncertainty: against who says the share of correct lines everywhere. */
  skill: z.number().nullable(),
  skillReason: z.string().nullable(),
  ece: CalibrationFigure,
  mce: CalibrationFigure,
  smoothEce: CalibrationFigure,
  auroc: CalibrationFigure,
  /** Area under the risk-coverage curve: lower is better. */
  riskCoverage: CalibrationFigure,
  /** Share of wrong lines among the most confident ones. */
  risk: z.array(z.strictObject({ coverage: z.number(), risk: z.number() })),
});
export type CalibrationLines = z.infer<typeof CalibrationLines>;
