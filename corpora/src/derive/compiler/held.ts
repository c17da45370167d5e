/** What expressions, names and members hold, as far as types and bindings say. */
import ts from "typescript-classic";
import { type Bindings, keyNames, memberDeclarations, propertyNamed, type Written } from "./bindings.ts";
import {
  bindingDeclarations,
  isAny,
  isClass,
  isNamespace,
  isOverloaded,
  isParameter,
  isSignature,
} from "./declarations.ts";
import { unalias, unresolvedImport } from "./imports.ts";
import { Overrides } from "./overrides.ts";
import { bare, type Callable } from "./positions.ts";
import type { CorpusProgram } from "./program.ts";
import { bindingStratum, memberStratum } from "./strata.ts";
import { alternatives, type Callee, empty, one, union, unknown, type Value } from "./values.ts";

export class Held {
  readonly #checker: ts.TypeChecker;
  readonly #program: CorpusProgram;
  readonly #bindings: Bindings;
  readonly #overrides: Overrides;
  /** Values known while one call is resolved. A value that depends on itself adds nothing to itself. */
  readonly #known = new Map<ts.Node, Value>();

  constructor(program: CorpusProgram, bindings: Bindings) {
    this.#checker = program.checker;
    this.#program = program;
    this.#bindings = bindings;
    this.#overrides = new Overrides(program, bindings);
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
    const value = this.#declared(target);
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
      const added = this.#written(this.#bindings.untyped.get(text) ?? []);
      const all = union([{ ...outside, externals: new Set([text]) }, ...added]);
      return added.length === 0 ? { ...all, stratum: "external" } : { ...all, fixed: false, stratum: "stored-value" };
    }
    const symbol = this.#checker.getSymbolAtLocation(name);
    if (bound !== undefined && symbol !== undefined && isNamespace(bound)) {
      const target = unalias(symbol, this.#checker);
      if (target === undefined) return unresolvedImport(symbol);
      const value = this.#declared(target);
      return { ...value, stratum: bindingStratum(target, value, access) };
    }
    const type = this.#checker.getTypeAtLocation(receiver);
    if (symbol === undefined || symbol.declarations === undefined || symbol.declarations.length === 0) {
      return { ...unknown(isAny(type) ? "any-receiver" : "unresolved-member"), stratum: "method" };
    }
    const value = this.#held(symbol, text, bound, receiver);
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
        : this.#held(property, name, this.#binding(access.expression), access.expression);
    });
    return names.length === 1 ? union(values) : alternatives(values);
  }

  // --- names -----------------------------------------------------------------------------------------------

  /** What a variable, function, class, import or exported property holds. */
  #declared(symbol: ts.Symbol): Value {
    const values: Value[] = [];
    for (const declaration of bindingDeclarations(symbol)) {
      const value = this.#declaration(declaration, symbol);
      if (value !== null) values.push(value);
    }
    const written = this.#bindings.variables.get(symbol) ?? [];
    const all = union([...values, ...this.#written(written)]);
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
    if (ts.isClassLike(declaration)) return one(declaration);
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
    return this.#memberValue(declaration);
  }

  #destructured(element: ts.BindingElement): Value {
    const name = element.propertyName ?? element.name;
    if (!ts.isObjectBindingPattern(element.parent) || !ts.isIdentifier(name)) return unknown("destructured");
    const type = this.#checker.getTypeAtLocation(element.parent);
    if (isAny(type)) return unknown("any-receiver");
    const declarations = memberDeclarations(this.#checker, type, name.text);
    if (declarations.length === 0) return unknown("destructured");
    return this.#members(declarations, name.text, false);
  }

  // --- members ---------------------------------------------------------------------------------------------

  /** The variable, import or class that a receiver names. */
  #binding(receiver: ts.Expression): ts.Symbol | undefined {
    const object = bare(receiver);
    const holder = ts.isIdentifier(object) ? this.#checker.getSymbolAtLocation(object) : undefined;
    return holder === undefined ? undefined : unalias(holder, this.#checker);
  }

  /** What the member `symbol` of a receiver holds. */
  #held(symbol: ts.Symbol, name: string, bound: ts.Symbol | undefined, receiver: ts.Expression): Value {
    const declarations = symbol.declarations ?? [];
    const exact = bare(receiver).kind === ts.SyntaxKind.SuperKeyword || (bound !== undefined && isClass(bound));
    const value = this.#members(declarations, name, exact);
    const open = !this.#overrides.ownsLiteral(declarations, bound)
      ? "object-literal-may-be-replaced"
      : declarations.some((d) => this.#bindings.unlike.has(d.parent))
        ? "constructor-gives-another-object"
        : null;
    if (open === null) return value;
    return { ...value, fixed: false, complete: false, reason: value.reason ?? open };
  }

  /** All values that a member can have: its own, and those of every member below it in the hierarchy. */
  #members(declarations: readonly ts.Node[], name: string, exact: boolean): Value {
    const reached = exact ? new Set(declarations) : this.#overrides.withBelow(declarations, name);
    const values: Value[] = [];
    let signatures = 0;
    for (const declaration of reached) {
      if (!this.#program.isProject(declaration.getSourceFile())) {
        // Every object has `constructor`, declared for all of them in one place, and it is another one in each class.
        values.push(
          name === "constructor"
            ? unknown("constructor-property")
            : { ...empty(), externals: new Set([name]), fixed: true },
        );
        continue;
      }
      if (isSignature(declaration)) signatures += 1;
      const value = this.#memberValue(declaration);
      if (value !== null) values.push(value);
    }
    const untyped = ts.isPrivateIdentifier(ts.factory.createIdentifier(name))
      ? []
      : (this.#bindings.untyped.get(name) ?? []);
    const all = union([...values, ...this.#written(untyped)]);
    const single = all.targets.size + all.externals.size === 1;
    all.fixed =
      all.fixed &&
      single &&
      signatures === 0 &&
      untyped.length === 0 &&
      ![...reached].some((d) => this.#overrides.isWrittenByKey(d));
    if (all.targets.size === 0 && all.externals.size === 0) {
      return unknown(all.reason ?? "no-implementation-found");
    }
    return all;
  }

  /** What one member declaration holds; null when it only declares (abstract members, overloads, signatures). */
  #memberValue(declaration: ts.Node): Value | null {
    if (ts.isExportSpecifier(declaration) || ts.isImportSpecifier(declaration) || ts.isNamespaceExport(declaration)) {
      const symbol = this.#checker.getSymbolAtLocation(declaration.name);
      const target = symbol === undefined ? undefined : unalias(symbol, this.#checker);
      return target === undefined ? unknown("unresolved-import") : this.#declared(target);
    }
    if (ts.isFunctionDeclaration(declaration) || ts.isClassLike(declaration) || ts.isVariableDeclaration(declaration)) {
      // A spread module or namespace: its members are declared where the module declares them.
      const symbol = this.#checker.getSymbolAtLocation(declaration.name ?? declaration);
      return symbol === undefined ? unknown("no-value-seen") : this.#declared(symbol);
    }
    const writes = this.#written([
      ...(this.#bindings.properties.get(declaration) ?? []),
      ...(this.#bindings.implementations.get(declaration) ?? []),
    ]);
    if (ts.isMethodDeclaration(declaration)) {
      if (declaration.body === undefined) return writes.length > 0 ? union(writes) : null;
      return writes.length > 0
        ? { ...union([one(declaration as Callable), ...writes]), fixed: false }
        : one(declaration as Callable);
    }
    if (ts.isPropertyDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
      const own = declaration.initializer === undefined ? [] : [this.valueOf(declaration.initializer)];
      const all = union([...own, ...writes]);
      if (own.length + writes.length > 1) all.fixed = false;
      return own.length + writes.length === 0 ? unknown("no-value-seen") : all;
    }
    if (ts.isShorthandPropertyAssignment(declaration)) {
      const symbol = this.#checker.getShorthandAssignmentValueSymbol(declaration);
      const target = symbol === undefined ? undefined : unalias(symbol, this.#checker);
      const own = target === undefined ? unknown("unresolved-import") : this.#declared(target);
      return writes.length > 0 ? { ...union([own, ...writes]), fixed: false } : own;
    }
    if (ts.isAccessor(declaration)) return unknown("accessor");
    if (writes.length === 0) return isSignature(declaration) ? null : unknown("no-value-seen");
    const all = union(writes);
    if (writes.length > 1) all.fixed = false;
    return all;
  }

  // --- values ----------------------------------------------------------------------------------------------

  #written(written: readonly Written[]): Value[] {
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
    if (ts.isFunctionExpression(node) || ts.isArrowFunction(node) || ts.isClassExpression(node)) return one(node);
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
