/** A source file as the tests of its corpus will load it: as a module or a script, with the decorators it has. */
import { type ParserPlugin, parse } from "@babel/parser";
import type * as t from "@babel/types";

/** @throws SyntaxError when Babel cannot parse it */
export function parseSource(file: string, text: string): t.File {
  const tree = parseAs("unambiguous", file, text);
  if (tree.program.sourceType === "module" || !/\bawait\b/.test(text) || /\.c[jt]s$/.test(file)) return tree;
  // Without an import or export nothing else says that it is a module, in which `await (x)` is no call.
  try {
    return parseAs("module", file, text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return tree;
  }
}

function parseAs(sourceType: "unambiguous" | "module", file: string, text: string): t.File {
  try {
    return parseWith("decorators", sourceType, file, text);
  } catch (error) {
    // Only those from before the standard may stand before a parameter.
    if (!isParameterDecorator(error)) throw error;
    return parseWith("decorators-legacy", sourceType, file, text);
  }
}

function parseWith(
  decorators: "decorators" | "decorators-legacy",
  sourceType: "unambiguous" | "module",
  file: string,
  text: string,
): t.File {
  const language: ParserPlugin[] = /\.[cm]?ts$/.test(file)
    ? ["typescript"]
    : file.endsWith(".tsx")
      ? ["typescript", "jsx"]
      : ["jsx"];
  return parse(text, {
    sourceType,
    plugins: [...language, decorators, "decoratorAutoAccessors"],
    createParenthesizedExpressions: true,
    allowReturnOutsideFunction: true,
    errorRecovery: false,
  });
}

function isParameterDecorator(error: unknown): boolean {
  return error instanceof SyntaxError && "reasonCode" in error && error.reasonCode === "UnsupportedParameterDecorator";
}
