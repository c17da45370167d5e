/**
 * Marks in the source of a function that survive into `Function.prototype.toString`: string statements, which do
 * nothing. So a function is recognised by what it is, wherever it was called from.
 */

/** A function: the number of its definition and in how many functions and classes it stands. */
export function functionMarker(definition: number, depth: number): string {
  return `"drift:F${definition}@${depth}";`;
}

/** A class: its own constructor, or itself when it has none. */
export function classMarker(constructor: number | undefined, itself: number | undefined, depth: number): string {
  return `"drift:C${constructor ?? ""}:${itself ?? ""}@${depth}";`;
}
