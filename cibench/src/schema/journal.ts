/** The lines of the journal of a run that is not finished (`journal.ts`). */
import { z } from "zod";
import { AnswerProblems, FaultKind, ItemAnswer, ModelUsage, Usage } from "./answer.ts";

/** The first line. */
export const JournalHead = z.strictObject({
  journal: z.literal(1),
  startedAt: z.iso.datetime(),
  /** What answers rest on: where one of these is another one, they are of no use. */
  basis: z.record(z.string(), z.string()),
});
export type JournalHead = z.infer<typeof JournalHead>;

/** One thing that a tool said. */
export const Said = z.union([z.strictObject({ unusable: FaultKind }), z.strictObject({ answer: z.unknown() })]);
export type Said = z.infer<typeof Said>;

const head = { taskId: z.string(), spentMs: z.number().nonnegative() };

/** Every other line: a question that was put alone, or a whole task, which takes the place of its questions. */
export const JournalLine = z.union([
  z.strictObject({
    ...head,
    exchange: z.strictObject({
      itemId: z.string(),
      isLate: z.boolean(),
      said: z.array(Said),
      answerMs: z.number().nonnegative(),
      usage: ModelUsage,
      peakBytes: z.int().nonnegative().nullable(),
    }),
  }),
  z.strictObject({
    ...head,
    asked: z.discriminatedUnion("state", [
      z.strictObject({
        state: z.literal("answered"),
        answer: z.strictObject({ taskId: z.string(), items: z.array(ItemAnswer), usage: Usage }),
        problems: AnswerProblems,
      }),
      z.strictObject({ state: z.literal("unsupported"), reason: z.string() }),
    ]),
  }),
]);
export type JournalLine = z.infer<typeof JournalLine>;
