import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript-classic";

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

/** How a name is used: as a binding, as a member, or as both at once (`{ a }`, `import { a }`, `export { a }`). */
type Use =
  | { binding: ts.Symbol }
  | { member: string }
  | { member: string; binding: ts.Symbol; joined: ": " | " as "; first: "member" | "binding" };

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

/** One file alone, without libraries: names of other files are members. */
function checked(file: string, text: string): { checker: ts.TypeChecker; source: ts.SourceFile } {
  const source = ts.createSourceFile(`/${file}`, text, ts.ScriptTarget.Latest, true);
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    allowJs: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.Preserve,
  };
  const program = ts.createProgram([source.fileName], options, {
    ...ts.createCompilerHost(options),
    getSourceFile: (name) => (name === source.fileName ? source : undefined),
    fileExists: (name) => name === source.fileName,
    readFile: () => undefined,
    getCurrentDirectory: () => "/",
  });
  return { checker: program.getTypeChecker(), source };
}

/** Names that mean something where nothing declares them. A parameter may be called `this`. */
const GIVEN: ReadonlySet<string> = new Set([
  "arguments",
  "exports",
  "globalThis",
  "module",
  "require",
  "this",
  "undefined",
]);

/** What a name stands for: "fixed" when it is none of ours to change, "global" when nothing in the file declares it. */
function useOf(
  id: ts.Identifier | ts.PrivateIdentifier,
  checker: ts.TypeChecker,
  isPage: boolean,
): Use | "fixed" | "global" {
  const { parent } = id;
  const member = { member: id.text };
  if (
    GIVEN.has(id.text) ||
    ts.isMetaProperty(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  )
    return "fixed";
  const bound = (symbol: ts.Symbol | undefined): Use | "global" => {
    const declarations = symbol?.declarations ?? [];
    // What one script of a page declares the others use.
    if (symbol === undefined || declarations.length === 0) return isPage ? member : "global";
    return isOwn(symbol, isPage) ? { binding: symbol } : member;
  };
  const both = (
    symbol: ts.Symbol | undefined,
    joined: ": " | " as ",
    first: "member" | "binding" = "member",
  ): Use | "global" => {
    const use = bound(symbol);
    return use === "global" || !("binding" in use) ? use : { ...member, ...use, joined, first };
  };
  if (ts.isImportSpecifier(parent)) {
    if (parent.propertyName === id) return member;
    return parent.propertyName === undefined
      ? both(checker.getSymbolAtLocation(id), " as ")
      : bound(checker.getSymbolAtLocation(id));
  }
  if (ts.isExportSpecifier(parent)) {
    if (parent.parent.parent.moduleSpecifier !== undefined) return member;
    const target = checker.getExportSpecifierLocalTargetSymbol(parent);
    if (parent.propertyName === undefined) return both(target, " as ", "binding");
    return parent.propertyName === id ? bound(target) : member;
  }
  if (ts.isShorthandPropertyAssignment(parent) && parent.name === id) {
    return both(checker.getShorthandAssignmentValueSymbol(parent), ": ");
  }
  if (ts.isBindingElement(parent)) {
    if (parent.propertyName === id) return member;
    const isShort =
      ts.isObjectBindingPattern(parent.parent) &&
      parent.propertyName === undefined &&
      parent.dotDotDotToken === undefined;
    if (parent.name === id && isShort) return both(checker.getSymbolAtLocation(id), ": ");
  }
  return isMemberName(id) ? member : bound(checker.getSymbolAtLocation(id));
}

function isMemberName(id: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = id;
  if (ts.isPrivateIdentifier(id) || ts.isNamespaceExport(parent)) return true;
  if (ts.isPropertyAccessExpression(parent) || ts.isMemberName(parent))
    return (parent as ts.PropertyAccessExpression).name === id;
  if (ts.isQualifiedName(parent)) return parent.right === id;
  const isNamed =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isEnumMember(parent) ||
    ts.isJsxAttribute(parent) ||
    (ts.isClassElement(parent) && parent.name !== undefined) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent);
  return isNamed && (parent as ts.PropertyAssignment).name === id;
}

/** Bound within its file, where nothing outside sees it. */
function isOwn(symbol: ts.Symbol, isPage: boolean): boolean {
  const isMember = symbol.flags & (ts.SymbolFlags.ClassMember | ts.SymbolFlags.EnumMember);
  if (isMember !== 0 || (symbol as ts.Symbol & { parent?: ts.Symbol }).parent !== undefined) return false;
  return (symbol.declarations ?? []).every((one) => {
    const isExported = (ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Export) !== 0;
    const isGlobal = isPage && enclosing(one) === one.getSourceFile();
    const isParameterProperty = ts.isParameter(one) && ts.isParameterPropertyDeclaration(one, one.parent);
    return !(isExported || isGlobal || isParameterProperty);
  });
}

/** The function, block or file in which a declaration stands. */
function enclosing(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!(ts.isFunctionLike(at) || ts.isBlock(at) || ts.isSourceFile(at) || ts.isModuleBlock(at))) at = at.parent;
  return at;
}

function isOutside({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith("node:");
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

let known: ReadonlySet<string> | undefined;

/** Names of members and globals that the libraries of ECMAScript and Node declare. */
function libraryNames(): ReadonlySet<string> {
  if (known !== undefined) return known;
  const names = new Set(["__proto__", "__esModule", "default", "exports", "module", "require", "conformance"]);
  const lib = dirname(ts.getDefaultLibFilePath({}));
  const node = dirname(createRequire(import.meta.url).resolve("@types/node/package.json"));
  const files = [
    ...readdirSync(lib)
      .filter((name) => /^lib\.(es|decorators)/.test(name))
      .map((name) => join(lib, name)),
    ...readdirSync(node, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".d.ts"))
      .map((name) => join(node, name)),
  ];
  const visit = (node: ts.Node): void => {
    const named = node as ts.Node & { name?: ts.Node };
    if (
      named.name !== undefined &&
      ts.isIdentifier(named.name) &&
      !ts.isParameter(node) &&
      !ts.isTypeParameterDeclaration(node)
    ) {
      names.add(named.name.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false));
  known = names;
  return known;
}
