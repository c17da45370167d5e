/** What imports alone say one has to read: whole files that a file imports, or that import it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileImports, ImportScanner, reachable } from "@drift/corpora";
import type { ContextAnswer, ContextTask, Excerpt } from "../schema/context.ts";
import type { AdapterContext } from "./adapter.ts";

/** Files that are imported directly come first, then those that are reached through what hands names on. */
export async function importsContexts(task: ContextTask, root: string, context: AdapterContext): Promise<object> {
  const start = context.clock();
  const asked = new Set(task.items.map(({ subject }) => subject.file));
  const files = [...new Set([...task.files, ...asked])];
  const scanner = new ImportScanner(files);
  const imports = new Map<string, FileImports>();
  const lengths = new Map<string, number>();
  for (const file of files) {
    context.signal.throwIfAborted();
    const text = await readFile(join(root, file), "utf8");
    imports.set(file, scanner.scan(file, text));
    lengths.set(file, text.split(/\r\n|\n|\r/).length);
  }
  const read = context.clock();
  const whole = new Set(task.files);
  const items = task.items.map(({ id, kind, subject: { file } }): ContextAnswer => {
    const named = kind === "callers" ? importersOf(file, imports) : importedBy(file, imports);
    const excerpts = named
      .filter((one) => one !== file && whole.has(one))
      .map((one): Excerpt => ({ file: one, line: 1, endLine: lengths.get(one) ?? 1 }));
    return { itemId: id, excerpts };
  });
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: context.clock() - read } };
}

function importedBy(file: string, imports: ReadonlyMap<string, FileImports>): string[] {
  return [...new Set([...(imports.get(file)?.imported ?? []), ...reachable(file, imports)])];
}

function importersOf(file: string, imports: ReadonlyMap<string, FileImports>): string[] {
  return [...imports].flatMap(([one, { imported }]) => (imported.includes(file) ? [one] : []));
}
