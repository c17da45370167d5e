/** Published against fresh projects. */
import { z } from "zod";
import { Estimate } from "./estimate.ts";
import { Category } from "./task.ts";

/** One category of one tool: signed scores on generated corpora, and the first minus the second. */
export const FreshGap = z.strictObject({
  tool: z.string(),
  category: Category,
  published: Estimate,
  fresh: Estimate,
  gap: Estimate,
});
export type FreshGap = z.infer<typeof FreshGap>;

/** What `run --fresh --gaps <file>` adds up: the gaps of each tool for each seed, the last of each. */
export const FreshRecord = z.strictObject({
  schemaVersion: z.literal(1),
  entries: z.array(
    z.strictObject({
      tool: z.string(),
      toolVersion: z.string(),
      seed: z.int().min(0),
      /** Makes it again. */
      command: z.string(),
      suiteVersion: z.string(),
      /** When the run on fresh projects began. */
      startedAt: z.iso.datetime(),
      gaps: z.array(FreshGap),
    }),
  ),
});
export type FreshRecord = z.infer<typeof FreshRecord>;
