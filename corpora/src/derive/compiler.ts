/** The compiler oracle: every call of a corpus resolved by the TypeScript checker. */
import ts from "typescript-classic";
import type { CorpusSpec } from "../manifest.ts";
import type { Definition, SiteSyntax, Span, Stratum, Target } from "../truth/schema.ts";
import { Bindings } from "./compiler/bindings.ts";
import { bare, isCallable, Places, positionAt } from "./compiler/positions.ts";
import { createCorpusProgram } from "./compiler/program.ts";
import { type CallNode, type ResolvedCall, Resolver } from "./compiler/resolve.ts";

/** What the compiler says about one call site. */
export interface CompilerSite {
  id: string;
  file: string;
  span: Span;
  callee: { name: string; line: number; column: number } | null;
  syntax: SiteSyntax;
  stratum: Stratum;
  /** The one target, when its binding cannot be reassigned; else empty. */
  must: Target[];
  /** Targets that types allow beside `must`. */
  may: Target[];
  /** Ids of definitions that something outside enters under the call, as `type` does the `__new__` of a class; sorted. */
  callbacks?: string[];
  /** Whether `must` and `may` are all that the compiler holds possible. */
  complete: boolean;
  /** Why the set is empty or not complete; null when it is complete. */
  reason: string | null;
}

export interface CompilerTruth {
  version: string;
  definitions: Definition[];
  sites: CompilerSite[];
}

/**
 * Resolves every call, `new`, tagged template and `super(…)` in `measured`. The result is ordered by file and position
 * and depends on nothing but the files and options given.
 */
export function deriveCompilerTruth(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  compilerOptions: CorpusSpec["compilerOptions"];
  onProgress?: (done: number, total: number) => void;
}): CompilerTruth {
  const program = createCorpusProgram(options);
  const places = new Places(options.root);
  const resolver = new Resolver(program, new Bindings(program.checker, program.project));
  const definitions = program.project.flatMap((file) => collectDefinitions(file, places));
  const sites: CompilerSite[] = [];
  program.measured.forEach((file, index) => {
    for (const node of callsIn(file)) sites.push(describe(node, resolver.resolve(node), places));
    options.onProgress?.(index + 1, program.measured.length);
  });
  return {
    version: ts.version,
    definitions: definitions.sort(byPlace),
    sites: sites.sort(byPlace),
  };
}

/** Every call expression of a file, save imports, which load modules rather than call functions. */
export function callsIn(file: ts.SourceFile): CallNode[] {
  const calls: CallNode[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      if (!isModuleLoad(node)) calls.push(node);
    } else if (ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node)) {
      calls.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

function isModuleLoad(node: ts.CallExpression): boolean {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(node.expression) && node.expression.text === "require";
}

function collectDefinitions(file: ts.SourceFile, places: Places): Definition[] {
  const found: Definition[] = [];
  const visit = (node: ts.Node): void => {
    if (isCallable(node)) found.push(places.definitionOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function describe(node: CallNode, resolved: ResolvedCall, places: Places): CompilerSite {
  const targets: Target[] = [
    ...[...resolved.targets].map((target) => ({ definition: places.definitionId(target) })),
    ...new Set([...resolved.externals].map(spelledName)).values().map((external) => ({ external })),
  ].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const certain = resolved.fixed && resolved.complete && targets.length === 1;
  return {
    id: places.siteId(node),
    file: places.fileOf(node.getSourceFile()),
    span: places.spanOf(node),
    callee: calleeName(node),
    syntax: syntaxOf(node),
    stratum: resolved.stratum,
    must: certain ? targets : [],
    may: certain ? [] : targets,
    complete: resolved.complete && targets.length > 0,
    reason: resolved.complete && targets.length > 0 ? null : (resolved.reason ?? "no-implementation-found"),
  };
}

/** The checker's own name of a symbol-named member ends in a number that depends on what it looked at before. */
function spelledName(name: string): string {
  return name.replace(/^__@(\w+)@\d+$/, "[Symbol.$1]");
}

function calleeName(node: CallNode): CompilerSite["callee"] {
  const callee = bare(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
  const name = ts.isPropertyAccessExpression(callee)
    ? callee.name
    : ts.isElementAccessExpression(callee)
      ? bare(callee.argumentExpression)
      : callee;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name) && !ts.isStringLiteralLike(name)) return null;
  if (ts.isElementAccessExpression(callee) && !ts.isStringLiteralLike(name)) return null;
  const source = node.getSourceFile();
  return { name: name.text, ...positionAt(source, name.getStart(source)) };
}

function syntaxOf(node: CallNode): SiteSyntax {
  if (ts.isTaggedTemplateExpression(node)) return "tagged-template";
  if (ts.isNewExpression(node)) return "new";
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return "super-call";
  return node.questionDotToken === undefined ? "call" : "optional-call";
}

/** By file, then by where it starts, then by where it ends. */
export function byPlace(a: { file: string; span: Span }, b: { file: string; span: Span }): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (
    a.span.line - b.span.line ||
    a.span.column - b.span.column ||
    a.span.endLine - b.span.endLine ||
    a.span.endColumn - b.span.endColumn
  );
}
