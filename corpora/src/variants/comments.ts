/** Comments that are taken away, and comments that say what is not so. Nothing else of a text moves. */
import type { Dice } from "../generate/module-builder.ts";
import { shuffled } from "./new-names.ts";
import type { Comment, ProjectNames, SourceNames } from "./names.ts";

/** A stretch of a file, and what stands there now. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Edits by file, and how many comments they are about. */
export interface CommentEdits {
  edits: Map<string, Edit[]>;
  counts: { changed: number; added: number; kept: number };
}

/** Comments that programs read. */
const DIRECTIVE =
  /^[*!\s]*(?:@ts-|@type|@jsx|eslint|tslint|prettier|istanbul|c8\b|v8\b|[#@]__|js[hl]int|globals?\b|type:|noqa|pragma|pylint|mypy|ruff|fmt:|isort|nosec|source(?:Mapping)?URL|-\*-|vim:|<(?:reference|amd))|^!/i;
/** What stands before the words of a line of a comment: stars of a block, white space. */
const LEADER = /^[ \t]*(?:[*/]+[ \t]?)?[ \t]*/;

/** Blanks every comment but directives. */
export function withoutComments({ files }: ProjectNames): CommentEdits {
  const made: CommentEdits = { edits: new Map(), counts: { changed: 0, added: 0, kept: 0 } };
  for (const source of files) {
    const own = source.comments.filter((comment) => isProse(source, comment));
    made.counts.kept += source.comments.length - own.length;
    made.counts.changed += own.length;
    const edits = own.map((comment): Edit => ({
      ...withMarks(source, comment),
      text: blank(source, withMarks(source, comment)),
    }));
    made.edits.set(source.file, edits);
  }
  return made;
}

/**
 * Gives each line of a comment words of a comment in another file, cut to its length, and each function that begins a line
 * without a comment the name of a function that its file does not mention.
 */
export function withLies({ files, comment: mark }: ProjectNames, dice: Dice): CommentEdits {
  const made: CommentEdits = { edits: new Map(), counts: { changed: 0, added: 0, kept: 0 } };
  const pool = files.flatMap((source) =>
    source.comments
      .filter((comment) => isProse(source, comment))
      .flatMap((comment) => linesOf(source, comment).map(({ text }) => ({ file: source.file, text: text.trim() }))),
  );
  const said = pool.filter(({ text }) => text.length > 0 && !/["'\\`]|\*\//.test(text));
  const functions = [...new Set(files.flatMap(definedFunctions))].sort();
  for (const source of files) {
    const edits: Edit[] = [];
    const strange = shuffled(said, dice).filter(({ file }) => file !== source.file);
    let next = 0;
    const own = source.comments.filter((comment) => isProse(source, comment));
    made.counts.kept += source.comments.length - own.length;
    for (const line of own.flatMap((comment) => linesOf(source, comment))) {
      if (line.text.trim() === "") continue;
      const lie = strange.length === 0 ? "" : (strange[next % strange.length]?.text ?? "");
      next += 1;
      edits.push({ start: line.start, end: line.end, text: cut(lie, line.text.length) });
    }
    made.counts.changed += own.length;
    const mentioned = new Set(source.uses.map(({ name }) => name));
    const others = shuffled(functions, dice).filter((name) => !mentioned.has(name));
    source.headers.slice(0, others.length).forEach((at, index) => {
      edits.push({ start: at, end: at, text: `${mark.startsWith(" ") ? mark : ` ${mark}`}calls ${others[index]}()` });
      made.counts.added += 1;
    });
    made.edits.set(source.file, edits);
  }
  return made;
}

function isProse({ text }: SourceNames, { start, end }: Comment): boolean {
  return !DIRECTIVE.test(text.slice(start, end));
}

/** A docstring keeps its quotes; of a comment nothing stays. */
function withMarks({ text }: SourceNames, { start, end, isText }: Comment): { start: number; end: number } {
  if (isText) return { start, end };
  const isBlock = text.slice(start - 2, start) === "/*";
  const isHash = text[start - 1] === "#";
  return { start: start - (isHash ? 1 : 2), end: isBlock ? end + 2 : end };
}

function blank({ text }: SourceNames, { start, end }: { start: number; end: number }): string {
  return text.slice(start, end).replaceAll(/[^\r\n]/g, " ");
}

/** The lines of a comment, without what leads them. */
function linesOf({ text }: SourceNames, { start, end }: Comment): { start: number; end: number; text: string }[] {
  let at = start;
  return text
    .slice(start, end)
    .split("\n")
    .map((line) => {
      const lead = LEADER.exec(line)?.[0].length ?? 0;
      const words = line.slice(lead).trimEnd();
      const from = at + lead;
      at += line.length + 1;
      return { start: from, end: from + words.length, text: words };
    });
}

function cut(text: string, length: number): string {
  return text.slice(0, length).padEnd(length, " ");
}

function definedFunctions({ text, uses }: SourceNames): string[] {
  return uses.flatMap(({ start, end, name, defines }) => {
    const isFunction =
      defines && text[end] === "(" && !/[.#]/.test(text[start - 1] ?? "") && /^[A-Za-z]\w*$/.test(name);
    return isFunction ? [name] : [];
  });
}
