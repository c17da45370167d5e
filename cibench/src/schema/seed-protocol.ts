/** Eight tasks, 0 to 2 points each, with a tool and without: what `cibench seed-protocol` prints. */
import { z } from "zod";
import { Estimate } from "./estimate.ts";
import { Category } from "./task.ts";

const share = z.number().min(0).max(1);

export const ProtocolSide = z.strictObject({
  /** Of these items, (macro F1 − floor) / (1 − floor) with the floor of the category on these corpora; null where there is none. */
  score: Estimate.nullable(),
  /** Null where the tool did not run. */
  points: z.int().min(0).max(2).nullable(),
  /** `unsupported` (0 points, and it counts) or `not-run`; null where there is a score. */
  state: z.enum(["scored", "unsupported", "not-run"]),
});
export type ProtocolSide = z.infer<typeof ProtocolSide>;

export const ProtocolResult = z.strictObject({
  kind: z.enum(["real", "synthetic"]),
  /** Those that have such items. */
  corpora: z.array(z.string()),
  items: z.int().nonnegative(),
  with: ProtocolSide,
  without: ProtocolSide,
});
export type ProtocolResult = z.infer<typeof ProtocolResult>;

export const ProtocolTask = z.strictObject({
  id: z.string().regex(/^T[1-8]$/),
  /** What was asked in the original protocol. */
  title: z.string(),
  category: Category,
  /** Kinds of items of the category that ask it here. */
  strata: z.array(z.string()),
  /** The corpora whose points count in the total: real ones where they have such items. */
  counts: z.enum(["real", "synthetic"]),
  /** On real and on generated code, where these have such items. */
  results: z.array(ProtocolResult),
});
export type ProtocolTask = z.infer<typeof ProtocolTask>;

export const SeedProtocolOutput = z.strictObject({
  schemaVersion: z.literal(1),
  command: z.string(),
  suiteHash: z.string(),
  with: z.strictObject({ tool: z.string(), runId: z.string() }),
  without: z.strictObject({ tool: z.string(), runId: z.string() }),
  seed: z.int(),
  /** Scores from which on a task is worth 2 points, and 1. */
  rubric: z.strictObject({ full: share, partial: share }),
  tasks: z.array(ProtocolTask),
  /** Null where a task that counts was not run. */
  points: z.strictObject({ with: z.int().nullable(), without: z.int().nullable(), of: z.int() }),
});
export type SeedProtocolOutput = z.infer<typeof SeedProtocolOutput>;
