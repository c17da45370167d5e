/** Functions of a JavaScript or TypeScript corpus, and who refers to them by TypeScript's own language service. */
import path from "node:path";
import ts from "typescript-classic";
import type { FetchedCorpus } from "../../fetch.ts";
import type { Span } from "../../truth/schema.ts";
import { type Callable, displayName, isCallable, Places } from "../compiler/positions.ts";
import { createCorpusProgram } from "../compiler/program.ts";

/** A function with a name of its own. */
export interface NamedFunction {
  /** Id of its definition. */
  id: string;
  file: string;
  /** For display. */
  name: string;
  /** The name alone, as others would write it. */
  word: string;
  /** How often its definition says that: twice where a function expression has the name that it is bound to. */
  namings: number;
  /** What goes when it is deleted: the function with its modifiers, or the whole statement that binds it. */
  span: Span;
  /** Offsets of the same. */
  from: number;
  to: number;
  /** References outside of that; an export is one. */
  references: number;
  /** It can be imported from an entry file, or is a member of a class that can, or of an object or prototype. */
  isPublic: boolean;
  /** Its comment says `@deprecated`: it may be there for callers outside alone. */
  isDeprecated: boolean;
  /** It is reached through an object, of which the checker may not know what it is; no `#` member, whose name says enough. */
  isMember: boolean;
  /** It can go without something else having to go: no accessor, overload, member of a literal, or generator. */
  isDeletable: boolean;
}

/**
 * The functions of the measured files, in the order of files and positions.
 *
 * @param entryFiles where users of the package come in; when none of them is in the program, all exports are public
 */
export function namedFunctions(
  { spec, root, files }: Pick<FetchedCorpus, "spec" | "root" | "files">,
  context: readonly string[],
  entryFiles: ReadonlySet<string>,
): NamedFunction[] {
  const { compilerOptions } = spec;
  const { program, measured } = createCorpusProgram({ root, measured: files, context, compilerOptions });
  const service = serviceOf(program, root);
  const places = new Places(root);
  const exported = exportedFrom(program, root, entryFiles);
  const found: NamedFunction[] = [];
  for (const source of measured) {
    const visit = (node: ts.Node): void => {
      const whole = isCallable(node) && !ts.isClassLike(node) ? wholeOf(node) : null;
      if (whole !== null) found.push(describe(whole, { source, places, service, exported }));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

type FunctionNode = Exclude<Callable, ts.ClassLikeDeclaration>;

interface Whole {
  node: FunctionNode;
  name: ts.Node;
  /** What goes with it. */
  whole: ts.Node;
  isDeletable: boolean;
}

/** A function with the node that binds its name; null for functions without one, constructors and accessors. */
function wholeOf(node: FunctionNode): Whole | null {
  const { parent } = node;
  const isPlain =
    node.kind !== ts.SyntaxKind.GetAccessor && !("asteriskToken" in node && node.asteriskToken !== undefined);
  if (ts.isFunctionDeclaration(node)) {
    const isOverloaded = "statements" in parent && countNamed(parent as ts.Block, node.name?.text) > 1;
    return node.name === undefined
      ? null
      : { node, name: node.name, whole: node, isDeletable: isPlain && !isOverloaded };
  }
  if (ts.isMethodDeclaration(node)) {
    const { name } = node;
    if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return null;
    const isAlone =
      ts.isClassLike(parent) && parent.members.filter((one) => one.name?.getText() === name.text).length === 1;
    return { node, name, whole: node, isDeletable: isPlain && isAlone };
  }
  if (ts.isPropertyAssignment(parent) && ts.isIdentifier(parent.name)) {
    return { node, name: parent.name, whole: parent, isDeletable: false };
  }
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && ts.isVariableDeclarationList(parent.parent)) {
    const list = parent.parent;
    const isAlone = list.declarations.length === 1 && ts.isVariableStatement(list.parent);
    return { node, name: parent.name, whole: isAlone ? list.parent : parent, isDeletable: isPlain && isAlone };
  }
  // `Box.prototype.open = function …`
  if (ts.isBinaryExpression(parent) && parent.right === node && ts.isPropertyAccessExpression(parent.left)) {
    const isStatement = ts.isExpressionStatement(parent.parent);
    const isNamed = isStatement && parent.left.getText() !== "module.exports";
    return isNamed ? { node, name: parent.left.name, whole: parent.parent, isDeletable: isPlain } : null;
  }
  return null;
}

function countNamed({ statements }: ts.Block, name: string | undefined): number {
  return statements.filter((one) => ts.isFunctionDeclaration(one) && one.name?.text === name).length;
}

function describe(
  { node, name, whole, isDeletable }: Whole,
  about: { source: ts.SourceFile; places: Places; service: ts.LanguageService; exported: ReadonlySet<ts.Node> | null },
): NamedFunction {
  const { source, places, service, exported } = about;
  const [from, to] = [whole.getStart(source), whole.end];
  const references = (service.findReferences(source.fileName, name.getStart(source)) ?? [])
    .flatMap((entry) => entry.references)
    .filter(({ fileName, textSpan }) => fileName !== source.fileName || textSpan.start < from || textSpan.start >= to);
  const word = name.getText(source).replace(/^#/, "");
  return {
    id: places.definitionId(node),
    file: places.fileOf(source),
    name: displayName(node),
    word,
    namings: ts.isFunctionExpression(node) && node.name?.text === word ? 2 : 1,
    span: places.spanOf(whole),
    from,
    to,
    references: references.length,
    isPublic: isPublic(whole, name.getText(source), exported),
    isDeprecated: ts.getJSDocCommentsAndTags(node).some((said) => /@deprecated\b/.test(said.getText(source))),
    isMember: (ts.isMethodDeclaration(whole) && !ts.isPrivateIdentifier(name)) || ts.isExpressionStatement(whole),
    isDeletable,
  };
}

/** A leading underscore, `#` and `private` say that users are to keep away. */
function isPublic(whole: ts.Node, name: string, exported: ReadonlySet<ts.Node> | null): boolean {
  if (/^[_#]/.test(name)) return false;
  // Of what is assigned to a property or stands in a literal, nobody knows who holds the object.
  if (ts.isExpressionStatement(whole) || ts.isObjectLiteralExpression(whole.parent)) return true;
  if (ts.isMethodDeclaration(whole)) {
    if ((ts.getCombinedModifierFlags(whole) & ts.ModifierFlags.Private) !== 0) return false;
    return exported === null || exported.has(whole.parent);
  }
  const isExport = (ts.getCombinedModifierFlags(whole as ts.Declaration) & ts.ModifierFlags.Export) !== 0;
  return exported === null ? isExport : exported.has(whole);
}

/** The declarations that can be imported from the entry files; null when none of these is known. */
function exportedFrom(program: ts.Program, root: string, entryFiles: ReadonlySet<string>): Set<ts.Node> | null {
  const checker = program.getTypeChecker();
  const relative = (file: string): string => path.relative(root, file).split(path.sep).join("/");
  const entries = program.getSourceFiles().filter(({ fileName }) => entryFiles.has(relative(fileName)));
  if (entries.length === 0) return null;
  const found = new Set<ts.Node>();
  // The checker has no answer for a CommonJS module, whose symbol stands in a field that its types leave out.
  const moduleOf = (source: ts.SourceFile): ts.Symbol | undefined =>
    checker.getSymbolAtLocation(source) ?? (source as unknown as { symbol?: ts.Symbol }).symbol;
  const modules = entries.flatMap((source) => moduleOf(source) ?? []);
  const seen = new Set(modules);
  for (let module = modules.pop(); module !== undefined; module = modules.pop()) {
    const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
    for (const one of [...(whole === undefined ? [] : [whole]), ...checker.getExportsOfModule(module)]) {
      const target = (one.flags & ts.SymbolFlags.Alias) === 0 ? one : checker.getAliasedSymbol(one);
      // `export * as util from` gives a module away as a whole.
      if ((target.flags & ts.SymbolFlags.Module) !== 0 && !seen.has(target)) {
        seen.add(target);
        modules.push(target);
      }
      // What is assigned to `module.exports`, or to a property of it, is known by its type.
      const assigned = checker.getTypeOfSymbol(target).getSymbol()?.declarations ?? [];
      for (const declaration of [...(target.declarations ?? []), ...assigned]) {
        found.add(declaration);
        if (ts.isVariableDeclaration(declaration)) found.add(declaration.parent.parent);
      }
    }
  }
  return found;
}

/** The service over the files of a program; nothing else on the disk is looked at but the language's own declarations. */
function serviceOf(program: ts.Program, root: string): ts.LanguageService {
  const sources = new Map(program.getSourceFiles().map((source) => [source.fileName, source.text]));
  const options = program.getCompilerOptions();
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...program.getRootFileNames()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => {
      const text = sources.get(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (asked) => ts.getDefaultLibFilePath(asked),
    fileExists: (file) => sources.has(file),
    readFile: (file) => sources.get(file),
    directoryExists: (folder) => ts.sys.directoryExists(folder),
    getDirectories: () => [],
  });
}

/** The text without what is deleted; line ends stay, so that all others keep their lines. */
export function withoutFunction(text: string, { from, to }: Pick<NamedFunction, "from" | "to">): string {
  return text.slice(0, from) + text.slice(from, to).replaceAll(/[^\r\n]+/g, "") + text.slice(to);
}

/** Errors of the checker in the project, by what they say and how often; not where, as a deletion may move them. */
export function errorsOf(
  { spec, root, files }: Pick<FetchedCorpus, "spec" | "root" | "files">,
  context: readonly string[],
): Map<string, number> {
  const { compilerOptions } = spec;
  const { program, project } = createCorpusProgram({ root, measured: files, context, compilerOptions });
  const errors = new Map<string, number>();
  for (const source of project) {
    for (const one of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      if (one.category !== ts.DiagnosticCategory.Error) continue;
      const said = `${source.fileName.slice(root.length)} ${one.code} ${ts.flattenDiagnosticMessageText(one.messageText, "\n")}`;
      errors.set(said, (errors.get(said) ?? 0) + 1);
    }
  }
  return errors;
}
