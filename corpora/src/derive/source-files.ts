/** Which files of a version hold the code that people write for a package. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { CorpusSpec } from "../manifest.ts";
import { selectFiles } from "../tree.ts";

/** Folders and names of tests, of other people's code, and of what programs write. */
const TESTS =
  /(?:^|\/)(?:tests?|__tests__|spec|fixtures?|testing)\/|[._-](?:test|spec)\.[^/]+$|(?:^|\/)(?:test_[^/]*|conftest)\.py$/;
const VENDORED = /(?:^|\/)(?:_?vendor(?:ed)?|third[_-]party|node_modules|external)\//;
const GENERATED = /(?:^|\/)(?:dist|generated|__generated__)\/|\.(?:min|bundle|generated)\.[^/]+$|\.d\.[cm]?ts$/;
/** What generators write into the first lines of their files. */
const MARK = /@generated\b|\bauto-?generated\b|\bgenerated (?:by|from|file)\b|\bdo not edit\b/i;
const MARKED_CHARACTERS = 600;

/** Whether a path alone says that a file is a test, vendored or generated. */
export function isLeftOut(file: string): boolean {
  return TESTS.test(file) || VENDORED.test(file) || GENERATED.test(file);
}

/** Whether a source file says in its first lines that a program wrote it. */
export function saysGenerated(text: string): boolean {
  return MARK.test(text.slice(0, MARKED_CHARACTERS));
}

/** Of all files of a version, those under measure that are neither tests nor vendored nor generated. */
export async function sourceFiles(
  root: string,
  files: readonly string[],
  { measure, tests }: Pick<CorpusSpec, "measure" | "tests">,
): Promise<string[]> {
  const isTest = new Set(tests === null ? [] : selectFiles(files, { include: tests.include, exclude: [] }));
  const chosen: string[] = [];
  for (const file of selectFiles(files, measure)) {
    if (isTest.has(file) || isLeftOut(file)) continue;
    if (!saysGenerated(await readFile(path.join(root, file), "utf8"))) chosen.push(file);
  }
  return chosen;
}
