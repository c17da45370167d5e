/** What kind of call a call is (see `Stratum`), from what its callee is bound to. */
import type ts from "typescript-classic";
import type { Stratum } from "../../truth/schema.ts";
import { isExportOfName, isFunctionBinding, isMemberFunction, isParameter, isSignature } from "./declarations.ts";
import type { CorpusProgram } from "./program.ts";
import type { Value } from "./values.ts";

/** Strata of names: a function bound by its declaration, a parameter, something outside, or a stored value. */
export function bindingStratum(symbol: ts.Symbol, value: Value, site: ts.Node): Stratum {
  const declarations = symbol.declarations ?? [];
  if (declarations.some((declaration) => isParameter(declaration))) return "callback";
  if (value.targets.size === 0 && value.externals.size > 0) return "external";
  if (value.targets.size === 0 || !declarations.some((d) => isFunctionBinding(d) || isExportOfName(d))) {
    return "stored-value";
  }
  const here = site.getSourceFile();
  return [...value.targets].every((target) => target.getSourceFile() === here) ? "direct" : "imported";
}

/** Strata of members: outside, declared without a body, a function of a class or object, or a stored value. */
export function memberStratum(declarations: readonly ts.Node[], value: Value, program: CorpusProgram): Stratum {
  const inside = declarations.filter((declaration) => program.isProject(declaration.getSourceFile()));
  if (inside.length === 0) return value.targets.size === 0 ? "external" : "interface";
  if (inside.some((declaration) => isSignature(declaration))) return "interface";
  return value.targets.size > 0 && inside.some((d) => isMemberFunction(d)) ? "method" : "stored-value";
}
