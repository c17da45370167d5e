/** One line of a run's item file: the raw answer beside what became of it, so that a run can be scored again. */
import { z } from "zod";
import { ItemAnswer } from "./answer.ts";
import { ItemOutcome } from "./score.ts";

export const ItemRecord = z.strictObject({
  outcome: ItemOutcome,
  /** What the tool said, word for word; null when it said nothing, or when the item follows from others (a pair). */
  answer: ItemAnswer.nullable(),
});
export type ItemRecord = z.infer<typeof ItemRecord>;
