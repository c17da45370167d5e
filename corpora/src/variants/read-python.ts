/** Reads the names of Python files with CPython's own parser. Nothing of them is run. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { findPython, runPython, WANTED } from "../derive/python/interpreter.ts";
import { CorpusError } from "../errors.ts";
import { type NameUse, type ProjectNames, type SourceNames, wordsOf } from "./names.ts";

const PROGRAM = fileURLToPath(new URL("./python/drift_names.py", import.meta.url));

const RESERVED =
  "False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass print raise return self cls try type while with yield".split(
    " ",
  );

/** 1-based line and column. */
const At = z.tuple([z.int(), z.int()]);
const Read = z.strictObject({
  file: z.string(),
  unreadable: z.null(),
  names: z.array(
    z.strictObject({
      name: z.string(),
      at: At,
      /** -1: only a builtin can be meant; null: all files may mean it. */
      binding: z.int().nullable(),
      inScope: z.boolean(),
      defines: z.boolean(),
      parameter: z.boolean(),
      /** A function or class. */
      function: z.boolean(),
    }),
  ),
  bindings: z.array(z.tuple([At, At])),
  texts: z.array(z.string()),
  keywords: z.array(z.string()),
  outside: z.array(z.string()),
  injected: z.boolean(),
  reflects: z.string().nullable(),
  comments: z.array(z.strictObject({ start: At, end: At, isText: z.boolean() })),
  headers: z.array(At),
  readsDocstrings: z.boolean(),
  tree: z.string(),
});
type Read = z.infer<typeof Read>;
const Answer = z.strictObject({
  files: z.array(z.union([Read, z.strictObject({ file: z.string(), unreadable: z.string() })])),
  library: z.array(z.string()),
});

/**
 * @param files relative to `root`
 * @throws CorpusError `CORPUS_CLIENT` when there is no Python of at least 3.11
 */
export async function readPython(
  root: string,
  files: readonly string[],
  env?: Record<string, string | undefined>,
): Promise<ProjectNames> {
  const python = await findPython(env);
  if (python === null) throw new CorpusError("CORPUS_CLIENT", WANTED.message, { hint: WANTED.hint });
  const said = await runPython(python, [PROGRAM], { input: JSON.stringify({ root, files }), onLine: () => {} });
  const answer = Answer.parse(JSON.parse(said));
  const read = answer.files.filter((one): one is Read => one.unreadable === null);
  const project = {
    keywords: new Set(read.flatMap(({ keywords }) => keywords)),
    modules: new Set(files.flatMap((file) => file.replace(/\.pyi?$/, "").split("/"))),
    // Somebody reads docstrings, so they are no comments.
    areTextsComments: !read.some(({ readsDocstrings }) => readsDocstrings),
  };
  return {
    files: await Promise.all(
      read.map(async (one) => describe(one, await readFile(path.join(root, one.file), "utf8"), project)),
    ),
    library: new Set([...answer.library, ...RESERVED]),
    unreadable: answer.files.flatMap(({ file, unreadable }) =>
      unreadable === null ? [] : [{ file, reason: unreadable }],
    ),
    comment: "  # ",
  };
}

function describe(
  read: Read,
  text: string,
  project: { keywords: ReadonlySet<string>; modules: ReadonlySet<string>; areTextsComments: boolean },
): SourceNames {
  const lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ([line, column]: z.infer<typeof At>): number => (lines[line - 1] ?? 0) + column - 1;
  // A parameter that some call names, or that a test runner fills by its name, is called so in all files.
  const isPassedByName = ({ name, parameter }: Read["names"][number]): boolean =>
    parameter && (project.keywords.has(name) || read.injected);
  const byName = new Set(read.names.flatMap((one) => (isPassedByName(one) ? [one.binding] : [])));
  const uses = read.names.map(({ name, at, binding, inScope, parameter, ...said }): NameUse => {
    const start = offset(at);
    const of = binding === -1 ? "free" : binding === null || byName.has(binding) ? "shared" : binding;
    // The runner fills it with what is defined elsewhere.
    const defines = said.defines && !(parameter && read.injected && !project.keywords.has(name));
    return { start, end: start + name.length, name, of, bound: binding === -1 ? null : binding, inScope, defines };
  });
  const asked = new Set(read.names.flatMap((one) => (one.parameter || one.function ? [one.binding] : [])));
  const free = uses.flatMap(({ of, name }) => (of === "free" ? [name] : []));
  const found = uses.filter(({ name }) => /^(?:test|Test|pytest_)/.test(name)).map(({ name }) => name);
  return {
    file: read.file,
    text,
    uses,
    bindings: read.bindings.map(([start, end], number) => ({
      extent: { start: offset(start), end: offset(end) },
      mayBeAsked: asked.has(number),
    })),
    kept: new Set([...read.texts.flatMap(wordsOf), ...read.outside, ...free, ...found, ...project.modules]),
    reflects: read.reflects,
    comments: read.comments
      .filter(({ isText }) => !isText || project.areTextsComments)
      .map(({ start, end, isText }) => ({ start: offset(start), end: offset(end), isText })),
    headers: read.headers.map(offset),
    tree: read.tree,
  };
}
