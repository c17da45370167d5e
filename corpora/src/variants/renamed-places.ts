/** From what is called something at a place of a corpus to what it is called at the same place of a variant: nothing moved. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Definition, SiteTruth } from "../truth/schema.ts";

/** What stands in a variant where something stands in the corpus. */
export class RenamedPlaces {
  readonly #before: ReadonlyMap<string, readonly string[]>;
  readonly #after: ReadonlyMap<string, readonly string[]>;

  /** @param before lines of files, by file */
  constructor(before: ReadonlyMap<string, readonly string[]>, after: ReadonlyMap<string, readonly string[]>) {
    this.#before = before;
    this.#after = after;
  }

  /** @param files those that differ */
  static async read(before: string, after: string, files: readonly string[]): Promise<RenamedPlaces> {
    const linesIn = async (root: string): Promise<Map<string, string[]>> => {
      const texts = files.map(async (file) => (await readFile(path.join(root, file), "utf8")).split("\n"));
      return new Map((await Promise.all(texts)).map((lines, index) => [files[index] as string, lines]));
    };
    return new RenamedPlaces(await linesIn(before), await linesIn(after));
  }

  /** The name of what is called at a place; as it was where it does not stand there as a name. */
  callee<Callee extends SiteTruth["callee"]>(file: string, callee: Callee): Callee {
    if (callee === null) return callee;
    const { name, line, column } = callee;
    const [before, after] = [this.#before, this.#after].map((texts) =>
      texts.get(file)?.[line - 1]?.slice(column - 1, column - 1 + name.length),
    );
    return before === name && after !== undefined ? { ...callee, name: after } : callee;
  }

  /** The qualified name of a definition: each part is looked for where it is written, which the last may be within the definition. */
  definition<Named extends Pick<Definition, "file" | "span" | "name">>(definition: Named): Named {
    const { file, span, name } = definition;
    const parts = name.split(".");
    const now = parts.map((part, index) => {
      const isLast = index === parts.length - 1;
      const place = (isLast ? this.#within(file, part, span) : null) ?? this.#behind(file, part, span);
      return place === null
        ? part
        : (this.#after.get(file)?.[place.line]?.slice(place.at, place.at + part.length) ?? part);
    });
    return { ...definition, name: now.join(".") };
  }

  /** In what stands before the parameters or the body, decorators left out; a function that a variable holds has its name before it. */
  #within(file: string, word: string, { line, column, endLine }: Definition["span"]): Found | null {
    const lines = this.#before.get(file) ?? [];
    for (let at = line - 1; at < Math.min(endLine, lines.length); at += 1) {
      const text = lines[at] ?? "";
      const from = at === line - 1 ? column - 1 : 0;
      if (text.slice(from).trimStart().startsWith("@")) continue;
      const found = placesOf(word, /^[^({]*/.exec(text.slice(from))?.[0] ?? "")[0];
      return found === undefined ? null : { line: at, at: from + found };
    }
    return null;
  }

  #behind(file: string, word: string, { line, column }: Definition["span"]): Found | null {
    const lines = this.#before.get(file) ?? [];
    for (let at = Math.min(line, lines.length) - 1; at >= 0; at -= 1) {
      const found = placesOf(word, lines[at] ?? "").findLast((one) => at < line - 1 || one < column - 1);
      if (found !== undefined) return { line: at, at: found };
    }
    return null;
  }
}

interface Found {
  line: number;
  at: number;
}

/** Where a word stands by itself in a line. */
function placesOf(word: string, line: string): number[] {
  if (!/^[\w$]+$/.test(word)) return [];
  return [...line.matchAll(/[\w$]+/g)].flatMap(({ 0: found, index }) => (found === word ? [index] : []));
}
