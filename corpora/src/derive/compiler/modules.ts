/**
 * Which modules an expression can be. Modules with the same exports have the same type, and so has what chooses between
 * them: there the member that a type leads to is one of several.
 */
import ts from "typescript-classic";
import type { Bindings } from "./bindings.ts";
import { unalias } from "./imports.ts";
import { bare } from "./positions.ts";
import type { Value } from "./values.ts";

/** How many variables, calls and callbacks are followed to where a module is loaded. */
const MOST_STEPS = 8;

type Modules = ReadonlySet<ts.Symbol>;
/** An object that is written out has the members that its type says, those of the modules it takes apart among them. */
const NO_MODULE: Modules = new Set();

export class LoadedModules {
  readonly #checker: ts.TypeChecker;
  readonly #bindings: Bindings;
  readonly #valueOf: (expression: ts.Expression) => Value;

  /** @param valueOf the functions that an expression can evaluate to */
  constructor(checker: ts.TypeChecker, bindings: Bindings, valueOf: (expression: ts.Expression) => Value) {
    this.#checker = checker;
    this.#bindings = bindings;
    this.#valueOf = valueOf;
  }

  /** Every module that `expression` can be, or a promise of one; null when that cannot be told. */
  of(expression: ts.Expression, steps = MOST_STEPS): Modules | null {
    const node = bare(expression);
    if (steps === 0) return null;
    if (ts.isAwaitExpression(node)) return this.of(node.expression, steps);
    if (ts.isObjectLiteralExpression(node)) return NO_MODULE;
    if (ts.isConditionalExpression(node)) return both(this.of(node.whenTrue, steps), this.of(node.whenFalse, steps));
    if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind)) {
      return both(this.of(node.left, steps), this.of(node.right, steps));
    }
    if (ts.isIdentifier(node)) return this.#named(this.#checker.getSymbolAtLocation(node), steps - 1);
    if (ts.isPropertyAccessExpression(node)) {
      const holder = this.of(node.expression, steps - 1);
      return holder === null ? null : this.#named(this.#checker.getSymbolAtLocation(node.name), steps - 1);
    }
    return ts.isCallExpression(node) ? (this.#loaded(node) ?? this.#result(node, steps - 1)) : null;
  }

  /** The same for what the pattern of an element takes apart. */
  taken(element: ts.BindingElement, steps = MOST_STEPS): Modules | null {
    const holder = element.parent.parent;
    if (ts.isParameter(holder)) return this.#argument(holder, steps);
    return ts.isVariableDeclaration(holder) && holder.initializer !== undefined
      ? this.of(holder.initializer, steps)
      : null;
  }

  /** The member `name` of a module. */
  member(module: ts.Symbol, name: string): ts.Symbol | undefined {
    return this.#checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  }

  #named(symbol: ts.Symbol | undefined, steps: number): Modules | null {
    const named = symbol === undefined ? undefined : unalias(symbol, this.#checker);
    if (named === undefined) return null;
    if ((named.flags & (ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule)) !== 0) return new Set([named]);
    const [declaration, ...others] = named.declarations ?? [];
    if (declaration === undefined || others.length > 0 || this.#bindings.variables.has(named)) return null;
    if (ts.isParameter(declaration)) return this.#argument(declaration, steps);
    if (ts.isBindingElement(declaration)) {
      const name = declaration.propertyName ?? declaration.name;
      if (!ts.isIdentifier(name) || this.taken(declaration, steps) === null) return null;
      return this.#named(this.#checker.getTypeAtLocation(declaration.parent).getProperty(name.text), steps);
    }
    if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyAssignment(declaration)) return null;
    if (declaration.initializer === undefined || this.#bindings.properties.has(declaration)) return null;
    return this.of(declaration.initializer, steps);
  }

  /** `import("a").then((parameter) => …)` */
  #argument(parameter: ts.ParameterDeclaration, steps: number): Modules | null {
    const callback = parameter.parent;
    const call: ts.Node = callback.parent;
    if (callback.parameters[0] !== parameter || !ts.isCallExpression(call) || call.arguments[0] !== callback)
      return null;
    const callee = bare(call.expression);
    return ts.isPropertyAccessExpression(callee) && callee.name.text === "then"
      ? this.of(callee.expression, steps)
      : null;
  }

  /** `import("a")` and `require("a")`, whose specifier is written out. */
  #loaded(node: ts.CallExpression): Modules | null {
    const [specifier] = node.arguments;
    const isLoad =
      node.expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(node.expression) && node.expression.text === "require");
    if (!isLoad || specifier === undefined || !ts.isStringLiteralLike(specifier)) return null;
    const module = this.#checker.getSymbolAtLocation(specifier);
    return module === undefined ? null : new Set([module]);
  }

  /** What a function gives back whose body is one expression, or whose every `return` has one. */
  #result(node: ts.CallExpression, steps: number): Modules | null {
    const { targets, externals, complete } = this.#valueOf(node.expression);
    if (targets.size === 0 || externals.size > 0 || !complete) return null;
    return [...targets]
      .flatMap((target) => (ts.isClassLike(target) ? [null] : returnedBy(target.body)))
      .map((returned) => (returned === null ? null : this.of(returned, steps)))
      .reduce(both, NO_MODULE);
  }
}

/** Whether something is declared by a module for others: the same name in another module may stand in its place. */
export function isExported(declaration: ts.Node): boolean {
  if (ts.isExportSpecifier(declaration) || ts.isExportAssignment(declaration) || ts.isNamespaceExport(declaration)) {
    return true;
  }
  if (ts.isPropertyAccessExpression(declaration)) return /^(?:module\.)?exports\./.test(declaration.getText());
  if (ts.isBinaryExpression(declaration)) return isExported(declaration.left);
  const outer = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration;
  if (ts.isVariableDeclaration(outer)) return isTop(outer.parent.parent.parent);
  return (ts.isFunctionDeclaration(outer) || ts.isClassDeclaration(outer)) && isTop(outer.parent);
}

function isTop(node: ts.Node): boolean {
  return ts.isSourceFile(node) || ts.isModuleBlock(node);
}

function isChoice(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken;
}

function both(a: Modules | null, b: Modules | null): Modules | null {
  return a === null || b === null ? null : new Set([...a, ...b]);
}

function returnedBy(body: ts.Node): (ts.Expression | null)[] {
  if (!ts.isBlock(body)) return [body as ts.Expression];
  const found: (ts.Expression | null)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) found.push(node.expression ?? null);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found.length === 0 ? [null] : found;
}
