/** What declarations and types are, by their syntax and flags. */
import ts from "typescript-classic";
import { bare } from "./positions.ts";

export function isAny(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

export function isNamespace(symbol: ts.Symbol): boolean {
  return (symbol.flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule)) !== 0 && !isClass(symbol);
}

export function isClass(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Class) !== 0;
}

export function isParameter(declaration: ts.Node): boolean {
  return ts.isParameter(
    ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration,
  );
}

/** Declarations of a name itself; in JavaScript, `f.x = …` counts as a declaration of `f` too, and is left out. */
export function bindingDeclarations(symbol: ts.Symbol): readonly ts.Declaration[] {
  const all = symbol.declarations ?? [];
  const own = all.filter((d) => ts.isFunctionDeclaration(d) || ts.isClassLike(d) || ts.isVariableDeclaration(d));
  return own.length > 0 ? own : all;
}

/** Declarations that bind a name to a function or class written right there. */
export function isFunctionBinding(declaration: ts.Node): boolean {
  if (ts.isFunctionDeclaration(declaration) || ts.isFunctionExpression(declaration) || ts.isClassLike(declaration)) {
    return true;
  }
  if (ts.isExportAssignment(declaration)) return isFunctionExpression(declaration.expression);
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
    return declaration.initializer !== undefined && isFunctionExpression(declaration.initializer);
  }
  if (ts.isMethodDeclaration(declaration) || ts.isShorthandPropertyAssignment(declaration)) return true;
  const parent = declaration.parent as ts.Node | undefined;
  return parent !== undefined && ts.isBinaryExpression(parent) && isFunctionExpression(parent.right);
}

/** `exports.f = g` and `module.exports = { f: g }` give a function another name, as `export { g as f }` does. */
export function isExportOfName(declaration: ts.Node): boolean {
  if (ts.isPropertyAssignment(declaration)) return ts.isIdentifier(declaration.initializer);
  const parent = declaration.parent as ts.Node | undefined;
  return (
    parent !== undefined &&
    ts.isBinaryExpression(parent) &&
    ts.isIdentifier(parent.right) &&
    /^(?:module\.)?exports\b/.test(parent.left.getText())
  );
}

/** Members written as functions, or as names for one; a field or property that somebody fills is none. */
export function isMemberFunction(declaration: ts.Node): boolean {
  if (ts.isPropertyDeclaration(declaration)) {
    return declaration.initializer !== undefined && isFunctionExpression(declaration.initializer);
  }
  return ts.isPropertyAssignment(declaration) || isFunctionBinding(declaration) || !isAssigned(declaration);
}

function isAssigned(declaration: ts.Node): boolean {
  return ts.isBinaryExpression(declaration.parent) || ts.isPropertyAccessExpression(declaration);
}

export function isFunctionExpression(expression: ts.Expression): boolean {
  const node = bare(expression);
  return ts.isFunctionExpression(node) || ts.isArrowFunction(node) || ts.isClassExpression(node);
}

/** Members that declare a call without giving it a body. */
export function isSignature(declaration: ts.Node): boolean {
  if (ts.isPropertySignature(declaration) || ts.isMethodSignature(declaration)) return true;
  if (!ts.isMethodDeclaration(declaration) && !ts.isPropertyDeclaration(declaration)) return false;
  const modifiers = ts.getCombinedModifierFlags(declaration);
  return (modifiers & (ts.ModifierFlags.Abstract | ts.ModifierFlags.Ambient)) !== 0;
}

/** What a library declares without knowing what it will hold: a value of any type, and the parts of a descriptor. */
export function holdsAnything(declaration: ts.Node): boolean {
  const owner = declaration.parent as ts.Node | undefined;
  if (owner !== undefined && ts.isInterfaceDeclaration(owner) && DESCRIPTORS.test(owner.name.text)) return true;
  if (!ts.isPropertySignature(declaration) && !ts.isPropertyDeclaration(declaration)) return false;
  const { type } = declaration;
  if (type === undefined) return false;
  if (type.kind === ts.SyntaxKind.AnyKeyword || type.kind === ts.SyntaxKind.UnknownKeyword) return true;
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false;
  const { text } = type.typeName;
  const generic = owner as ts.Node & { typeParameters?: ts.NodeArray<ts.TypeParameterDeclaration> };
  return generic.typeParameters?.some(({ name }) => name.text === text) === true;
}

const DESCRIPTORS = /^(?:Typed)?PropertyDescriptor$/;

export function isOverloaded(symbol: ts.Symbol): boolean {
  return symbol.declarations?.some((d) => ts.isFunctionDeclaration(d) && d.body !== undefined) === true;
}

/** The module named by the import or `require` that a declaration is part of. */
export function moduleSpecifier(declaration: ts.Node): string | undefined {
  for (let node: ts.Node | undefined = declaration; node !== undefined; node = node.parent as ts.Node | undefined) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      return node.moduleSpecifier !== undefined && ts.isStringLiteralLike(node.moduleSpecifier)
        ? node.moduleSpecifier.text
        : undefined;
    }
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
      const call = ts.findAncestor(innermostCall(node.initializer), ts.isCallExpression);
      const argument = call?.arguments[0];
      return argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : undefined;
    }
  }
  return undefined;
}

/** The `require("x")` in `require("x")` and `require("x").member`. */
function innermostCall(node: ts.Expression): ts.Expression {
  return ts.isPropertyAccessExpression(node) ? innermostCall(node.expression) : node;
}
