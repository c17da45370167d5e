/**
 * What the imports of a project alone say: a call goes to a definition of its name in files that are imported, and what imports
 * a changed file breaks. The least that who understands a project has to beat.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileImports, Importers, ImportScanner, reachable } from "@drift/corpora";
import type { AnswerOf, AnswerTarget, CallSiteAnswer, ChangeAnswer } from "../schema/answer.ts";
import type { CallSiteItem, ChangeItem, ChangeTask } from "../schema/task.ts";
import type { AdapterContext, Contestant } from "./adapter.ts";
import { definitionHits, type Hit } from "./grep.ts";
import { forecastOf, targetHits } from "./hit-forecasts.ts";
import { importsContexts } from "./imports-contexts.ts";
import { answerByExports } from "./package-exports.ts";

export const importsAdapter: Contestant = {
  name: "imports",
  role: "contestant",
  isHere: true,
  languages: ["javascript", "typescript", "python"],
  version: async () => "1",
  answer: (task, root, context) =>
    search(task, root, context, (hits, filesOf) => task.items.map((item) => answerCall(item, hits, filesOf))),
  changes: async (task, root, { clock }) => {
    const start = clock();
    const importers = await Importers.of(root);
    const read = clock();
    const items = task.items.map((item) => answerChange(item, task, importers));
    return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
  },
  contexts: importsContexts,
  rules: answerByExports,
  propositions: (task, root, context) =>
    search(task, root, context, (hits, filesOf) => {
      const hitOf = targetHits([...hits.values()].flat());
      return task.items.map((item) => forecastOf(item, answerCall(item, hits, filesOf), hitOf));
    }),
};

type FilesOf = (file: string) => ReadonlySet<string>;

async function search<Said>(
  task: { id: string; files: readonly string[] },
  root: string,
  { signal, onProgress, clock }: AdapterContext,
  itemsFrom: (hits: ReadonlyMap<string, Hit[]>, filesOf: FilesOf) => Said[],
): Promise<AnswerOf<Said>> {
  const start = clock();
  const scanner = new ImportScanner(task.files);
  const imports = new Map<string, FileImports>();
  const hits = new Map<string, Hit[]>();
  for (const [index, file] of task.files.entries()) {
    signal.throwIfAborted();
    const text = await readFile(join(root, file), "utf8");
    imports.set(file, scanner.scan(file, text));
    for (const hit of definitionHits(file, text)) hits.set(hit.name, [...(hits.get(hit.name) ?? []), hit]);
    onProgress("search", index + 1, task.files.length);
  }
  const searched = clock();
  const seen = new Map<string, Set<string>>();
  const filesOf = (file: string): Set<string> => {
    const known = seen.get(file) ?? reachable(file, imports);
    seen.set(file, known);
    return known;
  };
  const items = itemsFrom(hits, filesOf);
  return { taskId: task.id, items, usage: { indexMs: searched - start, answerMs: clock() - searched } };
}

/** Definitions of the name in the same file, else in files that it imports, else the outside. */
function answerCall(
  { id, file, callee }: Pick<CallSiteItem, "id" | "file" | "callee">,
  hits: ReadonlyMap<string, readonly Hit[]>,
  filesOf: FilesOf,
): CallSiteAnswer {
  if (callee === null) return { itemId: id, status: "unknown", reason: "no name to look for", targets: [] };
  const named = hits.get(callee.name) ?? [];
  const here = named.filter((hit) => hit.file === file);
  const found = here.length > 0 ? here : named.filter((hit) => filesOf(file).has(hit.file));
  if (found.length === 0)
    return { itemId: id, status: "external", targets: [{ external: callee.name, probability: 1 }] };
  const targets = found.map((hit): AnswerTarget => ({
    file: hit.file,
    line: hit.line,
    column: hit.column,
    probability: 1 / found.length,
  }));
  return { itemId: id, status: "likely", targets: targets.slice(0, MAX_TARGETS) };
}

/** As many as are worth reading. */
const MAX_TARGETS = 20;

/** Test files that import the changed file, however indirectly. What does not compile cannot be told from imports. */
function answerChange({ id, file }: ChangeItem, { testFiles }: ChangeTask, importers: Importers): ChangeAnswer {
  const reached = new Set(importers.all(file));
  const breaks = testFiles
    .filter((test) => reached.has(test))
    .map((test) => ({ what: "test" as const, file: test, probability: 1 }));
  return { itemId: id, status: "likely", breaks };
}
