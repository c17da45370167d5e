/** What a developer finds who searches for the name that a value is read into, and then for the functions that it is given to. */
import { folderOf } from "../folder.ts";
import type { Choice, ChoiceAnswer, ChoiceItem, ChoiceTask } from "../schema/choice.ts";
import type { AdapterContext } from "./adapter.ts";
import { calledNames, functionAt, readTexts, type TextFunction, type TextProject } from "./text-functions.ts";

/** Looks for listed calls on lines that name the value, there and in functions that it is passed on to, three deep. */
export async function grepFlows(task: ChoiceTask, root: string, { signal, clock }: AdapterContext): Promise<object> {
  const start = clock();
  const project = await readTexts(root, signal);
  const read = clock();
  const choices = new Map(task.choices.map((choice) => [choice.id, choice]));
  const items = task.items.map((item): ChoiceAnswer => {
    const offered = item.choices.flatMap((id) => choices.get(id) ?? []);
    const chosen = sinksOf(item, project, offered);
    return { itemId: item.id, status: "likely", chosen: chosen.map((choice) => ({ choice, probability: 1 })) };
  });
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

const DEPTH = 3;
/** Words that stand where a value is made harmless: a placeholder, quoting, masking. */
const HARMLESS = /\?"|'\?'|quot|escap|sanit|mask|hash|redact|encod/i;

function sinksOf({ subjects: [source], kind }: ChoiceItem, project: TextProject, offered: readonly Choice[]): string[] {
  const line = source?.span?.line;
  if (source === undefined || line === undefined) return [];
  const start = functionAt(project, source.file, line);
  const variable = assignedName(project.lines.get(source.file)?.[line - 1] ?? "");
  if (start === undefined || variable === undefined) return [];
  const found = new Set<string>();
  const seen = new Set<TextFunction>();
  const follow = (one: TextFunction, from: number, names: ReadonlySet<string>, depth: number): void => {
    if (seen.has(one) || depth > DEPTH) return;
    seen.add(one);
    const named = new Set(names);
    one.lines.forEach((text, index) => {
      const at = one.line + index;
      if (at <= from || !mentions(text, named)) return;
      const assigned = assignedName(text);
      if (assigned !== undefined) named.add(assigned);
      const isHarmless = HARMLESS.test(one.lines.slice(Math.max(0, from - one.line + 1), index + 1).join("\n"));
      for (const { id, file, span } of offered) {
        if (file === one.file && span?.line === at && !(kind === "harm" && isHarmless)) found.add(id);
      }
      for (const name of calledNames(text)) {
        for (const next of defined(name, one, project)) follow(next, next.line, parametersOf(next), depth + 1);
      }
    });
  };
  follow(start, line, new Set([variable]), 1);
  return [...found];
}

/** The name before the equals sign of a line; a type may stand before it, or behind it. */
function assignedName(line: string): string | undefined {
  const left = /^(?<left>[^=(]*[^=(!<>:])\s*:?=(?!=)/.exec(line)?.groups?.["left"] ?? "";
  const declared = /^\s*(?:export\s+)?(?:var|let|const)\s+(?<name>[\w$]+)/.exec(left)?.groups?.["name"];
  return declared ?? /(?<name>[\w$]+)(?:\s*:[^:]*)?\s*$/.exec(left)?.groups?.["name"];
}

/** Definitions of a name in the same folder; elsewhere only where there is a single one. */
function defined(name: string, from: TextFunction, { functions }: TextProject): TextFunction[] {
  const all = functions.filter((one) => one.name === name && one !== from);
  const near = all.filter(({ file }) => folderOf(file) === folderOf(from.file));
  if (near.length > 0) return near;
  return all.length === 1 ? all : [];
}

function parametersOf({ lines, name }: TextFunction): Set<string> {
  const head = lines[0] ?? "";
  return new Set(head.slice(head.indexOf(name) + name.length).match(/[\w$]+/g));
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  return (text.match(/[\w$]+/g) ?? []).some((word) => names.has(word));
}
