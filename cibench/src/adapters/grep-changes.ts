/** What a developer finds who searches the tests for the name of the function that is changed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChangeAnswer } from "../schema/answer.ts";
import type { ChangeItem, ChangeTask } from "../schema/task.ts";
import type { AdapterContext } from "./adapter.ts";

/** Looks upwards from the changed line for a definition, and for its name as a word in every test file. */
export async function grepChanges(task: ChangeTask, root: string, { signal, clock }: AdapterContext): Promise<object> {
  const start = clock();
  const lines = new Map<string, string[]>();
  for (const file of task.files) lines.set(file, (await readFile(join(root, file), "utf8")).split(/\r\n|\n|\r/));
  const words = new Map<string, Set<string>>();
  for (const file of task.testFiles) {
    signal.throwIfAborted();
    words.set(file, new Set((await readFile(join(root, file), "utf8")).match(/[\w$]+/g)));
  }
  const read = clock();
  const items = task.items.map((item) => answerChange(item, lines.get(item.file) ?? [], words));
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

function answerChange(
  { id, span }: ChangeItem,
  lines: readonly string[],
  words: ReadonlyMap<string, ReadonlySet<string>>,
): ChangeAnswer {
  const name = nameAbove(lines, span.line);
  if (name === null) return { itemId: id, status: "unknown", reason: "no name to search for", breaks: [] };
  const found = [...words].filter(([, inTest]) => inTest.has(name));
  return {
    itemId: id,
    status: "likely",
    breaks: found.map(([file]) => ({ what: "test", file, probability: 1 })),
  };
}

/** The last name that looks defined on this line or above it. */
function nameAbove(lines: readonly string[], line: number): string | null {
  for (let index = line - 1; index >= 0; index--) {
    const match = DEFINITION.exec((lines[index] ?? "").slice(0, LONGEST_LINE));
    const name = match?.groups?.["declared"] ?? match?.groups?.["assigned"] ?? match?.groups?.["method"];
    if (name !== undefined && !KEYWORDS.has(name)) return name;
  }
  return null;
}

/** Minified lines are not read. */
const LONGEST_LINE = 500;
const KEYWORDS = new Set(["if", "for", "while", "switch", "catch", "function", "return", "with", "constructor"]);
const DEFINITION =
  /\b(?:function\s*\*?|class|def)\s+(?<declared>[\w$]+)|\b(?<assigned>[\w$]+)\s*[:=]\s*(?:async\s+)?(?:function\b|\([^)]*\)\s*(?::[^=]*)?=>|[\w$]+\s*=>)|^\s*(?:(?:async|static|get|set|public|private|protected)\s+)*(?<method>[\w$]+)\s*\([^;]*\{\s*$/;
