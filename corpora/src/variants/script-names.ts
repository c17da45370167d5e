/** What the names in a JavaScript or TypeScript file stand for, as the TypeScript checker binds them. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript-classic";

/** How a name is used: as a binding, as a member, or as both at once (`{ a }`, `import { a }`, `export { a }`). */
export type Use =
  | { binding: ts.Symbol }
  | { member: string }
  | { member: string; binding: ts.Symbol; joined: ": " | " as "; first: "member" | "binding" };

/** One file alone, without libraries: names of other files are members. */
export function checked(file: string, text: string): { checker: ts.TypeChecker; source: ts.SourceFile } {
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
export function useOf(
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
    if (symbol === undefined || declarations.every(isAssignment)) return isPage ? member : "global";
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

/** Where `process.title = …` is written, the checker declares `process` in JavaScript. */
function isAssignment(declaration: ts.Node): boolean {
  return (
    ts.isIdentifier(declaration) || ts.isPropertyAccessExpression(declaration) || ts.isBinaryExpression(declaration)
  );
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

export function isOutside({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith("node:");
}

let known: ReadonlySet<string> | undefined;

/** Names of members and globals that the libraries of ECMAScript and Node declare. */
export function libraryNames(): ReadonlySet<string> {
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
