/** What the members of objects and classes hold, with everything that may stand in their place. */
import ts from "typescript-classic";
import type { Bindings, Written } from "./bindings.ts";
import { holdsAnything, isClass, isSignature } from "./declarations.ts";
import { unalias } from "./imports.ts";
import { isExported, LoadedModules } from "./modules.ts";
import { Overrides } from "./overrides.ts";
import { bare, type Callable } from "./positions.ts";
import type { CorpusProgram } from "./program.ts";
import type { Replaced } from "./replaced.ts";
import { alternatives, empty, one, open, union, unknown, type Value } from "./values.ts";

/** What is asked about names and expressions. */
export interface Holder {
  valueOf(expression: ts.Expression): Value;
  /** What a variable, function, class, import or exported property holds. */
  declared(symbol: ts.Symbol): Value;
  written(written: readonly Written[]): Value[];
}

export class Members {
  readonly #checker: ts.TypeChecker;
  readonly #program: CorpusProgram;
  readonly #bindings: Bindings;
  readonly #overrides: Overrides;
  readonly #modules: LoadedModules;
  readonly #replaced: Replaced;
  readonly #holder: Holder;

  constructor(program: CorpusProgram, bindings: Bindings, replaced: Replaced, holder: Holder) {
    this.#checker = program.checker;
    this.#program = program;
    this.#bindings = bindings;
    this.#overrides = new Overrides(program, bindings);
    this.#modules = new LoadedModules(program.checker, bindings, (expression) => holder.valueOf(expression));
    this.#replaced = replaced;
    this.#holder = holder;
  }

  /** The member `symbol` of a receiver; `bound` is the variable, import or class that the receiver names. */
  held(symbol: ts.Symbol, name: string, bound: ts.Symbol | undefined, receiver: ts.Expression): Value {
    const declarations = symbol.declarations ?? [];
    const exact = bare(receiver).kind === ts.SyntaxKind.SuperKeyword || (bound !== undefined && isClass(bound));
    const value = this.of(declarations, name, exact);
    if (!this.#overrides.ownsLiteral(declarations, bound)) return open(value, "object-literal-may-be-replaced");
    if (declarations.some((d) => this.#bindings.unlike.has(d.parent))) {
      return open(value, "constructor-gives-another-object");
    }
    return this.#ofModules(value, declarations, name, () => this.#modules.of(receiver));
  }

  /** The member that an element of an object pattern takes. */
  taken(element: ts.BindingElement, declarations: readonly ts.Node[], name: string): Value {
    const value = this.of(declarations, name, false);
    return this.#ofModules(value, declarations, name, () => this.#modules.taken(element));
  }

  /** A member that a type finds in one module, with those of the other modules that its holder can be. */
  #ofModules(
    value: Value,
    declarations: readonly ts.Node[],
    name: string,
    modulesOf: () => ReadonlySet<ts.Symbol> | null,
  ): Value {
    const inModules = declarations.some((d) => this.#program.isProject(d.getSourceFile()) && isExported(d));
    const modules = inModules ? modulesOf() : new Set<ts.Symbol>();
    if (modules === null) return open(value, "one-of-several-modules");
    if (modules.size < 2) return value;
    const others = [...modules].map((module) => this.#modules.member(module, name));
    return alternatives([
      value,
      ...others.map((other) => (other === undefined ? unknown("no-value-seen") : this.#exported(other))),
    ]);
  }

  #exported(symbol: ts.Symbol): Value {
    const target = unalias(symbol, this.#checker);
    return target === undefined ? unknown("unresolved-import") : this.#holder.declared(target);
  }

  /** All values that a member can have: its own, and those of every member below it in the hierarchy. */
  of(declarations: readonly ts.Node[], name: string, exact: boolean): Value {
    const reached = exact ? new Set(declarations) : this.#overrides.withBelow(declarations, name);
    const values: Value[] = [];
    let signatures = 0;
    for (const declaration of reached) {
      if (!this.#program.isProject(declaration.getSourceFile())) {
        values.push(outside(declaration, name));
        continue;
      }
      if (isSignature(declaration)) signatures += 1;
      const value = this.value(declaration);
      if (value !== null) values.push(value);
    }
    const untyped = ts.isPrivateIdentifier(ts.factory.createIdentifier(name))
      ? []
      : (this.#bindings.untyped.get(name) ?? []);
    const all = union([...values, ...this.#holder.written(untyped)]);
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
  value(declaration: ts.Node): Value | null {
    if (this.#replaced.has(declaration)) return unknown("decorated");
    const value = this.#written(declaration);
    const owner = declaration.parent as ts.Node | undefined;
    if (value === null || owner === undefined || !this.#replaced.has(owner)) return value;
    return open(value, "decorated");
  }

  #written(declaration: ts.Node): Value | null {
    if (ts.isExportSpecifier(declaration) || ts.isImportSpecifier(declaration) || ts.isNamespaceExport(declaration)) {
      const symbol = this.#checker.getSymbolAtLocation(declaration.name);
      return symbol === undefined ? unknown("unresolved-import") : this.#exported(symbol);
    }
    if (ts.isFunctionDeclaration(declaration) || ts.isClassLike(declaration) || ts.isVariableDeclaration(declaration)) {
      // A spread module or namespace: its members are declared where the module declares them.
      const symbol = this.#checker.getSymbolAtLocation(declaration.name ?? declaration);
      return symbol === undefined ? unknown("no-value-seen") : this.#holder.declared(symbol);
    }
    const writes = this.#holder.written([
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
      const own = declaration.initializer === undefined ? [] : [this.#holder.valueOf(declaration.initializer)];
      const all = union([...own, ...writes]);
      if (own.length + writes.length > 1) all.fixed = false;
      return own.length + writes.length === 0 ? unknown("no-value-seen") : all;
    }
    if (ts.isShorthandPropertyAssignment(declaration)) {
      const symbol = this.#checker.getShorthandAssignmentValueSymbol(declaration);
      const target = symbol === undefined ? undefined : unalias(symbol, this.#checker);
      const own = target === undefined ? unknown("unresolved-import") : this.#holder.declared(target);
      return writes.length > 0 ? { ...union([own, ...writes]), fixed: false } : own;
    }
    if (ts.isAccessor(declaration)) return unknown("accessor");
    if (writes.length === 0) return isSignature(declaration) ? null : unknown("no-value-seen");
    const all = union(writes);
    if (writes.length > 1) all.fixed = false;
    return all;
  }
}

/** A member that the language, Node or a package declares. */
function outside(declaration: ts.Node, name: string): Value {
  // Every object has `constructor`, declared for all of them in one place, and it is another one in each class.
  if (name === "constructor") return unknown("constructor-property");
  if (holdsAnything(declaration)) return unknown("value-given-by-anybody");
  return { ...empty(), externals: new Set([name]), fixed: true };
}
