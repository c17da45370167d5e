/** What `cibench rescore`, `compare` and `verify-submission` print. */
import { z } from "zod";
import { Estimate } from "./estimate.ts";
import { Badge } from "./report.ts";
import { Category } from "./task.ts";

const Kind = z.enum(["real", "synthetic"]);

export const RescoredRun = z.strictObject({
  file: z.string(),
  runId: z.string(),
  /** `same`: the report is regenerated bit for bit; `another-suite`: truth or rules are others now. */
  state: z.enum(["same", "another-suite", "differs"]),
  /** Scores that are others now; null where there is none. */
  moved: z.array(
    z.strictObject({ category: Category, kind: Kind, stored: z.number().nullable(), now: z.number().nullable() }),
  ),
});
export type RescoredRun = z.infer<typeof RescoredRun>;

export const RescoreOutput = z.strictObject({ schemaVersion: z.literal(1), runs: z.array(RescoredRun) });
export type RescoreOutput = z.infer<typeof RescoreOutput>;

/** One figure of two runs on the same items. */
export const ComparedFigure = z.strictObject({
  category: Category,
  kind: Kind,
  /** Null: raw, over all corpora of the kind. */
  corpus: z.string().nullable(),
  a: z.number().nullable(),
  b: z.number().nullable(),
  /** `a` − `b`, paired: both are resampled with the same files. */
  difference: Estimate,
  /** Items that only the one has, or has better. */
  aBetter: z.int().nonnegative(),
  bBetter: z.int().nonnegative(),
});
export type ComparedFigure = z.infer<typeof ComparedFigure>;

export const CompareOutput = z.strictObject({
  schemaVersion: z.literal(1),
  a: z.string(),
  b: z.string(),
  seed: z.int(),
  /** The largest difference first. */
  figures: z.array(ComparedFigure),
  /** Items that differ, those of `a` first; at most 1,000. */
  items: z.array(
    z.strictObject({ category: Category, corpus: z.string(), itemId: z.string(), a: z.number(), b: z.number() }),
  ),
});
export type CompareOutput = z.infer<typeof CompareOutput>;

/** What `verify-submission` looks at, in this order. */
export const SubmissionCheck = z.enum(["files", "form", "evidence", "text", "name", "corpora", "suite", "scores"]);
export type SubmissionCheck = z.infer<typeof SubmissionCheck>;

export const VerifyOutput = z.strictObject({
  schemaVersion: z.literal(2),
  verified: z.boolean(),
  /** What such a run may be shown as; null when it may not be shown. */
  badge: Badge.nullable(),
  /** One for each thing that was looked at; of one that failed, one for each finding. What needs a failed one is left out. */
  checks: z.array(z.strictObject({ check: SubmissionCheck, passed: z.boolean(), detail: z.string() })),
});
export type VerifyOutput = z.infer<typeof VerifyOutput>;
