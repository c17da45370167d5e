/**
 * Whether an adapter works at all. A peer that misses plain calls of functions of the same file is not bad, its adapter is
 * broken; so each has to find 95 % of them in a generated project before its answers count.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { predictedTargets } from "../../evaluators/graph-edges.ts";
import type { CallSiteAnswer } from "../../schema/answer.ts";
import type { CallGraphTask, CallSiteItem } from "../../schema/task.ts";

/** Recall of direct calls in the same file, at least. */
export const LEAST_RECALL = 0.95;

const FILES = 3;
const FUNCTIONS = 20;
/** A step that has no divisor in common with the number of functions visits all of them. */
const STEP = 7;

/** One function per entry, with two calls, as lines; the calls stand after the same indentation. */
const DIALECTS: Readonly<Record<string, (name: string, calls: readonly string[]) => string[]>> = {
  ".ts": (name, calls) => [
    `export function ${name}(n: number): void {`,
    ...calls.map((call) => `    ${call}(n);`),
    "}",
  ],
  ".js": (name, calls) => [`export function ${name}(n) {`, ...calls.map((call) => `    ${call}(n);`), "}"],
  ".py": (name, calls) => [`def ${name}(n):`, ...calls.map((call) => `    ${call}(n)`), ""],
};

interface Project {
  texts: Map<string, string>;
  task: CallGraphTask;
  /** The line of the function that each item enters. */
  lines: Map<string, number>;
}

/** The endings of the languages for which there is a project. */
export function checkable(files: readonly string[]): string[] {
  return Object.keys(DIALECTS).filter((ending) => files.some((file) => file.endsWith(ending)));
}

/** Small functions that call each other within their file. */
export function directCalls(ending: string): Project {
  const write = DIALECTS[ending];
  if (write === undefined) throw new Error(`there is no generated project for files ending in ${ending}`);
  const texts = new Map<string, string>();
  const lines = new Map<string, number>();
  const items: CallSiteItem[] = [];
  for (let index = 0; index < FILES; index++) {
    const file = `part${index}${ending}`;
    const text: string[] = [];
    for (let number = 0; number < FUNCTIONS; number++) {
      const callees = [1, 2].map((times) => (number + index + times * STEP) % FUNCTIONS);
      const names = callees.map((callee) => `work${callee}`);
      for (const [at, name] of names.entries()) {
        const line = text.length + 2 + at;
        const span = { line, column: 5, endLine: line, endColumn: 5 + name.length + 3 };
        const id = `${file}:${line}:5-${line}:${span.endColumn}`;
        items.push({ id, file, span, callee: { name, line, column: 5 }, syntax: "call" });
        lines.set(id, 1 + 4 * (callees[at] as number));
      }
      text.push(...write(`work${number}`, names));
    }
    texts.set(file, `${text.join("\n")}\n`);
  }
  const files = [...texts.keys()];
  const about = { id: "call-graph/direct-calls", version: 1, level: 1, category: "call-graph" } as const;
  return { texts, lines, task: { ...about, corpus: "direct-calls", files, items } };
}

/**
 * @param ask answers the items of a task about the files below a folder
 * @throws Error when too few calls are found
 */
export async function assertFindsDirectCalls(
  ending: string,
  ask: (task: CallGraphTask, root: string) => Promise<CallSiteAnswer[]>,
): Promise<void> {
  const { texts, task, lines } = directCalls(ending);
  const root = await mkdtemp(join(tmpdir(), "cibench-peer-"));
  try {
    await mkdir(root, { recursive: true });
    for (const [file, text] of texts) await writeFile(join(root, file), text);
    const files = new Map(task.items.map(({ id, file }) => [id, file]));
    const found = (await ask(task, root)).filter((answer) =>
      predictedTargets(answer).some(
        (target) =>
          "line" in target && target.file === files.get(answer.itemId) && target.line === lines.get(answer.itemId),
      ),
    );
    if (found.length >= LEAST_RECALL * task.items.length) return;
    throw new Error(
      `the adapter is broken: it finds ${found.length} of ${task.items.length} direct calls of a generated project (${ending})`,
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
