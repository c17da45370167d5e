/** From TypeScript's offsets to the positions of the truth schema (1-based, UTF-16 columns, exclusive ends). */
import path from "node:path";
import ts from "typescript-classic";
import type { Definition, Position, Span } from "../../truth/schema.ts";

/** A definition that a call can enter: a function with a body, or a class entered by its implicit constructor. */
export type Callable = (ts.FunctionLikeDeclaration & { body: ts.Node }) | ts.ClassLikeDeclaration;

/** Maps nodes to ids and positions below one corpus root. */
export class Places {
  readonly #root: string;
  readonly #files = new Map<ts.SourceFile, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Path relative to the corpus root with "/" separators. */
  fileOf(source: ts.SourceFile): string {
    let file = this.#files.get(source);
    if (file === undefined) {
      file = path.relative(this.#root, source.fileName).split(path.sep).join("/");
      this.#files.set(source, file);
    }
    return file;
  }

  spanOf(node: ts.Node): Span {
    const source = node.getSourceFile();
    const start = positionAt(source, node.getStart(source));
    const end = positionAt(source, node.end);
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }

  definitionOf(node: Callable): Definition {
    const source = node.getSourceFile();
    const definition = {
      id: this.definitionId(node),
      file: this.fileOf(source),
      span: this.spanOf(node),
      body: positionAt(source, ts.isClassLike(node) ? bodyOf(node) : node.body.getStart(source)),
      name: displayName(node),
    };
    if (!ts.isConstructorDeclaration(node)) return definition;
    const { parent } = node;
    const header = positionAt(source, parent.getStart(source));
    return { ...definition, classHeader: { ...header, body: positionAt(source, bodyOf(parent)) } };
  }

  definitionId(node: Callable): string {
    const source = node.getSourceFile();
    const { line, column } = positionAt(source, node.getStart(source));
    return `${this.fileOf(source)}:${line}:${column}`;
  }

  siteId(node: ts.Node): string {
    const { line, column, endLine, endColumn } = this.spanOf(node);
    return `${this.fileOf(node.getSourceFile())}:${line}:${column}-${endLine}:${endColumn}`;
  }
}

/** A class body opens one character before its first member's leading trivia. */
function bodyOf(node: ts.ClassLikeDeclaration): number {
  return node.members.pos - 1;
}

export function positionAt(source: ts.SourceFile, offset: number): Position {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

/** What a reader would call it: its own name, else that of the variable, property or parameter it is bound to. */
export function displayName(node: Callable): string {
  if (ts.isConstructorDeclaration(node)) return `${displayName(node.parent)}.constructor`;
  if (node.name !== undefined) {
    const own = node.name.getText();
    return ts.isClassLike(node.parent) ? `${displayName(node.parent)}.${own}` : own;
  }
  const parent = node.parent;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name.getText();
  }
  if (ts.isBinaryExpression(parent) && parent.right === node) return parent.left.getText().slice(0, 80);
  return "(anonymous)";
}

/** True when calls can enter `node`. */
export function isCallable(node: ts.Node): node is Callable {
  if (ts.isClassLike(node)) return ownConstructor(node) === undefined && !isAmbient(node);
  return ts.isFunctionLike(node) && (node as ts.FunctionLikeDeclaration).body !== undefined;
}

/** The constructor with a body that a class declares itself. */
export function ownConstructor(node: ts.ClassLikeDeclaration): Callable | undefined {
  return node.members.find(
    (member): member is ts.ConstructorDeclaration & { body: ts.Block } =>
      ts.isConstructorDeclaration(member) && member.body !== undefined,
  );
}

function isAmbient(node: ts.ClassLikeDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) !== 0;
}

/** The expression that a class extends. */
export function baseOf(node: ts.ClassLikeDeclaration): ts.ExpressionWithTypeArguments | undefined {
  return node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
}

/** An expression without the parentheses and type assertions around it, which do not exist at run time. */
export function bare(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAssertionExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isExpressionWithTypeArguments(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
