/** What a call can enter, as far as types and bindings say. */
import ts from "typescript-classic";
import type { Bindings } from "./bindings.ts";
import { isAny } from "./declarations.ts";
import { Held } from "./held.ts";
import { bare, baseOf, isCallable, ownConstructor } from "./positions.ts";
import type { CorpusProgram } from "./program.ts";
import { type Callee, one, union, unknown, type Value } from "./values.ts";

/** A call site, resolved. */
export type ResolvedCall = Callee;

export type CallNode = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

export class Resolver {
  readonly #checker: ts.TypeChecker;
  readonly #program: CorpusProgram;
  readonly #held: Held;

  constructor(program: CorpusProgram, bindings: Bindings) {
    this.#checker = program.checker;
    this.#program = program;
    this.#held = new Held(program, bindings);
  }

  resolve(node: CallNode): ResolvedCall {
    this.#held.forget();
    const callee = bare(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
    if (callee.kind === ts.SyntaxKind.SuperKeyword) return this.#superConstructor(node);
    const resolved = this.#callee(callee, node);
    return ts.isNewExpression(node) ? { ...resolved, ...this.#constructed(resolved) } : resolved;
  }

  #callee(callee: ts.Expression, node: CallNode): ResolvedCall {
    if (ts.isFunctionExpression(callee) || ts.isArrowFunction(callee)) return { ...one(callee), stratum: "direct" };
    if (ts.isIdentifier(callee)) return this.#held.identifier(callee);
    if (ts.isPropertyAccessExpression(callee)) {
      const through = this.#callOrApply(callee, node);
      return through ?? this.#held.member(callee, callee.name, callee.expression);
    }
    if (ts.isElementAccessExpression(callee)) {
      return { ...this.#element(callee, node), stratum: "computed" };
    }
    const value = this.#held.valueOf(callee);
    if (value.targets.size > 0 || value.externals.size > 0) return { ...value, fixed: false, stratum: "stored-value" };
    return { ...this.#bySignature(node, value.reason ?? "not-a-function"), stratum: "stored-value" };
  }

  /** `o[key]`: a key that is written out, or whose type names all that it can be, is like a member. */
  #element(callee: ts.ElementAccessExpression, node: CallNode): Value {
    const key = bare(callee.argumentExpression);
    if (ts.isStringLiteralLike(key)) return this.#held.member(callee, key, callee.expression);
    const isUntyped = isAny(this.#checker.getTypeAtLocation(callee.expression));
    return this.#held.element(callee) ?? this.#bySignature(node, isUntyped ? "any-receiver" : "computed-key");
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
    const value = this.#constructed(this.#held.valueOf(base.expression));
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
      const value = this.#held.valueOf(base.expression);
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
