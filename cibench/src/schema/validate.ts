/** What `cibench validate` prints. */
import { z } from "zod";
import { AnswerProblems } from "./answer.ts";
import { Category } from "./task.ts";

export const ValidateOutput = z.strictObject({
  schemaVersion: z.literal(1),
  corpora: z.array(
    z.strictObject({
      category: Category,
      corpus: z.string(),
      /** Items asked about. */
      items: z.int().nonnegative(),
      /** Null where the file says nothing about the corpus, or cannot be read. */
      problems: AnswerProblems.nullable(),
      /** Why there are none; null when there are. */
      notRun: z.string().nullable(),
    }),
  ),
});
export type ValidateOutput = z.infer<typeof ValidateOutput>;
