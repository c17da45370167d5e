/** What a call can enter, as far as types and bindings say. */
import ts from "typescript-classic";
import type { Stratum } from "../../truth/schema.ts";
import {
  type Bindings,
  keyNames,
  memberDeclarations,
  ownerDeclarations,
  propertyNamed,
  type Written,
} from "./bindings.ts";
import {
  bindingDeclarations,
  isAny,
  isClass,
  isExportOfName,
  isFunctionBinding,
  isMemberFunction,
  isNamespace,
  isOverloaded,
  isParameter,
  isSignature,
  moduleSpecifier,
} from "./declarations.ts";
import { bare, baseOf, type Callable, isCallable, ownConstructor } from "./positions.ts";
import type { CorpusProgram } from "./program.ts";
import { alternatives, empty, one, union, unknown, type Value } from "./values.ts";

/** A call site, resolved. */
export interface ResolvedCall extends Value {
  stratum: Stratum;
}

export type CallNode = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

export class Resolver {
  readonly #checker: ts.TypeChecker;
  readonly #program: CorpusProgram;
  readonly #bindings: Bindings;
  readonly #structural = new Map<ts.Node, ts.ClassLikeDeclaration[]>();
  /** Values known while one call is resolved. A value that depends on itself adds nothing to itself. */
  readonly #known = new Map<ts.Node, Value>();

  constructor(program: CorpusProgram, bindings: Bindings) {
    this.#checker = program.checker;
    this.#program = program;
    this.#bindings = bindings;
  }

  resolve(node: CallNode): ResolvedCall {
    this.#known.clear();
    const callee = bare(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
    if (callee.kind === ts.SyntaxKind.SuperKeyword) return this.#superConstructor(node);
    const resolved = this.#callee(callee, node);
    return ts.isNewExpression(node) ? { ...resolved, ...this.#constructed(resolved) } : resolved;
  }

  #callee(callee: ts.Expression, node: CallNode): ResolvedCall {
    if (ts.isFunctionExpression(callee) || ts.isArrowFunction(callee)) return { ...one(callee), stratum: "direct" };
    if (ts.isIdentifier(callee)) return this.#identifier(callee);
    if (ts.isPropertyAccessExpression(callee)) {
      const through = this.#callOrApply(callee, node);
      return through ?? this.#member(callee, callee.name, callee.expression);
    }
    if (ts.isElementAccessExpression(callee)) {
      return { ...this.#element(callee, node), stratum: "computed" };
    }
    const value = this.#valueOf(callee);
    if (value.targets.size > 0 || value.externals.size > 0) return { ...value, fixed: false, stratum: "stored-value" };
    return { ...this.#bySignature(node, value.reason ?? "not-a-function"), stratum: "stored-value" };
  }

  // --- identifiers -----------------------------------------------------------------------------------------

  #identifier(node: ts.Identifier): ResolvedCall {
    const symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) return { ...unknown("unresolved-name"), stratum: "stored-value" };
    const target = this.#unalias(symbol);
    if (target === undefined) return this.#unresolvedImport(symbol);
    const value = this.#declared(target);
    return { ...value, stratum: this.#bindingStratum(target, value, node) };
  }

  /** Strata of names: a function bound by its declaration, a parameter, something outside, or a stored value. */
  #bindingStratum(symbol: ts.Symbol, value: Value, site: ts.Node): Stratum {
    const declarations = symbol.declarations ?? [];
    if (declarations.some((declaration) => isParameter(declaration))) return "callback";
    if (value.targets.size === 0 && value.externals.size > 0) return "external";
    if (value.targets.size === 0 || !declarations.some((d) => isFunctionBinding(d) || isExportOfName(d))) {
      return "stored-value";
    }
    const here = site.getSourceFile();
    return [...value.targets].every((target) => target.getSourceFile() === here) ? "direct" : "imported";
  }

  /** The symbol behind imports and re-exports; undefined when its module cannot be resolved. */
  #unalias(symbol: ts.Symbol): ts.Symbol | undefined {
    if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
    const target = this.#checker.getAliasedSymbol(symbol);
    return target.declarations === undefined || target.declarations.length === 0 ? undefined : target;
  }

  #unresolvedImport(symbol: ts.Symbol): ResolvedCall {
    for (const declaration of symbol.declarations ?? []) {
      const specifier = moduleSpecifier(declaration);
      if (specifier !== undefined && !/^[./]/.test(specifier)) {
        return { ...empty(), externals: new Set([symbol.name]), fixed: true, stratum: "external" };
      }
    }
    return { ...unknown("unresolved-import"), stratum: "imported" };
  }

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
      if (declaration.initializer !== undefined) return this.#valueOf(declaration.initializer);
      const loop = ts.isForOfStatement(declaration.parent.parent) || ts.isForInStatement(declaration.parent.parent);
      return loop || this.#bindings.variables.get(symbol) === undefined ? unknown("variable") : null;
    }
    if (ts.isBindingElement(declaration)) return { ...this.#destructured(declaration), fixed: false };
    if (ts.isExportAssignment(declaration)) return this.#valueOf(declaration.expression);
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

  /** `o[key]`: a key that is written out, or whose type names all that it can be, is like a member. */
  #element(callee: ts.ElementAccessExpression, node: CallNode): Value {
    const key = bare(callee.argumentExpression);
    if (ts.isStringLiteralLike(key)) return this.#member(callee, key, callee.expression);
    const type = this.#checker.getTypeAtLocation(callee.expression);
    const names = keyNames(this.#checker.getTypeAtLocation(key));
    if (names === null || isAny(type)) return this.#bySignature(node, isAny(type) ? "any-receiver" : "computed-key");
    const values = names.map((name) => {
      const property = propertyNamed(this.#checker, type, name);
      return property === undefined
        ? unknown("unresolved-member")
        : this.#held(property, name, this.#binding(callee.expression), callee.expression);
    });
    return names.length === 1 ? union(values) : alternatives(values);
  }

  #member(access: ts.Expression, name: ts.Node, receiver: ts.Expression): ResolvedCall {
    const text = ts.isStringLiteralLike(name) ? name.text : name.getText();
    const object = bare(receiver);
    const holder = ts.isIdentifier(object) ? this.#checker.getSymbolAtLocation(object) : undefined;
    const bound = this.#binding(receiver);
    if (holder !== undefined && bound === undefined) {
      const outside = this.#unresolvedImport(holder);
      if (outside.externals.size === 0) return outside;
      // What the project adds to a package's function or object is found by its name.
      const added = this.#written(this.#bindings.untyped.get(text) ?? []);
      const all = union([{ ...outside, externals: new Set([text]) }, ...added]);
      return added.length === 0 ? { ...all, stratum: "external" } : { ...all, fixed: false, stratum: "stored-value" };
    }
    const symbol = this.#checker.getSymbolAtLocation(name);
    if (bound !== undefined && symbol !== undefined && isNamespace(bound)) {
      const target = this.#unalias(symbol);
      if (target === undefined) return this.#unresolvedImport(symbol);
      const value = this.#declared(target);
      return { ...value, stratum: this.#bindingStratum(target, value, access) };
    }
    const type = this.#checker.getTypeAtLocation(receiver);
    if (symbol === undefined || symbol.declarations === undefined || symbol.declarations.length === 0) {
      return { ...unknown(isAny(type) ? "any-receiver" : "unresolved-member"), stratum: "method" };
    }
    const value = this.#held(symbol, text, bound, receiver);
    return { ...value, stratum: this.#memberStratum(symbol.declarations, value) };
  }

  /** The variable, import or class that a receiver names. */
  #binding(receiver: ts.Expression): ts.Symbol | undefined {
    const object = bare(receiver);
    const holder = ts.isIdentifier(object) ? this.#checker.getSymbolAtLocation(object) : undefined;
    return holder === undefined ? undefined : this.#unalias(holder);
  }

  /** What the member `symbol` of a receiver holds. */
  #held(symbol: ts.Symbol, name: string, bound: ts.Symbol | undefined, receiver: ts.Expression): Value {
    const declarations = symbol.declarations ?? [];
    const exact = bare(receiver).kind === ts.SyntaxKind.SuperKeyword || (bound !== undefined && isClass(bound));
    const value = this.#members(declarations, name, exact);
    const open = !this.#ownsLiteral(declarations, bound)
      ? "object-literal-may-be-replaced"
      : declarations.some((d) => this.#bindings.unlike.has(d.parent))
        ? "constructor-gives-another-object"
        : null;
    if (open === null) return value;
    return { ...value, fixed: false, complete: false, reason: value.reason ?? open };
  }

  #memberStratum(declarations: readonly ts.Node[], value: Value): Stratum {
    const inside = declarations.filter((declaration) => this.#program.isProject(declaration.getSourceFile()));
    if (inside.length === 0) return value.targets.size === 0 ? "external" : "interface";
    if (inside.some((declaration) => isSignature(declaration))) return "interface";
    return value.targets.size > 0 && inside.some((d) => isMemberFunction(d)) ? "method" : "stored-value";
  }

  /** All values that a member can have: its own, and those of every member below it in the hierarchy. */
  #members(declarations: readonly ts.Node[], name: string, exact: boolean): Value {
    const reached = exact ? new Set(declarations) : this.#withBelow(declarations, name);
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
      ![...reached].some((d) => this.#isWrittenByKey(d));
    if (all.targets.size === 0 && all.externals.size === 0) {
      return unknown(all.reason ?? "no-implementation-found");
    }
    return all;
  }

  #withBelow(declarations: readonly ts.Node[], name: string): Set<ts.Node> {
    const reached = new Set<ts.Node>();
    const queue = [...declarations];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(...(this.#bindings.below.get(next) ?? []));
      for (const implementer of this.#structuralClasses(next.parent)) {
        queue.push(...memberDeclarations(this.#checker, this.#instanceType(implementer), name));
      }
    }
    return reached;
  }

  /** Classes whose instances fit an interface of the project, whether they say so or not. */
  #structuralClasses(owner: ts.Node | undefined): ts.ClassLikeDeclaration[] {
    if (owner === undefined || !ts.isInterfaceDeclaration(owner) || !this.#program.isProject(owner.getSourceFile()))
      return [];
    let classes = this.#structural.get(owner);
    if (classes === undefined) {
      const type = this.#checker.getTypeAtLocation(owner);
      classes = this.#bindings.classes.filter((node) =>
        this.#checker.isTypeAssignableTo(this.#instanceType(node), type),
      );
      this.#structural.set(owner, classes);
    }
    return classes;
  }

  #instanceType(node: ts.ClassLikeDeclaration): ts.Type {
    const symbol =
      this.#checker.getSymbolAtLocation(node.name ?? node) ?? (node as unknown as { symbol: ts.Symbol }).symbol;
    return this.#checker.getDeclaredTypeOfSymbol(symbol);
  }

  /** What one member declaration holds; null when it only declares (abstract members, overloads, signatures). */
  #memberValue(declaration: ts.Node): Value | null {
    if (ts.isExportSpecifier(declaration) || ts.isImportSpecifier(declaration) || ts.isNamespaceExport(declaration)) {
      const symbol = this.#checker.getSymbolAtLocation(declaration.name);
      const target = symbol === undefined ? undefined : this.#unalias(symbol);
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
      const own = declaration.initializer === undefined ? [] : [this.#valueOf(declaration.initializer)];
      const all = union([...own, ...writes]);
      if (own.length + writes.length > 1) all.fixed = false;
      return own.length + writes.length === 0 ? unknown("no-value-seen") : all;
    }
    if (ts.isShorthandPropertyAssignment(declaration)) {
      const symbol = this.#checker.getShorthandAssignmentValueSymbol(declaration);
      const target = symbol === undefined ? undefined : this.#unalias(symbol);
      const own = target === undefined ? unknown("unresolved-import") : this.#declared(target);
      return writes.length > 0 ? { ...union([own, ...writes]), fixed: false } : own;
    }
    if (ts.isAccessor(declaration)) return unknown("accessor");
    if (writes.length === 0) return isSignature(declaration) ? null : unknown("no-value-seen");
    const all = union(writes);
    if (writes.length > 1) all.fixed = false;
    return all;
  }

  /** A literal's member is certain only through the constant (or module) that holds this very literal. */
  #ownsLiteral(declarations: readonly ts.Node[], bound: ts.Symbol | undefined): boolean {
    return declarations.every((declaration) => {
      const literal = declaration.parent as ts.Node | undefined;
      if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return true;
      let holder: ts.Node = literal.parent;
      while (ts.isAsExpression(holder) || ts.isSatisfiesExpression(holder) || ts.isParenthesizedExpression(holder)) {
        holder = holder.parent;
      }
      if (bound === undefined) return false;
      if (ts.isVariableDeclaration(holder)) {
        return bound.declarations?.includes(holder) === true && !this.#bindings.variables.has(bound);
      }
      // `module.exports = { … }`
      return ts.isBinaryExpression(holder) && (bound.flags & ts.SymbolFlags.ValueModule) !== 0;
    });
  }

  #isWrittenByKey(declaration: ts.Node): boolean {
    const owner = declaration.parent as ts.Node | undefined;
    if (owner !== undefined && this.#bindings.computed.has(owner)) return true;
    if (!ts.isPropertyAccessExpression(declaration)) return false;
    return ownerDeclarations(this.#checker, declaration.expression).some((d) => this.#bindings.computed.has(d));
  }

  // --- values ----------------------------------------------------------------------------------------------

  #written(written: readonly Written[]): Value[] {
    return [...new Set(written)].map((value) => (value === null ? unknown("unseen-write") : this.#valueOf(value)));
  }

  /** The functions that an expression can evaluate to. */
  #valueOf(expression: ts.Expression | ts.MethodDeclaration): Value {
    if (ts.isMethodDeclaration(expression)) return one(expression as Callable);
    return this.#once(expression, () => this.#valueOfBare(bare(expression)));
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
    if (ts.isIdentifier(node)) return node.text === "undefined" ? empty() : this.#identifier(node);
    if (ts.isPropertyAccessExpression(node)) return this.#member(node, node.name, node.expression);
    if (ts.isConditionalExpression(node))
      return alternatives([this.#valueOf(node.whenTrue), this.#valueOf(node.whenFalse)]);
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      if (operator === ts.SyntaxKind.CommaToken || operator === ts.SyntaxKind.AmpersandAmpersandToken) {
        return this.#valueOf(node.right);
      }
      if (operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken) {
        return alternatives([this.#valueOf(node.left), this.#valueOf(node.right)]);
      }
      if (operator === ts.SyntaxKind.EqualsToken) return this.#valueOf(node.right);
      return empty();
    }
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      if (ts.isPropertyAccessExpression(callee) && callee.name.text === "bind") {
        return { ...this.#valueOf(callee.expression), fixed: false };
      }
      return unknown("call-result");
    }
    if (ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.NullKeyword || ts.isObjectLiteralExpression(node)) {
      return empty();
    }
    return unknown("expression");
  }

  // --- special calls ---------------------------------------------------------------------------------------

  /** `f.call(…)`, `f.apply(…)` and `Reflect.apply(f, …)` enter `f`, and `Reflect.construct(C, …)` makes a `C`. */
  #callOrApply(callee: ts.PropertyAccessExpression, node: CallNode): ResolvedCall | null {
    const given = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    const name = callee.name.text;
    if (given !== undefined && ts.isIdentifier(callee.expression) && callee.expression.text === "Reflect") {
      const inside = this.#checker
        .getSymbolAtLocation(callee.expression)
        ?.declarations?.some((d) => ts.isVariableDeclaration(d) && this.#program.isProject(d.getSourceFile()));
      if (inside === true || (name !== "apply" && name !== "construct")) return null;
      const entered = this.#callee(bare(given), node);
      return name === "apply" ? entered : { ...entered, ...this.#constructed(entered) };
    }
    if ((callee.name.text !== "call" && callee.name.text !== "apply") || !ts.isCallExpression(node)) return null;
    const symbol = this.#checker.getSymbolAtLocation(callee.name);
    const outside = symbol?.declarations?.every((d) => !this.#program.isProject(d.getSourceFile())) === true;
    return outside ? this.#callee(bare(callee.expression), node) : null;
  }

  #superConstructor(node: CallNode): ResolvedCall {
    const owner = ts.findAncestor(node, ts.isClassLike);
    const base = owner === undefined ? undefined : baseOf(owner);
    if (base === undefined) return { ...unknown("no-base-class"), stratum: "method" };
    const value = this.#constructed(this.#valueOf(base.expression));
    return { ...value, stratum: value.targets.size === 0 && value.externals.size > 0 ? "external" : "method" };
  }

  /** From classes to the constructors that `new` enters. */
  #constructed(value: Value): Value {
    const entered = [...value.targets].map((target) => (ts.isClassLike(target) ? this.#entered(target) : one(target)));
    if (entered.length === 0) return value;
    const all = union(entered);
    for (const name of value.externals) all.externals.add(name);
    all.fixed &&= value.fixed;
    all.complete &&= value.complete;
    all.reason ??= value.reason;
    return all;
  }

  /** Its own constructor, else that of the nearest base class in the project, else the class itself. */
  #entered(node: ts.ClassLikeDeclaration): Value {
    const seen = new Set<ts.ClassLikeDeclaration>();
    for (let current = node; !seen.has(current);) {
      seen.add(current);
      const own = ownConstructor(current);
      if (own !== undefined) return one(own);
      const base = baseOf(current);
      if (base === undefined) break;
      const value = this.#valueOf(base.expression);
      const [next] = value.targets;
      if (next === undefined || !ts.isClassLike(next) || value.targets.size !== 1) {
        return value.externals.size > 0
          ? one(node)
          : { ...one(node), fixed: false, complete: false, reason: "unknown-base" };
      }
      current = next;
    }
    return one(node);
  }

  /** When names say nothing, the signature that type checking chose may still have a body: a hint, no proof. */
  #bySignature(node: CallNode, reason: string): Value {
    const declaration = this.#checker.getResolvedSignature(node)?.declaration;
    if (declaration !== undefined && isCallable(declaration) && this.#program.isProject(declaration.getSourceFile())) {
      return { ...one(declaration), fixed: false, complete: false, reason };
    }
    return unknown(reason);
  }
}
