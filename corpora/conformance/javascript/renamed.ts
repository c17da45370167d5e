import ts from "typescript-classic";
import { checked, isOutside, libraryNames, type Use, useOf } from "../../src/variants/script-names.ts";

/** A program with other names, and where everything went. */
export interface RenamedProgram {
  files: Record<string, string>;
  /** How many occurrences have another name now. */
  renamed: number;
  /** Where `line:column` of a file stands now. */
  place(file: string, line: number, column: number): string;
  /** The name that a member, export or global has now. */
  member(name: string): string;
}

/**
 * The program with all names changed that are its own. Each variable, parameter, function, class and import gets a name
 * that nothing else has; members, exports and globals get one for each name, in all files alike. What keeps its name: what
 * the language's and Node's libraries also call by it, and what stands as a word in a text, in JSON or in a documentation
 * comment, or is put together from two of these, since code may be asking for it there. Capital letters stay capital.
 */
export function renamed(files: Record<string, string>, code: readonly string[]): RenamedProgram {
  const isPage = "index.html" in files;
  const sources = code.map((file) => readSource(file, files[file] ?? "", isPage));
  const kept = new Set(libraryNames());
  for (const [file, text] of Object.entries(files))
    if (!code.includes(file)) for (const one of words(text)) kept.add(one);
  const asked = new Set(sources.flatMap(({ words: found }) => [...found]));
  for (const one of asked) kept.add(one);
  // `this["visit" + kind]()`
  const isPutTogether = (name: string): boolean =>
    [...asked].some((first) => name.startsWith(first) && asked.has(name.slice(first.length)));

  const members = new Map<string, string>();
  const member = (name: string): string => {
    if (kept.has(name.replace("#", "")) || isPutTogether(name) || !/^#?[\p{L}_$]/u.test(name)) return name;
    const given = members.get(name) ?? newName("member", members.size, name);
    members.set(name, given);
    return given;
  };
  const bindings = new Map<ts.Symbol, string>();
  const binding = (symbol: ts.Symbol): string => {
    const given = bindings.get(symbol) ?? newName("name", bindings.size, symbol.name);
    bindings.set(symbol, given);
    return given;
  };

  const changed = { ...files };
  const edits = new Map<string, Edit[]>();
  for (const { file, text, bom, names } of sources) {
    const made = names
      .map(({ start, end, use }) => ({ start, end, text: written(use, binding, member) }))
      .filter((edit) => edit.text !== text.slice(edit.start, edit.end));
    edits.set(file, made);
    changed[file] =
      bom + made.reduceRight((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
  }
  return {
    files: changed,
    renamed: [...edits.values()].reduce((sum, { length }) => sum + length, 0),
    place: (file, line, column) =>
      `${file}:${line}:${column + shift(files[file] ?? "", edits.get(file) ?? [], line, column)}`,
    member: (name) => members.get(name) ?? name,
  };
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

function written(use: Use, binding: (symbol: ts.Symbol) => string, member: (name: string) => string): string {
  if (!("binding" in use)) return member(use.member);
  if (!("member" in use)) return binding(use.binding);
  const parts = [member(use.member), binding(use.binding)];
  return (use.first === "member" ? parts : parts.toReversed()).join(use.joined);
}

function newName(stem: string, index: number, old: string): string {
  const name = `${stem}${index}of${index % 7}`;
  if (old.startsWith("#")) return `#${name}`;
  return /^\p{Lu}/u.test(old) ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}

interface SourceNames {
  file: string;
  text: string;
  bom: string;
  names: { start: number; end: number; use: Use }[];
  /** Names that must stay. */
  words: Set<string>;
}

function readSource(file: string, content: string, isPage: boolean): SourceNames {
  const bom = content.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = content.slice(bom.length);
  const { checker, source } = checked(file, text);
  const found: SourceNames = { file, text, bom, names: [], words: new Set() };
  const comments = text.match(/\/\*\*[^/][\s\S]*?\*\//g) ?? [];
  const documented = new Set(comments.flatMap(words));
  for (const one of documented) found.words.add(one);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      for (const one of words(node.text)) found.words.add(one);
    }
    if (ts.isImportDeclaration(node) && isOutside(node)) {
      for (const one of words(node.importClause?.getText() ?? "")) found.words.add(one);
    }
    if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
      found.words.add(node.name.getText());
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && !documented.has(node.text)) {
      const use = useOf(node, checker, isPage);
      if (use === "global") found.words.add(node.text);
      else if (use !== "fixed") found.names.push({ start: node.getStart(), end: node.getEnd(), use });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function shift(content: string, edits: readonly Edit[], line: number, column: number): number {
  const text = content.replace(/^\uFEFF/, "");
  const lineStart = text
    .split("\n")
    .slice(0, line - 1)
    .reduce((sum, one) => sum + one.length + 1, 0);
  const offset = lineStart + column - 1;
  return edits
    .filter(({ start, end }) => start >= lineStart && end <= offset)
    .reduce((sum, { start, end, text: now }) => sum + now.length - (end - start), 0);
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_$]+/gu) ?? [];
}
