/** Answers that were made elsewhere: a file with one `Prediction` (`src/schema/protocol.ts`) a line. */
import { createReadStream } from "node:fs";
import { Category } from "../schema/task.ts";
import { type AnswerAny, type Contestant, forAllMethods, Unsupported } from "./adapter.ts";
import { jsonLines, type LineLimits, Unusable } from "./json-lines.ts";

export interface PredictionsOptions {
  name: string;
  file: string;
  version: string;
  limits?: LineLimits;
}

/**
 * Per corpus, the lines of its task. A line that names no task could belong to any, so it counts as malformed in each.
 * A file without a line about a corpus has not run on it; one without a line of a category does not support it.
 */
export function predictionsAdapter({ name, file, version, limits }: PredictionsOptions): Contestant {
  const answer: AnswerAny = async (task, _root, { signal, clock }) => {
    const begun = clock();
    const items: unknown[] = [];
    let isAbout = false;
    const categories = new Set<Category>();
    for await (const line of jsonLines(createReadStream(file, { signal }), limits)) {
      const taskId = taskOf(line);
      const category = Category.safeParse(taskId?.split("/")[0]);
      if (category.success) categories.add(category.data);
      if (taskId !== task.id && taskId !== undefined) continue;
      isAbout ||= taskId === task.id;
      items.push(itemOf(line, task.id).value);
    }
    // A file that names no category is one about calls that went wrong.
    const isCovered = categories.has(task.category) || (categories.size === 0 && task.category === "call-graph");
    if (!isCovered) throw new Unsupported("the file has no line of this category");
    if (!isAbout) throw new Error(`the file has no line with "taskId":"${task.id}"`);
    return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - begun } };
  };
  return {
    name,
    role: "contestant",
    selector: `--predictions ${JSON.stringify(file)} --name ${name}`,
    version: async () => version,
    ...forAllMethods(answer),
  };
}

/**
 * A line as an item of an answer: without its task, if that is the one that was asked.
 *
 * @returns `itemId` as far as there is one; `value` is whatever was given, where it is no prediction
 */
export function itemOf(line: unknown, taskId: string): { itemId: string | undefined; value: unknown } {
  if (line instanceof Unusable || typeof line !== "object" || line === null || taskOf(line) !== taskId) {
    return { itemId: undefined, value: line };
  }
  const { taskId: _, ...value } = line as Record<string, unknown>;
  return { itemId: typeof value["itemId"] === "string" ? value["itemId"] : undefined, value };
}

function taskOf(line: unknown): string | undefined {
  const isObject = typeof line === "object" && line !== null && "taskId" in line;
  return isObject && typeof line.taskId === "string" ? line.taskId : undefined;
}
