/** JSON of other tools: what is wrong with it is said with the line it is on. */
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type * as z from "zod";
import type { Source } from "./read.ts";
import { badOutput } from "./record.ts";

/**
 * Parses and checks a JSON text.
 *
 * @throws DriftError `INPUT_INVALID` with file and line: of the fault in the text, or of the value that is not as expected
 */
export function readJsonAs<T>({ text, name }: Source, schema: z.ZodType<T>): T {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [fault] = errors;
  if (fault !== undefined) {
    const ended = text.slice(fault.offset).trim() === "";
    throw badOutput(
      name,
      lineAt(text, fault.offset),
      ended ? "the file ends too early" : printParseErrorCode(fault.error),
    );
  }
  if (tree === undefined) throw badOutput(name, 1, "the file is empty");
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === "number" ? part : String(part)));
  throw badOutput(
    name,
    lineAt(text, nearest(tree, path).offset),
    `${path.join(".") || "the whole"}: ${issue?.message ?? ""}`,
  );
}

/** The value at a path, or the innermost one that is there. */
function nearest(tree: Node, path: (string | number)[]): Node {
  for (let length = path.length; length > 0; length--) {
    const found = findNodeAtLocation(tree, path.slice(0, length));
    if (found !== undefined) return found;
  }
  return tree;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
