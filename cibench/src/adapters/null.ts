/** Answers nothing: the score of a tool that does not exist. */
import type { SelfCheck } from "./adapter.ts";

export const nullAdapter: SelfCheck = {
  name: "null",
  role: "self-check",
  version: async () => "1",
  answer: async (task) => ({ taskId: task.id, items: [], usage: { indexMs: 0, answerMs: 0 } }),
};
