/** Answers that were made elsewhere: a file with one `Prediction` (`src/schema/protocol.ts`) a line. */
import { createReadStream } from "node:fs";
import { ModelUsage } from "../schema/answer.ts";
import { Category } from "../schema/task.ts";
import { type AnswerAny, type Contestant, forAllMethods, Unsupported } from "./adapter.ts";
import { addUsage } from "./exchanges.ts";
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
  const answer: AnswerAny = async (task, _root, { signal, clock, read = (said) => said }) => {
    const begun = clock();
    const items: unknown[] = [];
    let used: ModelUsage = {};
    let isAbout = false;
    const categories = new Set<Category>();
    for await (const line of jsonLines(createReadStream(file, { signal }), limits)) {
      const taskId = taskOf(line);
      const category = Category.safeParse(taskId?.split("/")[0]);
      if (category.success) categories.add(category.data);
      if (taskId !== task.id && taskId !== undefined) continue;
      isAbout ||= taskId === task.id;
      const { value, usage } = itemOf(line, task.id);
      used = addUsage(used, usage);
      items.push(read(value));
    }
    // A file that names no category is one about calls that went wrong.
    const isCovered = categories.has(task.category) || (categories.size === 0 && task.category === "call-graph");
    if (!isCovered) throw new Unsupported("the file has no line of this category");
    if (!isAbout) throw new Error(`the file has no line with "taskId":"${task.id}"`);
    return { taskId: task.id, items, usage: { indexMs: 0, answerMs: clock() - begun, ...used } };
  };
  return {
    name,
    role: "contestant",
    isReady: true,
    selector: `--predictions ${JSON.stringify(file)} --name ${name}`,
    version: async () => version,
    ...forAllMethods(answer),
  };
}

/** What a line says about one item. */
export interface SaidItem {
  /** As far as there is one. */
  itemId: string | undefined;
  /** An item of an answer, without its task, if that is the one that was asked; whatever was given, where it is no prediction. */
  value: unknown;
  /** Empty where it says nothing, or what cannot be. */
  usage: ModelUsage;
}

/** A line as an item of an answer to this task. */
export function itemOf(line: unknown, taskId: string): SaidItem {
  if (line instanceof Unusable || typeof line !== "object" || line === null || taskOf(line) !== taskId) {
    return { itemId: undefined, value: line, usage: {} };
  }
  const { taskId: _, usage: said, ...item } = line as Record<string, unknown>;
  const usage = ModelUsage.safeParse(said);
  // What no usage is belongs to the item, where it is a fault.
  const value = usage.success || said === undefined ? item : { ...item, usage: said };
  const itemId = typeof item["itemId"] === "string" ? item["itemId"] : undefined;
  return { itemId, value, usage: usage.data ?? {} };
}

function taskOf(line: unknown): string | undefined {
  const isObject = typeof line === "object" && line !== null && "taskId" in line;
  return isObject && typeof line.taskId === "string" ? line.taskId : undefined;
}
