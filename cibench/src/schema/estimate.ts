/** A figure and how sure it is. */
import { z } from "zod";

/**
 * A figure with its 95 % interval *on these corpora*: files resampled within each corpus, 2,000 seeded resamples,
 * percentiles; those of the scores of newer reports are expanded (`intervals` of a report). `value` is null when the denominator is 0; `low` and `high` are null too when a corpus has a single
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

/**
 * Means over corpora with their 95 % interval *for new corpora*: Student's t, from five corpora on. It says how the tool would do on others
 * like these, not on these again.
 */
export const NewCorpora = z.strictObject({
  /** Null, as `low` and `high`, where there is a `reason`. Signed, like the scores of which it is the mean. */
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** How many were averaged. */
  corpora: z.int().nonnegative(),
  /** Why there is no interval. */
  reason: z.string().nullable(),
});
export type NewCorpora = z.infer<typeof NewCorpora>;
