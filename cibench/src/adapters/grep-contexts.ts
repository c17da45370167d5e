/** What a developer finds to read who searches for names: definitions of what a function calls, and lines that call it. */
import type { ContextAnswer, ContextItem, ContextTask, Excerpt } from "../schema/context.ts";
import type { AdapterContext } from "./adapter.ts";
import { calledNames, readTexts, type TextFunction, type TextProject } from "./text-functions.ts";

/** Functions of the names that are called, in the order of the calls; else lines that call the name in question. */
export async function grepContexts(
  task: ContextTask,
  root: string,
  { signal, clock }: AdapterContext,
): Promise<object> {
  const start = clock();
  const project = await readTexts(root, signal);
  const files = new Set(task.files);
  const searched = { files, project, byName: Map.groupBy(project.functions, ({ name }) => name) };
  const read = clock();
  const items = task.items.map((item): ContextAnswer => ({ itemId: item.id, excerpts: search(item, searched) }));
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

/** A search result that long is not read to its end. */
const MOST_EXCERPTS = 200;
/** Of a name that is defined more often no definition is opened. */
const MOST_DEFINITIONS = 5;

interface Searched {
  files: ReadonlySet<string>;
  project: TextProject;
  byName: ReadonlyMap<string, readonly TextFunction[]>;
}

function search({ kind, subject }: ContextItem, searched: Searched): Excerpt[] {
  const { file, span, name } = subject;
  const all = searched.project.lines.get(file) ?? [];
  const text = all.slice((span?.line ?? 1) - 1, span?.endLine ?? all.length).join("\n");
  const found = kind === "callers" ? callsOf(name, searched) : definitionsOf(calledNames(text), searched);
  return found.filter((one) => one.file !== file && searched.files.has(one.file)).slice(0, MOST_EXCERPTS);
}

function callsOf(name: string | null, { project, files }: Searched): Excerpt[] {
  const last = name?.split(/[.#]/).at(-1) ?? "";
  if (!/^[\w$]+$/.test(last)) return [];
  return [...files].flatMap((file) =>
    (project.lines.get(file) ?? []).flatMap((line, index) =>
      line.includes(last) && calledNames(line).includes(last) ? [{ file, line: index + 1, endLine: index + 1 }] : [],
    ),
  );
}

function definitionsOf(names: readonly string[], { byName }: Searched): Excerpt[] {
  return [...new Set(names)].flatMap((name) => {
    const found = byName.get(name) ?? [];
    return found.length > MOST_DEFINITIONS
      ? []
      : found.map(({ file, line, lines }) => ({ file, line, endLine: line + lines.length - 1 }));
  });
}
