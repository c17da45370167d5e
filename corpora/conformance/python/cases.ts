/**
 * All Python cases: what a program calls, feature by feature. The marks are those of `../javascript/case.ts`, written in
 * place: they are taken out before the program is read or run. A text alone is `main.py`. A function that a native object
 * stands before (a partial function) is written like any other target: the run sees it entered under the call.
 */
import { type Case, type Expected, type ExpectedEntry, type Features, readMarks } from "../javascript/case.ts";
import type { ConformanceCase } from "../javascript/cases.ts";
import { CLASSES } from "./classes.ts";
import { FUNCTIONS } from "./functions.ts";
import { HINTS } from "./hints.ts";
import { LIBRARY } from "./library.ts";
import { MODULES } from "./modules.ts";
import { VALUES } from "./values.ts";

const MARK = /\/\*.*?\*\//g;

/** In the order in which a reader meets the features. */
export const PYTHON_CASES: readonly ConformanceCase[] = [FUNCTIONS, CLASSES, VALUES, MODULES, LIBRARY, HINTS].flatMap(
  (features: Features) =>
    Object.entries(features).flatMap(([feature, cases]) => cases.map((one) => readCase(feature, one))),
);

function readCase(feature: string, [behaviour, source]: Case): ConformanceCase {
  const given = typeof source === "string" ? { "main.py": source } : source;
  const read = Object.entries(given).map(([file, marked]) => ({ file, ...readFile(file, marked) }));
  const code = Object.keys(given).filter((file) => /\.(?:py|pyi|ipynb)$/.test(file));
  return {
    feature,
    behaviour,
    files: Object.fromEntries(read.map(({ file, text }) => [file, text])),
    code,
    entry: code.find((file) => /(?:^|\/)(?:__main__|main)\./.test(file)) ?? "",
    definitions: new Map(read.flatMap(({ definitions }) => [...definitions])),
    calls: read.flatMap(({ calls }) => calls),
    entries: read.flatMap(({ entries }) => entries),
  };
}

/** A file without its marks, and what these say, at the places that are left. */
function readFile(
  file: string,
  given: string,
): { text: string; definitions: Map<string, string>; calls: Expected[]; entries: ExpectedEntry[] } {
  const marked = file.endsWith(".ipynb") ? given : `${given.trim()}\n`;
  const lines = marked.split("\n");
  const { definitions, calls, entries } = readMarks(file, marked);
  const left = (place: string): string => {
    const [line = 1, column = 1] = place.split(":").map(Number);
    const before = [...(lines[line - 1] ?? "").matchAll(MARK)].filter(({ index }) => index < column - 1);
    return `${line}:${column - before.reduce((sum, [mark]) => sum + mark.length, 0)}`;
  };
  const leftOf = (id: string): string => `${file}:${left(id.slice(file.length + 1))}`;
  return {
    text: marked.replaceAll(MARK, ""),
    definitions: new Map([...definitions].map(([id, name]) => [leftOf(id), name])),
    calls: calls.map((call) => ({ ...call, end: left(call.end) })),
    entries: entries.map((entry) => ({ ...entry, start: left(entry.start) })),
  };
}
