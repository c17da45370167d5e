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
