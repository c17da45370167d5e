/** Answers nothing: the score of a tool that does not exist. */
import type { AnswerOf } from "../schema/answer.ts";
import { forAllMethods, type SelfCheck } from "./adapter.ts";

export const nullAdapter: SelfCheck = {
  name: "null",
  role: "self-check",
  version: async () => "1",
  ...forAllMethods(async (task: { id: string }) => nothing(task)),
};

function nothing({ id }: { id: string }): AnswerOf<never> {
  return { taskId: id, items: [], usage: { indexMs: 0, answerMs: 0 } };
}
