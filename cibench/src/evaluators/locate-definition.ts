/** From the position that a tool points at to the definition it means. */
import type { Definition, Position } from "@drift/corpora";

/** @returns the id of the definition meant by a 1-based position, or null when there is none */
export type DefinitionLocator = (file: string, line: number, column: number) => string | null;

/**
 * A position means the innermost definition whose header `[span start, body start)` contains it, or whose span starts
 * there. Tools differ in whether they name a function by its first modifier, its keyword or its name: all of these
 * lie in the header. A position inside a body means nothing, or pointing anywhere in a file would do.
 *
 * A class with a constructor of its own is no definition, since calling it enters the constructor: its header means
 * that constructor, which is how tools that stop at the class say it.
 *
 * Lookup costs O(log definitions of the file + headers that enclose the position).
 */
export function definitionLocator(definitions: readonly Definition[]): DefinitionLocator {
  const byFile = new Map<string, Header[]>();
  for (const { id, file, span, body, classHeader } of definitions) {
    const headers = byFile.get(file) ?? [];
    headers.push(headerOf(id, span, body));
    if (classHeader !== undefined) headers.push(headerOf(id, classHeader, classHeader.body));
    byFile.set(file, headers);
  }
  for (const headers of byFile.values()) {
    // Of two definitions that start together the one with the shorter header is the inner one.
    headers.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1));
    let furthestEnd = 0;
    for (const header of headers)
      header.furthestEnd = furthestEnd = Math.max(furthestEnd, header.end, header.start + 1);
  }
  return (file, line, column) => innermost(byFile.get(file) ?? [], rank(line, column));
}

interface Header {
  id: string;
  start: number;
  end: number;
  /** The furthest end of this and all headers before it: beyond that, nothing earlier can contain a position. */
  furthestEnd: number;
}

function headerOf(id: string, start: Position, end: Position): Header {
  return { id, start: rank(start.line, start.column), end: rank(end.line, end.column), furthestEnd: 0 };
}

/** Orders positions of one file as numbers, exact for up to 2^23 lines of up to 2^30 columns. */
function rank(line: number, column: number): number {
  return line * 2 ** 30 + Math.min(column, 2 ** 30 - 1);
}

function innermost(headers: readonly Header[], position: number): string | null {
  let low = 0;
  let high = headers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((headers[middle] as Header).start <= position) low = middle + 1;
    else high = middle;
  }
  for (let index = low - 1; index >= 0; index--) {
    const header = headers[index] as Header;
    if (position < header.end || position === header.start) return header.id;
    if (header.furthestEnd <= position) break;
  }
  return null;
}
