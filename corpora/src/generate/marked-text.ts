/** Text that remembers where things are while it is being put together: marks in it become positions at the end. */
import type { Position } from "../truth/schema.ts";

/**
 * `S`ite start and end (`s`), its `C`allee's name; `D`efinition start and end (`d`), its `B`ody; of a constructor, where
 * the `H`eader of its class starts and ends (`h`).
 */
export type MarkKind = "S" | "s" | "C" | "D" | "d" | "B" | "H" | "h";

// Characters of the private use area: no generated source contains them.
const OPEN = "\uE000";
const CLOSE = "\uE001";
const MARK = /\uE000([SsCDdBHh])(\d+)\uE001/g;

/** A mark to be placed in text, e.g. `mark("D", 3) + "function f() " + mark("B", 3) + "{}" + mark("d", 3)`. */
export function mark(kind: MarkKind, index: number): string {
  return `${OPEN}${kind}${index}${CLOSE}`;
}

/** The text without its marks, and the position of each, keyed by kind and index (`"D3"`). */
export function takeMarks(marked: string): { text: string; positions: Map<string, Position> } {
  const positions = new Map<string, Position>();
  let text = "";
  let line = 1;
  let lineStart = 0;
  let last = 0;
  const append = (piece: string): void => {
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) {
      line += 1;
      lineStart = text.length + at + 1;
    }
    text += piece;
  };
  for (const match of marked.matchAll(MARK)) {
    append(marked.slice(last, match.index));
    last = match.index + match[0].length;
    positions.set(`${match[1]}${match[2]}`, { line, column: text.length - lineStart + 1 });
  }
  append(marked.slice(last));
  return { text, positions };
}
