/**
 * Small programs with known edges. Each call carries its truth, written down from the language's semantics:
 * `/*name:*\/` stands before a definition, and `/*>targets*\/` before the parenthesis or backtick of every call. A text
 * alone is `main.ts`, an ES module; a case with an `index.html` is a page of scripts that share their globals.
 *
 * Targets are names of definitions, `<name>` for what lies outside, and `&name` for a definition that something outside
 * enters in its turn. Behind `|` stands what types allow and the run does not enter. `?` says that the compiler cannot
 * close the set (and may miss targets), `~` that the trace cannot name the function, which then lies outside,
 * and `!` that the compiler is wrong about it, because no type says what happens.
 *
 * `/*@kind>targets*\/` stands before what enters functions without a call: a member that an `accessor` stands behind, what an
 * `iteration` goes over, a `decorator`, an element of `jsx`. Each has a line of its own, by which the trace knows it.
 */
export type Case = [behaviour: string, source: string | Record<string, string>];

/** Cases by the feature of the language that they show. */
export type Features = Record<string, Case[]>;

/** Forty of something, more than the solver keeps at one place, numbered from 0. */
export function many(one: (n: number) => string, between = ", "): string {
  return Array.from({ length: 40 }, (_, n) => one(n)).join(between);
}

/** What a mark says about the call that ends at `line:column` of `file`. */
export interface Expected {
  file: string;
  end: string;
  entered: string[];
  outside: string[];
  callbacks: string[];
  allowed: string[];
  open: boolean;
  unnamed: boolean;
  misleading: boolean;
}

/** What enters functions without a call; it starts at `line:column` of `file`. */
export interface ExpectedEntry {
  file: string;
  kind: string;
  start: string;
  entered: string[];
  allowed: string[];
}

/** The marks of one file: names of definitions by id, what is expected of its calls, and of what is none. */
export function readMarks(
  file: string,
  source: string,
): { definitions: Map<string, string>; calls: Expected[]; entries: ExpectedEntry[] } {
  const text = source.replace(/^\uFEFF/, "");
  const definitions = new Map<string, string>();
  const calls: Expected[] = [];
  const entries: ExpectedEntry[] = [];
  const at = (offset: number): string => {
    const lines = text.slice(0, offset).split("\n");
    return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
  };
  for (const mark of text.matchAll(/\/\*(?:([^\s:*>]+):|(?:@([a-z]+))?>([^*]*(?:\*(?!\/)[^*]*)*))\*\//gu)) {
    const end = mark.index + mark[0].length;
    const [, name, kind, targets = ""] = mark;
    // Marks may follow each other.
    const start = at(end + (/^(?:\/\*[^*]*\*\/)*/.exec(text.slice(end))?.[0].length ?? 0));
    if (name !== undefined) definitions.set(`${file}:${start}`, name);
    else if (kind === undefined) calls.push({ file, end: at(closing(text, end)), ...readTargets(targets) });
    else {
      const { entered, allowed } = readTargets(targets);
      entries.push({ file, kind, start, entered, allowed });
    }
  }
  return { definitions, calls, entries };
}

function readTargets(text: string): Omit<Expected, "file" | "end"> {
  const flags = text.replaceAll(/[^?~!]/g, "");
  const [entered = "", allowed = ""] = text.replaceAll(/[?~!\s]/g, "").split("|");
  const names = entered.split(",").filter((name) => name !== "");
  return {
    entered: names.filter((name) => !/^[<&]/.test(name)),
    outside: names.filter((name) => name.startsWith("<")),
    callbacks: names.filter((name) => name.startsWith("&")).map((name) => name.slice(1)),
    allowed: allowed.split(",").filter((name) => name !== ""),
    open: flags.includes("?"),
    unnamed: flags.includes("~"),
    misleading: flags.includes("!"),
  };
}

/** Behind the parenthesis or backtick that closes what opens at `start`; cases keep both out of their strings. */
function closing(text: string, start: number): number {
  if (text[start] === "`") return text.indexOf("`", start + 1) + 1;
  let depth = 0;
  for (let i = start; i < text.length; i += 1) {
    if (text.startsWith("/*", i)) i = text.indexOf("*/", i) + 2;
    if (text[i] === "(") depth += 1;
    else if (text[i] === ")") depth -= 1;
    if (depth === 0) return i + 1;
  }
  throw new Error(`nothing closes ${start} in ${text}`);
}
