/** Reads the names of JavaScript and TypeScript files. Nothing of them is run. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript-classic";
import { type Comment, type NameUse, type ProjectNames, type SourceNames, wordsOf } from "./names.ts";
import { checked, libraryNames, type Use, useOf } from "./script-names.ts";

/** Words of the language, which no name may become. */
const RESERVED = new Set(
  `abstract accessor any arguments as async await bigint boolean break case catch class const constructor continue debugger declare default
  delete do else enum eval export extends false finally for from function get global if implements import in infer instanceof interface
  intrinsic is keyof let module namespace never new null number object of out override package private protected public readonly require
  return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown using var void while
  with yield`.split(/\s+/),
);

/** @param files relative to `root` */
export async function readScripts(root: string, files: readonly string[]): Promise<ProjectNames> {
  const read: ProjectNames = {
    files: [],
    library: libraryNames().union(RESERVED),
    unreadable: [],
    comment: "// ",
  };
  for (const file of files) {
    const text = await readFile(path.join(root, file), "utf8");
    const reason = reasonAgainst(file, text);
    if (reason === null) read.files.push(new Reader(file, text).read());
    else read.unreadable.push({ file, reason });
  }
  return read;
}

function reasonAgainst(file: string, text: string): string | null {
  if (text.startsWith("\uFEFF")) return "it begins with a byte order mark";
  if (text.includes("\uFFFD")) return "it is not UTF-8";
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { allowJs: true, target: ts.ScriptTarget.Latest, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.some(({ category }) => category === ts.DiagnosticCategory.Error) ? "it does not parse" : null;
}

type Found = { id: ts.Identifier | ts.PrivateIdentifier; use: Use | "free" };

class Reader {
  readonly #file: string;
  readonly #text: string;
  readonly #checker: ts.TypeChecker;
  readonly #source: ts.SourceFile;
  readonly #found: Found[] = [];
  readonly #kept = new Set<string>();
  readonly #comments = new Map<number, Comment>();
  readonly #headers: number[] = [];
  /** What modules from outside are bound to. */
  readonly #outside = new Set<ts.Symbol>();
  readonly #tree = createHash("sha256");
  #reflects: string | null = null;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    const { checker, source } = checked(file, text);
    this.#checker = checker;
    this.#source = source;
  }

  read(): SourceNames {
    this.#visit(this.#source);
    for (const { id } of this.#found) {
      const { parent } = id;
      if (!ts.isPropertyAccessExpression(parent) || parent.name !== id) continue;
      const of = this.#checker.getSymbolAtLocation(parent.expression);
      if (of !== undefined && this.#outside.has(of)) this.#kept.add(id.text);
    }
    // A name that is a binding and a member at once keeps to what it is called as a member.
    const joined = new Set(this.#found.flatMap(({ use }) => (isJoined(use) ? [use.binding] : [])));
    const bindings = [...new Set(this.#found.flatMap(({ use }) => bindingOf(use) ?? []))];
    const numbers = new Map(bindings.map((symbol, index) => [symbol, index]));
    return {
      file: this.#file,
      text: this.#text,
      uses: this.#found.map((one) => describe(one, numbers, joined)).toSorted((a, b) => a.start - b.start),
      bindings: bindings.map((symbol) => ({ extent: extentOf(symbol), mayBeAsked: isCallable(symbol) })),
      kept: this.#kept,
      reflects: this.#reflects,
      comments: [...this.#comments.values()].toSorted((a, b) => a.start - b.start),
      headers: this.#headers.toSorted((a, b) => a - b),
      tree: this.#tree.digest("hex"),
    };
  }

  #visit(node: ts.Node): void {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      if (!isProse(node)) for (const word of wordsOf(node.text)) this.#kept.add(word);
    } else if (ts.isRegularExpressionLiteral(node)) {
      for (const word of wordsOf(node.text)) this.#kept.add(word);
    } else if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      this.#name(node);
    } else {
      this.#reflects ??= reflectionOf(node);
      this.#keepOutside(node);
      if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
        this.#kept.add(node.name.getText());
      if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined && ts.isBlock(node.body))
        this.#header(node.body.getStart() + 1);
    }
    const children = node.getChildren(this.#source);
    this.#tree.update(this.#shapeOf(node, children.length === 0));
    if (children.length === 0 && !ts.isJsxText(node)) this.#commentsAround(node);
    for (const child of children) if (!ts.isJSDoc(child)) this.#visit(child);
  }

  /** Kind, place and, of what holds nothing else and is no name, text. */
  #shapeOf(node: ts.Node, isLeaf: boolean): string {
    const isName = ts.isIdentifier(node) || ts.isPrivateIdentifier(node);
    const [start, end] = [node.getStart(this.#source), node.getEnd()].map((at) => {
      const { line, character } = this.#source.getLineAndCharacterOfPosition(at);
      return `${line}:${character}`;
    });
    // White space at the end of a file belongs to what ends it.
    const place = ts.isSourceFile(node) || node.kind === ts.SyntaxKind.EndOfFileToken ? "" : `${start}-${end}`;
    return `${node.kind} ${place} ${isLeaf && !isName ? node.getText(this.#source) : ""}\n`;
  }

  #name(id: ts.Identifier | ts.PrivateIdentifier): void {
    // A name that is missing, or is written with escapes.
    if (id.getText(this.#source) !== id.text) {
      this.#kept.add(id.text);
      return;
    }
    const use = useOf(id, this.#checker, false);
    if (use === "global") this.#kept.add(id.text);
    if (use !== "fixed") this.#found.push({ id, use: use === "global" ? "free" : use });
  }

  /** Names that are imported from outside the project, and names of what is bound to a module from there. */
  #keepOutside(node: ts.Node): void {
    if (ts.isImportDeclaration(node) && isOutside(node.moduleSpecifier)) {
      const bindings = node.importClause?.namedBindings;
      if (bindings !== undefined && ts.isNamedImports(bindings))
        for (const { name, propertyName } of bindings.elements) this.#kept.add((propertyName ?? name).text);
      else if (bindings !== undefined) this.#bound(bindings.name);
      if (node.importClause?.name !== undefined) this.#bound(node.importClause.name);
    }
    if (ts.isExportDeclaration(node) && isOutside(node.moduleSpecifier) && node.exportClause !== undefined)
      for (const word of wordsOf(node.exportClause.getText())) this.#kept.add(word);
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && requiresOutside(node.initializer)) {
      if (ts.isIdentifier(node.name)) this.#bound(node.name);
      else for (const word of wordsOf(node.name.getText())) this.#kept.add(word);
    }
  }

  #bound(name: ts.Identifier): void {
    const symbol = this.#checker.getSymbolAtLocation(name);
    if (symbol !== undefined) this.#outside.add(symbol);
  }

  #header(at: number): void {
    const [, spaces = "", end] = /^([ \t]*)(\r?\n)?/.exec(this.#text.slice(at, at + 200)) ?? [];
    if (end !== undefined) this.#headers.push(at + spaces.length);
  }

  #commentsAround(token: ts.Node): void {
    const ranges = [
      ...(ts.getLeadingCommentRanges(this.#text, token.pos) ?? []),
      ...(ts.getTrailingCommentRanges(this.#text, token.end) ?? []),
    ];
    for (const { pos, end, kind } of ranges) {
      const isBlock = kind === ts.SyntaxKind.MultiLineCommentTrivia;
      this.#comments.set(pos, { start: pos + 2, end: isBlock ? end - 2 : end, isText: false });
    }
  }
}

function isJoined(use: Use | "free"): use is Extract<Use, { joined: string }> {
  return use !== "free" && "joined" in use;
}

function bindingOf(use: Use | "free"): ts.Symbol | null {
  return use !== "free" && "binding" in use ? use.binding : null;
}

function describe(
  { id, use }: Found,
  numbers: ReadonlyMap<ts.Symbol, number>,
  joined: ReadonlySet<ts.Symbol>,
): NameUse {
  const binding = bindingOf(use);
  const bound = binding === null ? null : (numbers.get(binding) ?? null);
  return {
    start: id.getStart(),
    end: id.getEnd(),
    name: id.text,
    of: use === "free" ? "free" : binding === null || bound === null || joined.has(binding) ? "shared" : bound,
    bound,
    inScope: isLookedUp(id),
    defines: isDefinition(id),
  };
}

/** Save for members of something that is named before them. */
function isLookedUp(id: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = id;
  if (ts.isPrivateIdentifier(id)) return false;
  return !(
    (ts.isPropertyAccessExpression(parent) && parent.name === id) ||
    (ts.isQualifiedName(parent) && parent.right === id)
  );
}

/** What declares a member or export, or assigns it. */
function isDefinition(id: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = id;
  if (ts.isImportSpecifier(parent) || ts.isBindingElement(parent)) return false;
  if (ts.isPropertyAccessExpression(parent) && parent.name === id) {
    const { parent: around } = parent;
    return (
      ts.isBinaryExpression(around) && around.left === parent && around.operatorToken.kind === ts.SyntaxKind.EqualsToken
    );
  }
  return (parent as ts.Node & { name?: ts.Node }).name === id;
}

/** Several words and no marks but those of a sentence: nothing is found by such a text, unless it is split, and it is no code. */
function isProse(node: ts.Node & { text: string }): boolean {
  const { parent } = node;
  const isSplit = ts.isPropertyAccessExpression(parent) && parent.name.text === "split";
  return !isSplit && /^[\p{L}\p{N}\s.,:;!?'-]*$/u.test(node.text) && /\S\s+\S/.test(node.text);
}

function reflectionOf(node: ts.Node): string | null {
  if (ts.isWithStatement(node)) return "with";
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  if (!isCall || !ts.isIdentifier(node.expression)) return null;
  if (node.expression.text === "eval") return "eval()";
  return node.expression.text === "Function" ? "Function()" : null;
}

function isOutside(specifier: ts.Expression | undefined): boolean {
  return specifier !== undefined && ts.isStringLiteralLike(specifier) && !/^[./#]/.test(specifier.text);
}

/** `require("tape")`, or something of it. */
function requiresOutside(node: ts.Expression): boolean {
  let at = node;
  while (ts.isPropertyAccessExpression(at)) at = at.expression;
  return (
    ts.isCallExpression(at) &&
    ts.isIdentifier(at.expression) &&
    at.expression.text === "require" &&
    isOutside(at.arguments[0])
  );
}

function isCallable({ flags }: ts.Symbol): boolean {
  return (flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0;
}

/** Blocks are not told from the function around them: that is more than enough. */
function extentOf(symbol: ts.Symbol): { start: number; end: number } {
  const around = (symbol.declarations ?? []).map((one) => {
    let at = one.parent;
    while (!(ts.isFunctionLike(at) || ts.isSourceFile(at))) at = at.parent;
    return at;
  });
  return {
    start: Math.min(...around.map((node) => node.getFullStart())),
    end: Math.max(...around.map((node) => node.getEnd())),
  };
}
