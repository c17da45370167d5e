/** What a developer finds who searches functions for the words of a rule: some have what the rule is about and not what it asks for. */
import type { ChoiceAnswer, ChoiceTask } from "../schema/choice.ts";
import type { AdapterContext } from "./adapter.ts";
import { readTexts, textOfChoice } from "./text-functions.ts";

/**
 * The words of the rule that stand in the code, by their beginnings: the first is what it is about, one of the others is what it asks
 * for. A function with the first and none of the others is said to break it.
 */
export async function grepPatterns(task: ChoiceTask, root: string, { signal, clock }: AdapterContext): Promise<object> {
  const start = clock();
  const project = await readTexts(root, signal);
  const texts = new Map(task.choices.map((choice) => [choice.id, textOfChoice(choice, project).toLowerCase()]));
  const read = clock();
  const all = [...texts.values()].join("\n");
  const items = task.items.map((item): ChoiceAnswer => {
    const rule = /: (?<rule>[^.]*)\./.exec(item.question)?.groups?.["rule"] ?? "";
    const [about, ...wanted] = (rule.toLowerCase().match(/[a-z]{4,}/g) ?? [])
      .map((word) => word.slice(0, STEM))
      .filter((stem) => all.includes(stem));
    if (about === undefined || wanted.length === 0)
      return { itemId: item.id, status: "unknown", reason: "the words of the rule are not in the code", chosen: [] };
    const broken = item.choices.filter((id) => {
      const text = texts.get(id) ?? "";
      return text.includes(about) && wanted.every((stem) => !text.includes(stem));
    });
    return { itemId: item.id, status: "likely", chosen: broken.map((choice) => ({ choice, probability: 1 })) };
  });
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

/** Letters that forms of one word share. */
const STEM = 5;
