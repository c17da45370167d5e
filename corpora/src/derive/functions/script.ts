/** Functions of JavaScript and TypeScript files, by the TypeScript parser; nothing is resolved. */
import { createHash } from "node:crypto";
import { builtinModules } from "node:module";
import ts from "typescript-classic";
import { displayName, isCallable, positionAt } from "../compiler/positions.ts";
import type { OwnFunction } from "../functions.ts";

/** The functions of a file in the order of their positions; null when it does not parse. */
export function readScript(file: string, text: string, version: string): OwnFunction[] | null {
  try {
    const source = ts.createSourceFile(file, text.replace(/^\uFEFF/, ""), ts.ScriptTarget.ESNext, true);
    // What the parser did not understand stands in a field that its types leave out.
    const { parseDiagnostics = [] } = source as unknown as { parseDiagnostics?: readonly unknown[] };
    return parseDiagnostics.length > 0 ? null : collect(file, source, version);
  } catch (error) {
    // What is nested deeper than the stack was not written by people.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Open extends Omit<OwnFunction, "digest" | "code" | "types" | "words"> {
  said: { text: string; isType: boolean }[];
  words: Map<string, number>;
}

function collect(file: string, source: ts.SourceFile, version: string): OwnFunction[] {
  const found: Open[] = [];
  const visit = (node: ts.Node, owner: Open | null, around: { scope: string; isType: boolean }): void => {
    // Both are layout: the tree says the same without them.
    if (ts.isEmptyStatement(node)) return;
    if (ts.isParenthesizedExpression(node)) {
      visit(node.expression, owner, around);
      return;
    }
    const name = isCallable(node) ? displayName(node).replaceAll(/\s+/g, " ") : ANONYMOUS;
    let { scope } = around;
    let inner = owner;
    if (name !== ANONYMOUS) {
      const start = node.getStart(source);
      const { line, column } = positionAt(source, start);
      const issues = issuesIn(source.text.slice(start, node.end));
      inner = { id: `${file}:${line}:${column}`, file, name: scope + name, issues, said: [], words: new Map() };
      found.push(inner);
      // The name of a method has its class's in it already.
      if (!ts.isClassLike(node)) scope = `${scope}${name}.`;
    }
    const isType = around.isType || isTypeAlone(node);
    // Of a cast only the type within says nothing else.
    const isSaidOfTypes = isType || isCast(node);
    if (inner !== null) say(node, inner, { version, isType: isSaidOfTypes });
    ts.forEachChild(node, (child) => visit(child, inner, { scope, isType }));
    inner?.said.push({ text: ")", isType: isSaidOfTypes });
  };
  visit(source, null, { scope: "", isType: false });
  return found.map(({ id, name, issues, said, words }) => ({
    ...{ id, file, name, issues, words: [...words] },
    digest: digestOf(said),
    code: digestOf(said.filter(({ isType }) => !isType)),
    types: digestOf(said.filter(({ isType }) => isType)),
  }));
}

function digestOf(said: Open["said"]): string {
  return createHash("sha256")
    .update(said.map(({ text }) => text).join("\0"))
    .digest("hex");
}

/** Whether all of a node is there for the type checker alone. What a class extends is not. */
function isTypeAlone(node: ts.Node): boolean {
  return ts.isTypeParameterDeclaration(node) || (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node));
}

/** Whether a node does nothing to the expression in it. */
function isCast(node: ts.Node): boolean {
  return ts.isAssertionExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node);
}

const ANONYMOUS = "(anonymous)";

/** Notes what a node says beside its children. */
function say(node: ts.Node, owner: Open, { version, isType }: { version: string; isType: boolean }): void {
  const text = textOf(node);
  owner.said.push({ text: `${node.kind} ${flagsOf(node)} ${text === version ? "<version>" : (text ?? "")}`, isType });
  if (text !== null && /^[A-Za-z_$#][\w$-]{0,80}$/.test(text) && !BUILT_IN.has(text)) {
    owner.words.set(text, (owner.words.get(text) ?? 0) + 1);
  }
}

/** What the language's own objects have: everybody uses it everywhere. */
const BUILT_IN = new Set([
  ...builtinModules,
  ...[Object, Array, String, Number, Function, Promise, Map, Set, RegExp, Date, Symbol, Error, JSON, Math].flatMap(
    (one) => [
      ...Object.getOwnPropertyNames(one),
      ...("prototype" in one ? Object.getOwnPropertyNames(one.prototype) : []),
    ],
  ),
]);

/** The text of a node without children; null for all others. */
function textOf(node: ts.Node): string | null {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isLiteralExpression(node)) return node.text;
  if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isJsxText(node)) return node.text;
  return null;
}

/** What is a property of the node where others have a child: operators, `let` and `const`. */
function flagsOf(node: ts.Node): number {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || ts.isTypeOperatorNode(node)) {
    return node.operator;
  }
  if (ts.isMetaProperty(node)) return node.keywordToken;
  if (ts.isHeritageClause(node)) return node.token;
  return ts.isVariableDeclarationList(node) ? node.flags & ts.NodeFlags.BlockScoped : 0;
}

/** Numbers after `#`, `gh-`, `/issues/` and `/pull/`. */
function issuesIn(text: string): string[] {
  const found = text.matchAll(/(?:#|\bgh-|\/(?:issues|pull)\/)(\d{2,6})\b/gi);
  return [...new Set([...found].map(([, number = ""]) => number))];
}
