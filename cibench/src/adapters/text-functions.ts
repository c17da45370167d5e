/** Functions as a text search sees them: from a line that looks like a head to the next one. Nothing is parsed. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Choice } from "../schema/choice.ts";

/** The text of a function, with the line that it starts at. */
export interface TextFunction {
  name: string;
  file: string;
  /** 1-based. */
  line: number;
  /** The head and what follows it. */
  lines: readonly string[];
}

/** All files of a project that are read, and the functions in them. */
export interface TextProject {
  lines: ReadonlyMap<string, readonly string[]>;
  functions: readonly TextFunction[];
}

/** Hidden folders and dependencies are not searched; larger files than this are not either. */
const LARGEST_FILE = 2 ** 20;
const LONGEST_LINE = 500;

/** Reads all files below `root`. */
export async function readTexts(root: string, signal: AbortSignal): Promise<TextProject> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((file) => !/(?:^|\/)(?:node_modules|\.git)\//.test(file))
    .sort();
  const lines = new Map<string, readonly string[]>();
  for (const file of files) {
    signal.throwIfAborted();
    const text = await readFile(join(root, file), "utf8");
    if (text.length <= LARGEST_FILE) lines.set(file, text.split(/\r\n|\n|\r/));
  }
  return { lines, functions: [...lines].flatMap(([file, text]) => functionsIn(file, text)) };
}

/** `function name(…`, `def name(…`, `func (r T) name(…`, `public int name(…) {`: words, a name, parentheses, and an open block. */
const HEAD = /^\s*(?:[\w$<>[\],.?*]+ +)*(?:\([^()]*\) *)?(?<name>#?[\w$]+) *\([^;]*[{:] *$/;
const NOT_NAMES = new Set(["if", "for", "while", "switch", "catch", "return", "else", "elif", "with", "match"]);

/** Every function-looking stretch of a file, in the order of its lines. */
export function functionsIn(file: string, lines: readonly string[]): TextFunction[] {
  const heads = lines.flatMap((line, index) => {
    const name = line.length > LONGEST_LINE ? undefined : HEAD.exec(line)?.groups?.["name"];
    const isControl = /^\s*\}?\s*(?:if|for|while|switch|catch|else|elif|with|match|return)\b/.test(line);
    return name === undefined || isControl || NOT_NAMES.has(name) ? [] : [{ name, index }];
  });
  return heads.map(({ name, index }, at) => ({
    name,
    file,
    line: index + 1,
    lines: lines.slice(index, heads[at + 1]?.index ?? lines.length),
  }));
}

/** The function around a line. */
export function functionAt({ functions }: TextProject, file: string, line: number): TextFunction | undefined {
  return functions.findLast((one) => one.file === file && one.line <= line);
}

/** The text of what can be chosen. */
export function textOfChoice({ file, span }: Choice, { lines }: TextProject): string {
  const all = lines.get(file) ?? [];
  return all.slice((span?.line ?? 1) - 1, span?.endLine ?? all.length).join("\n");
}

/** By the conventions of test runners: a folder or name with `test` or `spec`. */
export function isTestFile(file: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|specs?)\/|[._-](?:test|spec)\.|(?:^|\/)test_|_test\.|Tests?\.java$/.test(file);
}

/** Names in a text that something in parentheses follows. */
export function calledNames(text: string): string[] {
  return [...text.matchAll(/(?<name>[\w$]+)\s*\(/g)].map(({ groups }) => groups?.["name"] ?? "");
}
