/** Positions of Java and Go, by how the text there begins and ends: no parser of these languages is needed for that. */
import type { Span } from "../truth/schema.ts";
import type { Claims, Report } from "./positions.ts";

/** A call ends in its parenthesis, or in the body of the anonymous class that it makes. */
export function checkBraces(
  { lines, sites, definitions }: Claims,
  textOf: (lines: readonly string[], span: Span) => string,
  report: Report,
): void {
  for (const { id, span, syntax } of sites) {
    const text = textOf(lines, span);
    const isCall = text.includes("(") && (text.endsWith(")") || (syntax === "new" && text.endsWith("}")));
    if (!isCall) report(id, "no call stands there");
    else if (syntax === "new" && !/\bnew\b/.test(text)) report(id, "it is written otherwise, not new");
    else if (isUnbalanced(text)) report(id, "its parentheses do not close");
  }
  for (const { id, span, body, name } of definitions) {
    const { line: endLine, column: endColumn } = body;
    const header = textOf(lines, { ...span, endLine, endColumn });
    const whole = textOf(lines, span);
    const isLambda = name === "<lambda>";
    if (isLambda ? !/->\s*$/.test(withoutComments(header)) : !whole.endsWith("}"))
      report(id, "no function or class stands there");
    else if (!isLambda && (lines[body.line - 1] ?? "")[body.column - 1] !== "{")
      report(id, "its body starts somewhere else");
  }
}

/** Whether more parentheses open than close, comments, strings and characters aside. */
function isUnbalanced(text: string): boolean {
  const bare = withoutComments(text);
  return bare.split("(").length !== bare.split(")").length;
}

function withoutComments(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|`[^`]*`/g, (found) =>
    found.startsWith("/") ? " " : '""',
  );
}
