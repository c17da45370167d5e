/** A figure and how sure it is. */
import { z } from "zod";

/**
 * A figure with its 95 % interval *on these corpora*: files resampled within each corpus, 2,000 seeded resamples,
 * percentile. `value` is null when the denominator is 0; `low` and `high` are null too when a corpus has a single
 * file, because nothing can be resampled then. `n` is what it was counted over: predictions for a precision, edges
 * for recall and F1, strata for a macro mean, statements for a mean over these, corpora for a mean over corpora.
 */
export const Estimate = z.strictObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().nonnegative(),
});
export type Estimate = z.infer<typeof Estimate>;
