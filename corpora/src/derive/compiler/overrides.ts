/** Which other members a call of one member can mean, and which of them may be replaced without that being seen. */
import ts from "typescript-classic";
import { type Bindings, memberDeclarations, ownerDeclarations } from "./bindings.ts";
import type { CorpusProgram } from "./program.ts";

export class Overrides {
  readonly #checker: ts.TypeChecker;
  readonly #program: CorpusProgram;
  readonly #bindings: Bindings;
  readonly #structural = new Map<ts.Node, ts.ClassLikeDeclaration[]>();

  constructor(program: CorpusProgram, bindings: Bindings) {
    this.#checker = program.checker;
    this.#program = program;
    this.#bindings = bindings;
  }

  /** These members, and every member that overrides or implements one of them. */
  withBelow(declarations: readonly ts.Node[], name: string): Set<ts.Node> {
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

  /** A literal's member is certain only through the constant (or module) that holds this very literal. */
  ownsLiteral(declarations: readonly ts.Node[], bound: ts.Symbol | undefined): boolean {
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

  /** Whether something is assigned under a computed key of what has the member. */
  isWrittenByKey(declaration: ts.Node): boolean {
    const owner = declaration.parent as ts.Node | undefined;
    if (owner !== undefined && this.#bindings.computed.has(owner)) return true;
    if (!ts.isPropertyAccessExpression(declaration)) return false;
    return ownerDeclarations(this.#checker, declaration.expression).some((d) => this.#bindings.computed.has(d));
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
}
