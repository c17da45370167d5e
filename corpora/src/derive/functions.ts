/** The named functions of source files, each with what its own code says: what two versions of a file are compared by. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CorpusError } from "../errors.ts";
import { findPython, runPython, WANTED } from "./python/interpreter.ts";

/**
 * A named function (or class without a constructor, as the truth about calls counts them). What stands in a named function
 * within it belongs to that one; functions without a name belong to the one around them.
 */
export const OwnFunction = z.strictObject({
  /** `file:line:column`, as the id of a `Definition`. */
  id: z.string(),
  file: z.string(),
  /** Qualified by what it stands in, such as `Box.open`. */
  name: z.string(),
  /** Of its syntax tree: comments, docstrings, white space, quotes and parentheses do not count, nor does the version. */
  digest: z.string(),
  /** The same without annotations, and of these alone: of parameters, results and variables, type parameters and casts. */
  code: z.string(),
  types: z.string(),
  /** How often each identifier stands in it, and each string that could be one; none that the language's own objects have. */
  words: z.array(z.tuple([z.string(), z.int()])),
  /** Numbers of issues that its text mentions. */
  issues: z.array(z.string()),
});
export type OwnFunction = z.infer<typeof OwnFunction>;

export interface ReadFunctions {
  /** In the order of `files` and positions. */
  functions: OwnFunction[];
  /** Files that do not parse, are too large, or are not there. */
  unreadable: string[];
}

/** A source file that people write is shorter. */
const MOST_BYTES = 2 * 2 ** 20;

const Answer = z.strictObject({ functions: z.array(OwnFunction), unreadable: z.array(z.string()) });

/**
 * Reads the functions of `files` (relative to `root`); nothing of them is run. What is neither JavaScript, TypeScript nor
 * Python is left out.
 *
 * @param options `version`: a string that is nothing but this is the same in all versions
 * @throws CorpusError `CORPUS_CLIENT` when there are Python files and no Python of at least 3.11
 */
export async function readFunctions(
  root: string,
  files: readonly string[],
  options: { version: string; env?: Record<string, string | undefined> },
): Promise<ReadFunctions> {
  const read: ReadFunctions = { functions: [], unreadable: [] };
  const python = files.filter((file) => /\.pyi?$/.test(file));
  for (const file of files.filter((one) => /\.[cm]?[jt]sx?$/.test(one))) {
    const text = await textOf(path.join(root, file));
    // The compiler is large, and a Python corpus needs none of it.
    const { readScript } = await import("./functions/script.ts");
    const found = text === null ? null : readScript(file, text, options.version);
    if (found === null) read.unreadable.push(file);
    else read.functions.push(...found);
  }
  if (python.length === 0) return read;
  const interpreter = await findPython(options.env);
  if (interpreter === null) throw new CorpusError("CORPUS_CLIENT", WANTED.message, { hint: WANTED.hint });
  const program = fileURLToPath(new URL("./functions/functions.py", import.meta.url));
  const input = JSON.stringify({ root, files: python, version: options.version, mostBytes: MOST_BYTES });
  const said = Answer.parse(JSON.parse(await runPython(interpreter, [program], { input, onLine: () => {} })));
  return {
    functions: [...read.functions, ...said.functions],
    unreadable: [...read.unreadable, ...said.unreadable],
  };
}

async function textOf(file: string): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true || found.size > MOST_BYTES) return null;
  return readFile(file, "utf8");
}
