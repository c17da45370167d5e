/** Declarations that a decorator may put something else in the place of. */
import ts from "typescript-classic";
import type { CorpusProgram } from "./program.ts";

export class Replaced {
  readonly #program: CorpusProgram;
  readonly #known = new Map<ts.Node, boolean>();

  constructor(program: CorpusProgram) {
    this.#program = program;
  }

  /**
   * Whether a decorator may replace this class or member. One whose body gives nothing back replaces nothing; before
   * the standard, a decorator of a member, or of a parameter of it, may also change its descriptor or the prototype.
   */
  has(declaration: ts.Node): boolean {
    if (!ts.isClassLike(declaration) && !ts.isClassElement(declaration)) return false;
    let replaced = this.#known.get(declaration);
    if (replaced === undefined) {
      replaced = this.#isReplaced(declaration);
      this.#known.set(declaration, replaced);
    }
    return replaced;
  }

  #isReplaced(declaration: ts.ClassLikeDeclaration | ts.ClassElement): boolean {
    const decorators = decoratorsOf(declaration);
    if (ts.isClassLike(declaration) || !this.#program.legacyDecorators) {
      return decorators.some((decorator) => this.#givesSomething(decorator));
    }
    const parameters = ts.isMethodDeclaration(declaration) ? declaration.parameters : [];
    return decorators.length > 0 || parameters.some((parameter) => decoratorsOf(parameter).length > 0);
  }

  /** A type may say `void` of a function that gives something; a body cannot. */
  #givesSomething(decorator: ts.Decorator): boolean {
    const signature = this.#program.checker.getResolvedSignature(decorator);
    const declaration = signature?.declaration;
    if (declaration === undefined || !("body" in declaration) || declaration.body === undefined) return true;
    const given = this.#program.checker.getReturnTypeOfSignature(signature as ts.Signature);
    return (given.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) === 0;
  }
}

function decoratorsOf(node: ts.Node): readonly ts.Decorator[] {
  return ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
}
