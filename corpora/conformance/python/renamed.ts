import type { RenamedProgram } from "../javascript/renamed.ts";

const DEFINED =
  /(?:^|[^\w.])(?:def|class)\s+([A-Za-z_]\w*)|^[ \t]*([A-Za-z_]\w*)(?:\s*:[^=\n]+)?\s*=(?!=)|\bself\.([A-Za-z_]\w*)\s*=(?!=)/gm;
const WORD = /[A-Za-z_]\w*/g;
/** Texts with their prefixes, and comments. */
const TEXT = /[bfru]{0,2}("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#[^\n]*/gi;
/** Words of the language, and names of its library that programs also use for functions of their own. */
const KEPT = new Set(
  `False None True and as assert async await break case class continue def del elif else except finally for from global
  if import in is lambda match nonlocal not or pass raise return self cls super try type while with yield
  abs add append args callback clear close copy count discard end extend get group group index insert items join key keys len
  list name open path pop print read register remove result reverse run send set sort split start string submit sum target
  update values write`.split(/\s+/),
);

/**
 * A Python program with the names changed that it defines: functions, classes, variables and attributes, each to one of the
 * same length, in all files alike, so that nothing moves. What keeps its name: what stands as a word in a text, names with
 * two underscores on both sides, and names that the library has as well.
 */
export function renamedPython(files: Record<string, string>, code: readonly string[]): RenamedProgram {
  const sources = code.filter((file) => /\.pyi?$/.test(file)).map((file) => [file, files[file] ?? ""] as const);
  const kept = new Set(KEPT);
  for (const [file, text] of Object.entries(files)) {
    const texts = sources.some(([source]) => source === file) ? (text.match(TEXT) ?? []) : [text];
    for (const word of [...texts, file].flatMap((one) => one.match(WORD) ?? [])) kept.add(word);
  }
  for (const [, text] of sources) {
    for (const [, names = ""] of text.matchAll(/^[ \t]*(?:from|import)\s+([\w., ]+)/gm)) {
      for (const module of names.split(/\s*,\s*|\s+import\s+|\s+as\s+/)) {
        for (const word of module.match(WORD) ?? []) if (!isDefined(word, sources)) kept.add(word);
        // What is asked of a module of the library.
        const asked = new RegExp(`\\b${module.trim()}\\.(\\w+)`, "g");
        if (/^[\w.]+$/.test(module.trim())) for (const [, word = ""] of text.matchAll(asked)) kept.add(word);
      }
    }
  }
  const taken = new Set(sources.flatMap(([, text]) => text.match(WORD) ?? []));
  const beginnings = [...kept].filter((word) => word.length > 2 && word.endsWith("_"));
  const names = new Map<string, string>();
  for (const [, text] of sources) {
    for (const [, defined, assigned, attribute] of text.replaceAll(TEXT, "").matchAll(DEFINED)) {
      const name = defined ?? assigned ?? attribute ?? "";
      if (kept.has(name) || names.has(name) || /^__.*__$/.test(name)) continue;
      // `getattr(self, "visit_" + kind)`
      if (beginnings.some((beginning) => name.startsWith(beginning))) continue;
      const other = turned(name, (one) => taken.has(one) || kept.has(one));
      if (other === undefined) continue;
      names.set(name, other);
      taken.add(other);
    }
  }
  let count = 0;
  const rename = (part: string): string =>
    part.replaceAll(WORD, (word) => {
      const other = names.get(word);
      if (other !== undefined) count += 1;
      return other ?? word;
    });
  const changed = sources.map(([file, text]) => {
    let at = 0;
    const parts = [...text.matchAll(TEXT)].map((found) => {
      const before = rename(text.slice(at, found.index));
      at = found.index + found[0].length;
      return before + found[0];
    });
    return [file, parts.join("") + rename(text.slice(at))];
  });
  return {
    files: { ...files, ...(Object.fromEntries(changed) as Record<string, string>) },
    renamed: count,
    place: (file, line, column) => `${file}:${line}:${column}`,
    member: (name) => names.get(name) ?? name,
  };
}

function isDefined(name: string, sources: readonly (readonly [string, string])[]): boolean {
  return sources.some(([, text]) => [...text.matchAll(DEFINED)].some(([, ...found]) => found.includes(name)));
}

/** The name with its letters moved on in the alphabet, by the least that makes a new one. */
function turned(name: string, isTaken: (name: string) => boolean): string | undefined {
  for (let by = 1; by < 26; by += 1) {
    const other = name.replaceAll(/[A-Za-z]/g, (letter) => {
      const first = letter <= "Z" ? 65 : 97;
      return String.fromCodePoint(first + ((letter.charCodeAt(0) - first + by) % 26));
    });
    if (!isTaken(other)) return other;
  }
  return undefined;
}
