/** The small changes that can be made to Python files, found by CPython's own parser. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CorpusError } from "../../errors.ts";
import { Operator } from "../../truth/mutation.ts";
import { findPython, runPython, WANTED } from "../python/interpreter.ts";
import { type Mutant, mutantId } from "./mutants.ts";

const PROGRAM = fileURLToPath(new URL("../python/mutants/drift_mutants.py", import.meta.url));

const Changes = z.strictObject({
  version: z.string(),
  changes: z.array(
    z.strictObject({
      operator: Operator,
      file: z.string(),
      line: z.int(),
      column: z.int(),
      endLine: z.int(),
      endColumn: z.int(),
      text: z.string(),
      probe: z.int(),
      owner: z.string().nullable(),
    }),
  ),
  unreadable: z.array(z.string()),
});

type Env = Record<string, string | undefined> | undefined;

/**
 * Every change of these files, by file and in the order of the walk. Files that do not parse or are not UTF-8 have none.
 *
 * @throws CorpusError `CORPUS_CLIENT` when there is no Python of at least 3.11
 */
export async function pythonMutantsOf(root: string, files: readonly string[], env: Env): Promise<Mutant[]> {
  const { changes } = Changes.parse(await ask({ root, files }, env));
  const starts = new Map<string, number[]>();
  for (const { file } of changes) {
    if (!starts.has(file)) starts.set(file, lineStarts(await readFile(path.join(root, file), "utf8")));
  }
  return changes.map(({ operator, file, text, probe, owner, ...span }) => {
    const offset = (line: number, column: number): number => (starts.get(file)?.[line - 1] ?? 0) + column - 1;
    return {
      id: mutantId(file, span, operator),
      operator,
      file,
      from: offset(span.line, span.column),
      to: offset(span.endLine, span.endColumn),
      text,
      span,
      probe: `${file}:${probe}`,
      owner,
    };
  });
}

/** Which of these texts CPython parses. */
export async function parsesAsPython(texts: readonly string[], env: Env): Promise<boolean[]> {
  return z.strictObject({ parses: z.array(z.boolean()) }).parse(await ask({ texts }, env)).parses;
}

async function ask(question: object, env: Env): Promise<unknown> {
  const python = await findPython(env);
  if (python === null) throw new CorpusError("CORPUS_CLIENT", WANTED.message, { hint: WANTED.hint });
  return JSON.parse(await runPython(python, [PROGRAM], { input: JSON.stringify(question), onLine: () => {} }));
}

/** Lines end as Python has it: at a form feed or a line separator of Unicode none does. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
}
