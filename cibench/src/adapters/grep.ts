/**
 * What a developer with a regular-expression search finds: lines that look like a definition of the callee's name.
 * It does not parse, so comments, strings and shadowed names mislead it just as they mislead a search.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnswerOf, AnswerTarget, CallSiteAnswer } from "../schema/answer.ts";
import type { CallSiteItem } from "../schema/task.ts";
import type { AdapterContext, Contestant } from "./adapter.ts";
import { grepChanges } from "./grep-changes.ts";
import { grepContexts } from "./grep-contexts.ts";
import { grepFlows } from "./grep-flows.ts";
import { grepPatterns } from "./grep-patterns.ts";
import { grepRefinement } from "./grep-refinement.ts";
import { grepRoutes } from "./grep-routes.ts";
import { grepUnused } from "./grep-unused.ts";
import { forecastOf, targetHits } from "./hit-forecasts.ts";

export const grepAdapter: Contestant = {
  name: "grep",
  role: "contestant",
  isHere: true,
  version: async () => "2",
  answer: (task, root, context) =>
    search(task, root, context, (hits) => task.items.map((item) => answerItem(item, hits))),
  changes: grepChanges,
  contexts: grepContexts,
  refinement: grepRefinement,
  patterns: grepPatterns,
  dataFlow: grepFlows,
  composition: grepRoutes,
  negative: grepUnused,
  propositions: (task, root, context) =>
    search(task, root, context, (hits) => {
      const hitOf = targetHits([...hits.values()].flat());
      return task.items.map((item) => forecastOf(item, answerItem(item, hits), hitOf));
    }),
};

async function search<Said>(
  task: { id: string; files: readonly string[] },
  root: string,
  { signal, onProgress, clock }: AdapterContext,
  itemsFrom: (hits: ReadonlyMap<string, Hit[]>) => Said[],
): Promise<AnswerOf<Said>> {
  const start = clock();
  const hits = new Map<string, Hit[]>();
  for (const [index, file] of task.files.entries()) {
    signal.throwIfAborted();
    for (const hit of definitionHits(file, await readFile(join(root, file), "utf8"))) {
      const known = hits.get(hit.name);
      if (known) known.push(hit);
      else hits.set(hit.name, [hit]);
    }
    onProgress("search", index + 1, task.files.length);
  }
  const searched = clock();
  const items = itemsFrom(hits);
  return { taskId: task.id, items, usage: { indexMs: searched - start, answerMs: clock() - searched } };
}

/** A line that looks like a definition. */
export interface Hit {
  name: string;
  file: string;
  line: number;
  column: number;
  /** A class can be created, everything else can be called. */
  isClass: boolean;
}

const NAME = "[A-Za-z_$][\\w$]*";
/** Each has the name in group `name`; the position of a hit is that of `at` if the pattern has it, else the name's. */
const PATTERNS: readonly { pattern: RegExp; isClass?: boolean }[] = [
  // function name(…
  { pattern: new RegExp(`\\bfunction\\s*\\*?\\s*(?<name>${NAME})`, "dg") },
  // def name(…   name = lambda …
  { pattern: new RegExp(`^\\s*(?:async\\s+)?def\\s+(?<name>${NAME})`, "dg") },
  { pattern: new RegExp(`(?<name>${NAME})\\s*=\\s*(?<at>lambda\\b)`, "dg") },
  // class Name …
  { pattern: new RegExp(`\\bclass\\s+(?<name>${NAME})`, "dg"), isClass: true },
  // name(…) {   at the start of a line: a method's head
  {
    pattern: new RegExp(
      `^\\s*(?:(?:public|private|protected|static|override|async|get|set)\\s+|\\*\\s*)*(?<name>#?${NAME})\\s*(?:<.*>)?\\([^;]*\\{\\s*$`,
      "dg",
    ),
  },
  // name = (…   name: function …   name = async x => …
  {
    pattern: new RegExp(
      `(?<name>#?${NAME})\\??\\s*(?::[^=;(]*=|[=:])\\s*(?<at>(?:async\\s+)?(?:function\\b|\\((?!\\s*\\w+\\s*\\)\\s*[;,.)])|${NAME}\\s*=>))`,
      "dg",
    ),
  },
];
const NOT_METHODS = new Set([
  "if",
  "for",
  "while",
  "switch",
  "catch",
  "function",
  "return",
  "with",
  "super",
  "constructor",
]);

/** Minified lines are not read; they would also make the patterns slow. */
const LONGEST_LINE = 2_000;

/** Every definition-looking place of a file, in the order of its lines. */
export function definitionHits(file: string, text: string): Hit[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.flatMap((content, index) => {
    const onLine: Hit[] = [];
    if (content.length > LONGEST_LINE) return onLine;
    for (const { pattern, isClass = false } of PATTERNS) {
      for (const match of content.matchAll(pattern)) {
        const { name = "" } = match.groups ?? {};
        if (NOT_METHODS.has(name)) continue;
        const start = (match.indices?.groups?.["at"] ?? match.indices?.groups?.["name"])?.[0] ?? match.index;
        const hit = { name, file, line: index + 1, column: start + 1, isClass };
        onLine.push(isClass ? (constructorOf(hit, lines) ?? hit) : hit);
      }
    }
    return onLine;
  });
}

/** Who looks for what `new Name()` runs scrolls down to the next `constructor(` or `def __init__(` before the next class. */
function constructorOf(hit: Hit, lines: readonly string[]): Hit | null {
  for (let index = hit.line; index < lines.length; index++) {
    const content = lines[index] as string;
    const [at] = /^\s*(?:(?:public|private|protected)\s+)?(?=constructor\s*\(|def\s+__init__\s*\()/.exec(content) ?? [];
    if (at !== undefined) return { ...hit, line: index + 1, column: at.length + 1 };
    if (/\bclass\s+\w/.test(content)) return null;
  }
  return null;
}

function answerItem(
  item: Pick<CallSiteItem, "id" | "file" | "callee" | "syntax">,
  hits: ReadonlyMap<string, Hit[]>,
): CallSiteAnswer {
  if (item.callee === null) return { itemId: item.id, status: "unknown", reason: "no name to search for", targets: [] };
  const { name } = item.callee;
  const all = hits.get(name) ?? [];
  const classes = item.syntax === "new" ? all.filter((hit) => hit.isClass) : [];
  const found = classes.length > 0 ? classes : all;
  if (found.length === 0) {
    return { itemId: item.id, status: "external", targets: [{ external: name, probability: 1 }] };
  }
  const [here, elsewhere] = [
    found.filter((hit) => hit.file === item.file),
    found.filter((hit) => hit.file !== item.file),
  ];
  const targets = [...here, ...elsewhere].map(({ file, line, column }): AnswerTarget => ({
    file,
    line,
    column,
    probability: 1 / found.length,
  }));
  return { itemId: item.id, status: "likely", targets: targets.slice(0, MAX_TARGETS) };
}

/** A search result that long is not read to its end; each hit's probability still counts all of them. */
const MAX_TARGETS = 20;
