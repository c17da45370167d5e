/** Which files of a typed language no longer compile with a change, as far as names and calls tell. */
import type { ChangeItem } from "../schema/task.ts";

/** What is known of a project's text. */
export interface ProjectText {
  texts: ReadonlyMap<string, string>;
  /** Files that import one, however indirectly. */
  importersOf: (file: string) => ReadonlySet<string>;
}

/** Whether the files of this language are checked by a compiler. */
export function isTyped(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

/** @param calling files that call the changed function */
export function compileBreaks(
  item: ChangeItem,
  { texts, importersOf }: ProjectText,
  calling: ReadonlySet<string>,
): Set<string> {
  switch (item.operator) {
    case "add-parameter":
      return new Set(calling);
    case "remove-export":
    case "rename-export": {
      const name = exportedName(item, texts.get(item.file) ?? "");
      if (name === null) return new Set();
      const word = new RegExp(`[^\\w$.]${name.replaceAll("$", "\\$")}(?![\\w$])`);
      return new Set([...importersOf(item.file)].filter((file) => word.test(importsIn(texts.get(file) ?? ""))));
    }
    case "change-type":
      return new Set([item.file]);
    case "return-nothing":
      return hasResultType(item, texts.get(item.file) ?? "") ? new Set([item.file]) : new Set();
    default:
      return new Set();
  }
}

/** The name that is exported at a change: of a specifier, or of the declaration behind it. */
function exportedName({ before, span }: ChangeItem, text: string): string | null {
  const specifier = /(?:\bas\s+)?(?<name>[\w$]+)\s*,?\s*$/.exec(before)?.groups?.["name"];
  if (specifier !== undefined && specifier !== "export") return specifier;
  const lines = text.split("\n");
  const behind = [lines[span.endLine - 1]?.slice(span.endColumn - 1) ?? "", lines[span.endLine] ?? ""].join(" ");
  const declaration =
    /^\s*(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|const|let|var|enum|interface|type|namespace)\s+(?<name>[\w$]+)/;
  return declaration.exec(behind)?.groups?.["name"] ?? null;
}

/** The import statements of a text, and what it hands on. */
function importsIn(text: string): string {
  return (text.match(/^\s*(?:import|export)\b[^;]*?\bfrom\s*["'][^"'\n]+["']/gm) ?? []).join("\n");
}

/** Whether the function around a place says what it returns, and that it returns something. */
function hasResultType({ span }: ChangeItem, text: string): boolean {
  const before = text
    .split("\n")
    .slice(Math.max(0, span.line - 40), span.line)
    .join("\n");
  const heads = [...before.matchAll(/\)\s*:\s*(?<type>[^={};]+?)\s*(?:\{|=>)/g)];
  const type = heads.at(-1)?.groups?.["type"];
  return type !== undefined && !/^(?:void|any|unknown|undefined|Promise<void>)$|\bundefined\b/.test(type);
}
