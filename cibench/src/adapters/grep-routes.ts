/** What a developer finds who searches for words of access control around routes, and for who names a function, and who names that. */
import { folderOf } from "../folder.ts";
import type { Choice, ChoiceAnswer, ChoiceItem, ChoiceTask } from "../schema/choice.ts";
import type { AdapterContext } from "./adapter.ts";
import { readTexts, type TextFunction, type TextProject } from "./text-functions.ts";

/** Routes whose handler names the function, directly or by way of functions of its folder, with no word of access control nearby. */
export async function grepRoutes(task: ChoiceTask, root: string, { signal, clock }: AdapterContext): Promise<object> {
  const start = clock();
  const project = await readTexts(root, signal);
  const routes = task.choices.map((choice) => ({ choice, handlers: handlersOf(choice, project) }));
  const open = routes.filter(({ choice, handlers }) => !isGuarded(choice, handlers, project));
  const read = clock();
  const items = task.items.map((item): ChoiceAnswer => {
    const naming = functionsLeadingTo(item, project);
    const chosen = open.filter(
      ({ choice, handlers }) => item.choices.includes(choice.id) && handlers.some((one) => naming.has(one)),
    );
    return {
      itemId: item.id,
      status: "likely",
      chosen: chosen.map(({ choice }) => ({ choice: choice.id, probability: 1 })),
    };
  });
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

const GUARD = /auth|guard|requir|login|session|permission|allowed|role/i;
/** Whoever searches upwards gives up after so many names. */
const DEPTH = 5;

/** Functions of the file that are named where the route is added. */
function handlersOf({ file, span }: Choice, { lines, functions }: TextProject): TextFunction[] {
  const text = (lines.get(file) ?? []).slice((span?.line ?? 1) - 1, span?.endLine ?? 1).join("\n");
  const words = new Set(text.match(/[\w$]+/g));
  return functions.filter((one) => one.file === file && words.has(one.name));
}

function isGuarded({ file, span }: Choice, handlers: readonly TextFunction[], { lines }: TextProject): boolean {
  const text = (lines.get(file) ?? []).slice((span?.line ?? 1) - 1, span?.endLine ?? 1);
  return [text, ...handlers.map((one) => one.lines)].some((some) => some.some((line) => GUARD.test(line)));
}

function functionsLeadingTo({ subjects: [subject] }: ChoiceItem, { functions }: TextProject): Set<TextFunction> {
  const found = new Set<TextFunction>();
  const folder = folderOf(subject?.file ?? "");
  const near = functions.filter(({ file }) => folderOf(file) === folder);
  let names = new Set([subject?.name?.split(/[.#]/).at(-1) ?? ""]);
  for (let depth = 0; depth < DEPTH && names.size > 0; depth++) {
    const next = new Set<string>();
    for (const one of near) {
      if (found.has(one) || !one.lines.slice(1).some((line) => hasWord(line, names))) continue;
      found.add(one);
      next.add(one.name);
    }
    names = next;
  }
  return found;
}

function hasWord(line: string, names: ReadonlySet<string>): boolean {
  return (line.match(/[\w$]+/g) ?? []).some((word) => names.has(word));
}
