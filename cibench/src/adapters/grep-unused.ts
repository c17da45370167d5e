/** What a developer finds who searches for other mentions of a name, and for marks of generated files. */
import { folderOf } from "../folder.ts";
import type { ChoiceAnswer, ChoiceItem, ChoiceTask } from "../schema/choice.ts";
import type { AdapterContext } from "./adapter.ts";
import { isTestFile, readTexts, type TextProject } from "./text-functions.ts";

/** A name that stands nowhere else is dead, one that else stands in tests alone is for tests; generated files say so somewhere. */
export async function grepUnused(task: ChoiceTask, root: string, { signal, clock }: AdapterContext): Promise<object> {
  const start = clock();
  const project = await readTexts(root, signal);
  const mentions = countWords(project);
  const names = new Map(task.choices.map(({ id, name }) => [id, name?.split(/[.#]/).at(-1) ?? ""]));
  const read = clock();
  const items = task.items.map((item): ChoiceAnswer => {
    const chosen =
      item.kind === "edit"
        ? editedFiles(item, project)
        : item.choices.filter((id) => {
            const { program = 0, tests = 0 } = mentions.get(names.get(id) ?? "") ?? {};
            return program === 1 && (item.kind === "dead" ? tests === 0 : tests > 0);
          });
    return { itemId: item.id, status: "likely", chosen: chosen.map((choice) => ({ choice, probability: 1 })) };
  });
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

function countWords({ lines }: TextProject): Map<string, { program: number; tests: number }> {
  const counts = new Map<string, { program: number; tests: number }>();
  for (const [file, text] of lines) {
    for (const word of text.join("\n").match(/[\w$]+/g) ?? []) {
      const count = counts.get(word) ?? { program: 0, tests: 0 };
      counts.set(word, count);
      count[isTestFile(file) ? "tests" : "program"] += 1;
    }
  }
  return counts;
}

const CODE = /\.(?:[cm]?[jt]sx?|py|go|java)$/;

/** Of a generated file, what is no code and named like its folder; else the file itself. */
function editedFiles({ subjects: [subject], choices }: ChoiceItem, { lines }: TextProject): string[] {
  const file = subject?.file ?? "";
  const attributes = lines.get(".gitattributes") ?? [];
  const header = (lines.get(file) ?? []).slice(0, 3);
  const isGenerated =
    attributes.some((line) => line.startsWith(`${file} `) && line.includes("generated")) ||
    header.some((line) => /generated|do not edit/i.test(line));
  if (!isGenerated) return [file];
  const folder = folderOf(file).split("/").at(-1)?.replaceAll("_", "").toLowerCase() ?? "";
  return choices.filter((one) => !CODE.test(one) && one.replaceAll("_", "").toLowerCase().includes(folder));
}
