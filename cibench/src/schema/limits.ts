/** How much a tool may take: of each item, of each corpus, of a whole run. */
import { z } from "zod";

const milliseconds = z.number().positive();
const tokens = z.int().positive();
const usd = z.number().positive();

/** What an item may take. An answer that takes more counts as none. Null: there is no such limit, or the tool is not asked item by item. */
export const ItemLimits = z.strictObject({
  timeMs: milliseconds.nullable(),
  /** Of a language model, as the tool says. */
  tokens: tokens.nullable(),
  costUsd: usd.nullable(),
});
export type ItemLimits = z.infer<typeof ItemLimits>;

/**
 * The limits of a run. What is not answered of a corpus in its time has not run on it; when the run has taken all that it may, what it has not
 * been asked yet is not measured. Null: there is no such limit.
 */
export const RunLimits = z.strictObject({
  item: ItemLimits,
  /** For each corpus and category. */
  corpusTimeMs: milliseconds,
  runTimeMs: milliseconds.nullable(),
  runTokens: tokens.nullable(),
  runCostUsd: usd.nullable(),
});
export type RunLimits = z.infer<typeof RunLimits>;
