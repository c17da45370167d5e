/** The text of a manifest, laid out as this repository's formatter lays out JSON. */
import type { CorpusSpec } from "../manifest.ts";

const WIDTH = 120;

/** Objects over several lines, lists on one where they fit. */
export function manifestText(spec: CorpusSpec): string {
  return `${layOut(spec, "", 0)}\n`;
}

/** @param before how many columns stand before the value on its line */
function layOut(value: unknown, indent: string, before: number): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isFlat = value.every((item) => typeof item !== "object" || item === null);
    // A comma may follow.
    if (isFlat && before + line.length < WIDTH) return line;
    return `[\n${value.map((item) => inner + layOut(item, inner, inner.length)).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, one]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + layOut(one, inner, name.length);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
