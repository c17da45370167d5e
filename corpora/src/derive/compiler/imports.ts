/** Names that stand for something of another module. */
import ts from "typescript-classic";
import { moduleSpecifier } from "./declarations.ts";
import { type Callee, empty, unknown } from "./values.ts";

/** The symbol behind imports and re-exports; undefined when its module cannot be resolved. */
export function unalias(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol | undefined {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  const target = checker.getAliasedSymbol(symbol);
  return target.declarations === undefined || target.declarations.length === 0 ? undefined : target;
}

/** What a name holds whose module cannot be resolved: a package lies outside, a file of the project is not known. */
export function unresolvedImport(symbol: ts.Symbol): Callee {
  for (const declaration of symbol.declarations ?? []) {
    const specifier = moduleSpecifier(declaration);
    if (specifier !== undefined && !/^[./]/.test(specifier)) {
      return { ...empty(), externals: new Set([symbol.name]), fixed: true, stratum: "external" };
    }
  }
  return { ...unknown("unresolved-import"), stratum: "imported" };
}
