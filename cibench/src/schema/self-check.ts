/** What `cibench selfcheck` prints. */
import { z } from "zod";
import { Category } from "./task.ts";

export const SelfCheckEntry = z.strictObject({
  category: Category,
  kind: z.enum(["real", "synthetic"]),
  /** The trivial answer that was given. */
  baseline: z.string(),
  /** What it reached; null when truth has no edge. */
  raw: z.number().nullable(),
  /** What it had to reach. */
  expected: z.number(),
  floor: z.number(),
  /** (raw − floor) / (1 − floor), signed. */
  score: z.number().nullable(),
  /** True when `raw` is as expected and the floor is at most .5. */
  passed: z.boolean(),
});
export type SelfCheckEntry = z.infer<typeof SelfCheckEntry>;

export const SelfCheckResult = z.strictObject({
  schemaVersion: z.literal(1),
  /** True when there was something to check and all of it passed. */
  passed: z.boolean(),
  seed: z.int(),
  entries: z.array(SelfCheckEntry),
});
export type SelfCheckResult = z.infer<typeof SelfCheckResult>;
