/** What expressions, names and members hold, as far as types and bindings say. */
import ts from "typescript-classic";
import { type Bindings, keyNames, memberDeclarations, propertyNamed, type Written } from "./bindings.ts";
import { bindingDeclarations, isAny, isNamespace, isOverloaded, isParameter } from "./declarations.ts";
import { unalias, unresolvedImport } from "./imports.ts";
import { type Holder, Members } from "./members.ts";
import { bare, type Callable } from "./positions.ts";
import type { CorpusProgram } from "./program.ts";
import { Replaced } from "./replaced.ts";
import { bindingStratum, memberStratum } from "./strata.ts";
import { alternatives, type Callee, empty, one, union, unknown, type Value } from "./values.ts";

export class Held implements Holder {
  readonly #checker: ts.TypeChecker;
  readonly #program: CorpusProgram;
  readonly #bindings: Bindings;
  readonly #replaced: Replaced;
  readonly #members: Members;
  /** Values known while one call is resolved. A value that depends on itself adds nothing to itself. */
  readonly #known = new Map<ts.Node, Value>();

  constructor(program: CorpusProgram, bindings: Bindings) {
    this.#checker = program.checker;
    this.#program = program;
    this.#bindings = bindings;
    this.#replaced = new Replaced(program);
    this.#members = new Members(program, bindings, this.#replaced, this);
  }

  /** Before each call. */
  forget(): void {
    this.#known.clear();
  }

  /** The functions that an expression can evaluate to. */
  valueOf(expression: ts.Expression | ts.MethodDeclaration): Value {
    if (ts.isMethodDeclaration(expression)) return one(expression as Callable);
    return this.#once(expression, () => this.#valueOfBare(bare(expression)));
  }

  /** A name, where it stands. */
  identifier(node: ts.Identifier): Callee {
    const symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) return { ...unknown("unresolved-name"), stratum: "stored-value" };
    const target = unalias(symbol, this.#checker);
    if (target === undefined) return unresolvedImport(symbol);
    const value = this.declared(target);
    return { ...value, stratum: bindingStratum(target, value, node) };
  }

  /** `o.name` or `o["name"]`. */
  member(access: ts.Expression, name: ts.Node, receiver: ts.Expression): Callee {
    const text = ts.isStringLiteralLike(name) ? name.text : name.getText();
    const object = bare(receiver);
    const holder = ts.isIdentifier(object) ? this.#checker.getSymbolAtLocation(object) : undefined;
    const bound = this.#binding(receiver);
    if (holder !== undefined && bound === undefined) {
      const outside = unresolvedImport(holder);
      if (outside.externals.size === 0) return outside;
      // What the project adds to a package's function or object is found by its name.
      const added = this.written(this.#bindings.untyped.get(text) ?? []);
      const all = union([{ ...outside, externals: new Set([text]) }, ...added]);
      return added.length === 0 ? { ...all, stratum: "external" } : { ...all, fixed: false, stratum: "stored-value" };
    }
    const symbol = this.#checker.getSymbolAtLocation(name);
    if (bound !== undefined && symbol !== undefined && isNamespace(bound)) {
      const target = unalias(symbol, this.#checker);
      if (target === undefined) return unresolvedImport(symbol);
      const value = this.declared(target);
      return { ...value, stratum: bindingStratum(target, value, access) };
    }
    const type = this.#checker.getTypeAtLocation(receiver);
    if (symbol === undefined || symbol.declarations === undefined || symbol.declarations.length === 0) {
      return { ...unknown(isAny(type) ? "any-receiver" : "unresolved-member"), stratum: "method" };
    }
    const value = this.#members.held(symbol, text, bound, receiver);
    return { ...value, stratum: memberStratum(symbol.declarations, value, this.#program) };
  }

  /** `o[key]` for each name that the type of the key allows; null when it allows any, or the receiver has no type. */
  element(access: ts.ElementAccessExpression): Value | null {
    const type = this.#checker.getTypeAtLocation(access.expression);
    const names = keyNames(this.#checker.getTypeAtLocation(bare(access.argumentExpression)));
    if (names === null || isAny(type)) return null;
    const values = names.map((name) => {
      const property = propertyNamed(this.#checker, type, name);
      return property === undefined
        ? unknown("unresolved-member")
        : this.#members.held(property, name, this.#binding(access.expression), access.expression);
    });
    return names.length === 1 ? union(values) : alternatives(values);
  }

  // --- names -----------------------------------------------------------------------------------------------

  /** What a variable, function, class, import or exported property holds. */
  declared(symbol: ts.Symbol): Value {
    const values: Value[] = [];
    for (const declaration of bindingDeclarations(symbol)) {
      const value = this.#declaration(declaration, symbol);
      if (value !== null) values.push(value);
    }
    const written = this.#bindings.variables.get(symbol) ?? [];
    const all = union([...values, ...this.written(written)]);
    if (written.length > 0 || values.length !== 1)
      all.fixed &&= written.length === 0 && all.targets.size + all.externals.size === 1;
    if (values.length === 0 && written.length === 0) return unknown("no-value-seen");
    return all;
  }

  /** The value that one declaration gives; null for those that give none (types, overload signatures). */
  #declaration(declaration: ts.Declaration, symbol: ts.Symbol): Value | null {
    if (!this.#program.isProject(declaration.getSourceFile())) {
      return ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)
        ? null
        : { ...empty(), externals: new Set([symbol.name]), fixed: true };
    }
    if (ts.isFunctionDeclaration(declaration)) {
      if (declaration.body !== undefined) return one(declaration as Callable);
      return isOverloaded(symbol) ? null : unknown("ambient");
    }
    if (ts.isClassLike(declaration)) return this.#class(declaration);
    if (ts.isFunctionExpression(declaration) || ts.isArrowFunction(declaration)) return one(declaration);
    if (isParameter(declaration)) return unknown("parameter");
    if (ts.isVariableDeclaration(declaration)) {
      if (declaration.initializer !== undefined) return this.valueOf(declaration.initializer);
      const loop = ts.isForOfStatement(declaration.parent.parent) || ts.isForInStatement(declaration.parent.parent);
      return loop || this.#bindings.variables.get(symbol) === undefined ? unknown("variable") : null;
    }
    if (ts.isBindingElement(declaration)) return { ...this.#destructured(declaration), fixed: false };
    if (ts.isExportAssignment(declaration)) return this.valueOf(declaration.expression);
    if (
      ts.isInterfaceDeclaration(declaration) ||
      ts.isTypeAliasDeclaration(declaration) ||
      ts.isModuleDeclaration(declaration)
    ) {
      return null;
    }
    return this.#members.value(declaration);
  }

  #class(node: ts.ClassLikeDeclaration): Value {
    return this.#replaced.has(node) ? unknown("decorated") : one(node);
  }

  #destructured(element: ts.BindingElement): Value {
    const name = element.propertyName ?? element.name;
    if (!ts.isObjectBindingPattern(element.parent) || !ts.isIdentifier(name)) return unknown("destructured");
    const type = this.#checker.getTypeAtLocation(element.parent);
    if (isAny(type)) return unknown("any-receiver");
    const declarations = memberDeclarations(this.#checker, type, name.text);
    if (declarations.length === 0) return unknown("destructured");
    return this.#members.taken(element, declarations, name.text);
  }

  /** The variable, import or class that a receiver names. */
  #binding(receiver: ts.Expression): ts.Symbol | undefined {
    const object = bare(receiver);
    const holder = ts.isIdentifier(object) ? this.#checker.getSymbolAtLocation(object) : undefined;
    return holder === undefined ? undefined : unalias(holder, this.#checker);
  }

  // --- values ----------------------------------------------------------------------------------------------

  written(written: readonly Written[]): Value[] {
    return [...new Set(written)].map((value) => (value === null ? unknown("unseen-write") : this.valueOf(value)));
  }

  #once(node: ts.Node, derive: () => Value): Value {
    const known = this.#known.get(node);
    if (known !== undefined) return { ...known, targets: new Set(known.targets), externals: new Set(known.externals) };
    this.#known.set(node, empty());
    const value = derive();
    this.#known.set(node, value);
    return value;
  }

  #valueOfBare(node: ts.Expression): Value {
    if (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) return one(node);
    if (ts.isClassExpression(node)) return this.#class(node);
    if (ts.isIdentifier(node)) return node.text === "undefined" ? empty() : this.identifier(node);
    if (ts.isPropertyAccessExpression(node)) return this.member(node, node.name, node.expression);
    if (ts.isConditionalExpression(node))
      return alternatives([this.valueOf(node.whenTrue), this.valueOf(node.whenFalse)]);
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      if (operator === ts.SyntaxKind.CommaToken || operator === ts.SyntaxKind.AmpersandAmpersandToken) {
        return this.valueOf(node.right);
      }
      if (operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken) {
        return alternatives([this.valueOf(node.left), this.valueOf(node.right)]);
      }
      if (operator === ts.SyntaxKind.EqualsToken) return this.valueOf(node.right);
      return empty();
    }
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      if (ts.isPropertyAccessExpression(callee) && callee.name.text === "bind") {
        return { ...this.valueOf(callee.expression), fixed: false };
      }
      return unknown("call-result");
    }
    if (ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.NullKeyword || ts.isObjectLiteralExpression(node)) {
      return empty();
    }
    return unknown("expression");
  }
}
