/** All cases: what a program of JavaScript or TypeScript calls, feature by feature. */
import { type Case, type Expected, type ExpectedEntry, type Features, readMarks } from "./case.ts";
import { CALLERS } from "./callers.ts";
import { CLASSES } from "./classes.ts";
import { DECLARED } from "./declared.ts";
import { FUNCTIONS } from "./functions.ts";
import { MODULES } from "./modules.ts";
import { TYPES } from "./types.ts";
import { VALUES } from "./values.ts";

/** A small program that shows one feature, and what each of its calls enters. */
export interface ConformanceCase {
  feature: string;
  /** What happens, as a fact; no two cases have the same. */
  behaviour: string;
  /** Texts by path from the folder of the case, its `package.json` among them. */
  files: Record<string, string>;
  /** The paths among `files` that hold code of the program, which is not that of its packages. */
  code: string[];
  /** The file to run: `main.*`, or the page of a case that has one. */
  entry: string;
  /** Names of definitions by `path:line:column` of their start. */
  definitions: Map<string, string>;
  calls: Expected[];
  /** What enters functions without a call. */
  entries: ExpectedEntry[];
}

/** In the order in which a reader meets the features. */
export const CASES: readonly ConformanceCase[] = [
  FUNCTIONS,
  CALLERS,
  CLASSES,
  VALUES,
  MODULES,
  TYPES,
  DECLARED,
].flatMap((features: Features) =>
  Object.entries(features).flatMap(([feature, cases]) => cases.map((one) => readCase(feature, one))),
);

function readCase(feature: string, [behaviour, source]: Case): ConformanceCase {
  const given = typeof source === "string" ? { "main.ts": source } : source;
  const isPage = "index.html" in given;
  const files: Record<string, string> = isPage ? given : { "package.json": '{ "type": "module" }', ...given };
  const code = Object.keys(files).filter((file) => /^(?!node_modules\/).*\.[cm]?[jt]sx?$/.test(file));
  const marks = code.map((file) => readMarks(file, files[file] ?? ""));
  return {
    feature,
    behaviour,
    files,
    code,
    entry: isPage ? "index.html" : (code.find((file) => /(?:^|\/)main\./.test(file)) ?? ""),
    definitions: new Map(marks.flatMap((mark) => [...mark.definitions])),
    calls: marks.flatMap((mark) => mark.calls),
    entries: marks.flatMap((mark) => mark.entries),
  };
}
