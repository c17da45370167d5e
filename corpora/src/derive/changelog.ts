/** Changelogs in Markdown or reStructuredText: versions, their entries, and what an entry names. Pure. */

/** One thing that people said they changed. */
export interface Entry {
  /** Its lines in the file, 1-based, both included. */
  line: number;
  endLine: number;
  /** Its words; of an entry within a list, those of the item that the list belongs to come first. */
  text: string;
  /**
   * False for what says itself that it is about documentation, stubs, tests, packaging or dependencies, or that nothing
   * changed.
   */
  isCode: boolean;
}

/** What is said about one version. */
export interface Section {
  version: string;
  entries: Entry[];
}

/** What an entry names. */
export interface Named {
  /** Identifiers with what stands before them, `["Box", "open"]`; the first mention of each. */
  identifiers: string[][];
  /** Names of source files, as they are written. */
  files: string[];
  /** Numbers of issues and pull requests. */
  issues: string[];
}

const MOST_CHARACTERS = 8_000_000;
const LONGEST_LINE = 2_000;
const LONGEST_ENTRY = 20_000;
const DEEPEST_LIST = 8;

/**
 * The sections of a changelog in their order; of several about one version, the first. What stands before the first version
 * is left out, and so is what is no list. A text that is no changelog has no sections.
 */
export function readChangelog(text: string): Section[] {
  const sections: Section[] = [];
  let reader: EntryReader | null = null;
  const lines = text.slice(0, MOST_CHARACTERS).split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").slice(0, LONGEST_LINE).replaceAll("\t", "    ");
    const title = reader?.isFenced === true ? null : titleAt(line, lines[at + 1] ?? "");
    if (title === null) {
      reader?.take(line, at + 1);
      continue;
    }
    reader?.flush();
    const version = versionOf(title.text);
    if (version === null) reader?.begin(title.text);
    else {
      reader = new EntryReader();
      const { entries } = reader;
      sections.push({ version, entries });
    }
    if (title.isUnderlined) at += 1;
  }
  reader?.flush();
  const seen = new Set<string>();
  return sections.filter(({ version }) => seen.size < seen.add(version).size);
}

/** `### Title`, or a line with one of `===` or the like below it. */
function titleAt(line: string, next: string): { text: string; isUnderlined: boolean } | null {
  const hashes = /^ {0,3}#{1,6}\s+(\S.*?)[\s#]*$/.exec(line)?.[1];
  if (hashes !== undefined) return { text: hashes, isUnderlined: false };
  const isUnderlined = /^([=\-~^"'`*+.])\1{2,}\s*$/.test(next.slice(0, LONGEST_LINE)) && /^[^\s=~^+-]/.test(line);
  return isUnderlined ? { text: line.trim(), isUnderlined } : null;
}

/** The version that a title is about: `1.2.0`, `[v1.2.0](…) - 2026-01-02`, `Version 1.2`, `name 1.2`. */
function versionOf(title: string): string | null {
  const plain = title
    .replaceAll(/\]\([^)\s]*\)/g, "]")
    .replaceAll(/[[\]*_`]/g, "")
    .trim();
  const found = /^(?:[\w@/-]+ +)?v?(\d+(?:\.\d+){1,3}(?:[-.]?[a-z]+[-.\w]*)?)(.*)$/i.exec(plain);
  const rest = found?.[2]?.trim() ?? "";
  // "Python 3.14 is supported" is a sentence.
  return found?.[1] === undefined || /^(?!released|unreleased)[a-z]/.test(rest) ? null : found[1];
}

interface Item {
  indent: number;
  line: number;
  endLine: number;
  lines: string[];
  inner: Item[];
}

/** Puts the list items of one section together. */
class EntryReader {
  readonly entries: Entry[] = [];
  isFenced = false;
  #category = "";
  #open: Item[] = [];
  #isAfterBlank = false;

  /** A title within the section, such as "Bug Fixes". */
  begin(category: string): void {
    this.#category = category;
  }

  take(line: string, number: number): void {
    const indent = line.length - line.trimStart().length;
    const top = this.#open.at(-1);
    if (/^\s*```/.test(line)) this.isFenced = !this.isFenced;
    else if (!this.isFenced) {
      const marker = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)/.exec(line)?.[0];
      if (marker !== undefined && !/^[\s*_-]*$/.test(line)) {
        this.#add({ indent, line: number, endLine: number, lines: [line.slice(marker.length)], inner: [] });
      } else if (line.trim() === "") this.#isAfterBlank = true;
      else if (top !== undefined) {
        if (this.#isAfterBlank && indent === 0) this.flush();
        else top.lines.push(line.trim());
      }
    }
    if (line.trim() === "") return;
    this.#isAfterBlank = false;
    for (const item of this.#open) item.endLine = number;
  }

  /** What is open is complete. */
  flush(): void {
    const [outermost] = this.#open;
    this.#open = [];
    if (outermost !== undefined) this.#close(outermost, "");
  }

  #add(item: Item): void {
    while ((this.#open.at(-1)?.indent ?? -1) >= item.indent || this.#open.length >= DEEPEST_LIST) {
      if (this.#open.length === 1) this.flush();
      else this.#open.pop();
    }
    this.#open.at(-1)?.inner.push(item);
    this.#open.push(item);
  }

  /** An item that ends in a colon is a title of those below it; any other is one entry with them. */
  #close(item: Item, before: string): void {
    const own = `${before}${item.lines.join("\n")}`;
    if (item.inner.length > 0 && own.trimEnd().endsWith(":")) {
      for (const inner of item.inner) this.#close(inner, `${own}\n`);
      return;
    }
    const text = [own, ...item.inner.map(allText)].join("\n").slice(0, LONGEST_ENTRY);
    const isCode = !ABOUT_OTHERS.test(this.#category) && !TAGGED_OTHERS.test(text) && !SAYS_OTHERS.test(text);
    this.entries.push({ line: item.line, endLine: item.endLine, text, isCode });
  }
}

function allText(item: Item): string {
  return [...item.lines, ...item.inner.map(allText)].join("\n");
}

const OTHERS = String.raw`docs?|documentation|tests?|tst|testing|dev[ -]?dep\w*|deps?|dependenc\w*|meta|ci|bld|build|chore|style|readme|actions|packaging`;
/** A title of entries that are not about code. */
const ABOUT_OTHERS = new RegExp(String.raw`^\W*(?:${OTHERS}|contributors?|authors?|thanks)\b`, "i");
/** `[Tests]`, `docs:`, `chore(deps): ` in front of an entry. */
const TAGGED_OTHERS = new RegExp(String.raw`^\W*(?:\[(?:${OTHERS})\b[^\]]*\]|(?:${OTHERS})(?:\([^)]*\))?!?:)`, "i");
/** Words of an entry about what is no code, or about nothing, whatever it is filed under. */
const SAYS_OTHERS = new RegExp(
  [
    String.raw`\bstubs?\b|\.pyi\b|\bdocstrings?\b|\btest coverage\b`,
    String.raw`\b(?:method|function|class|parameter) descriptions?\b`,
    String.raw`\bfix\w*\s+(?:broken |dead |wrong )?(?:links?|references?)\s+(?:in|to)\b`,
    String.raw`\bexamples?\s+(?:in|to)\s+\S+\.(?:py|[cm]?[jt]sx?)\b`,
    String.raw`\bnot\W+change\b[^.]{0,20}\banything\b|\bremains?\W+provisional\b`,
  ].join("|"),
  "i",
);

/** What a text names: in code, or in words that are written as only identifiers are. Examples in blocks are left out. */
export function namedIn(text: string): Named {
  const issues = [...text.matchAll(ISSUES)].map(([, number = ""]) => number);
  const plain = text.replaceAll(/https?:\/\/[^\s)>\]]+/g, " ");
  const identifiers = new Map<string, string[]>();
  const add = (dotted: string): void => {
    const parts = dotted.split(/[.#]/).filter((part) => part !== "");
    const last = parts.at(-1) ?? "";
    if (last.length >= 3 && !COMMON.has(last) && !COMMIT.test(last)) identifiers.set(parts.join("."), parts);
  };
  const words = plain.replaceAll(SPANS, (_, _ticks: string, content: string, link: string) => {
    if (link === "") for (const dotted of identifiersOf(content)) add(dotted);
    return " ";
  });
  for (const [dotted, call] of words.matchAll(/[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*(\(\))?/g)) {
    const name = dotted.replace("()", "");
    if (call !== undefined || /^_|[a-z\d]_[a-z\d]|(?:^|\.)[a-z][a-z\d]*[A-Z]/.test(name)) add(name);
  }
  const files = [...plain.matchAll(/[\w@.-]+(?:\/[\w@.-]+)*\.(?:[cm]?[jt]sx?|pyi?)\b/g)].map(([file]) => file);
  return { identifiers: [...identifiers.values()], files: [...new Set(files)], issues: [...new Set(issues)] };
}

/** Text between one or two ticks; reStructuredText ends a link with an underscore behind them. */
const SPANS = /(?<!`)(`{1,2})(?!`)([^`]{1,200})\1(?!`)(_?)/g;
const ISSUES = /(?:#|\bgh-|\/(?:issues|pull)\/|(?:issue|pr|pull)[:}]?`)(\d{1,6})\b/gi;
const COMMIT = /^(?=.*\d)[0-9a-f]{7,40}$/;
/** Values and types of the languages, which everybody uses everywhere. */
const COMMON = new Set(
  "None True False null undefined true false self this NaN string number boolean object function int str bool float list dict tuple set bytes".split(
    " ",
  ),
);
function identifiersOf(span: string): string[] {
  // `:func:` and `{func}` roles say what they show, then what they mean.
  const meant = /<([^<>]+)>\s*$/.exec(span)?.[1] ?? span;
  const called = meant.replace(/\(.*\)/s, "").trim();
  // Several words are an example, not a name.
  if (/\s/.test(called)) return [];
  return [...called.matchAll(/[A-Za-z_$][\w$]*(?:[.#][A-Za-z_$][\w$]*)*/g)].map(([dotted]) => dotted);
}
