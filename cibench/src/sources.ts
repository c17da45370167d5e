/** What it costs to read lines of a corpus, in tokens of a real tokenizer. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Excerpt } from "./schema/context.ts";

/** The encoding of GPT-4o and later models. Other tokenizers count other numbers, in much the same proportions. */
export const TOKENIZER = "o200k_base";

/** How many tokens a text is. */
export type CountTokens = (text: string) => number;

/** The tokenizer: its table of 200,000 words takes half a second to load. */
export async function loadTokenizer(): Promise<CountTokens> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  // Source code may hold the words by which models mark the end of a text; here they are text.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}

/** The texts of a corpus. Its members are private, so that it adds nothing to a hash of what holds it. */
export class Sources {
  readonly #lines: ReadonlyMap<string, readonly string[]>;
  readonly #count: CountTokens;
  readonly #sums = new Map<string, Uint32Array>();
  readonly #heads = new Map<string, number>();

  constructor(texts: ReadonlyMap<string, string>, count: CountTokens) {
    this.#lines = new Map([...texts].map(([file, text]) => [file, linesOf(text)]));
    this.#count = count;
  }

  /** Lines of a file, the empty one behind a last line break included; 0 where there is no such file. */
  lineCount(file: string): number {
    return this.#lines.get(file)?.length ?? 0;
  }

  has({ file, line, endLine }: Excerpt): boolean {
    return line <= endLine && endLine <= this.lineCount(file);
  }

  /** Of a line with the path, which stands before each excerpt: who reads must know of what. */
  headTokens(file: string): number {
    const known = this.#heads.get(file) ?? this.#count(`${file}\n`);
    this.#heads.set(file, known);
    return known;
  }

  /** Of an excerpt, what stands before it included. */
  tokens({ file, line, endLine }: Excerpt): number {
    const lines = (this.#lines.get(file) ?? []).slice(line - 1, endLine);
    return lines.reduce((sum, one) => sum + this.#count(`${one}\n`), this.headTokens(file));
  }

  /** Of each line with its end, counted alone: `sums[n]` is what the first n lines are together. */
  sums(file: string): Uint32Array {
    const known = this.#sums.get(file);
    if (known !== undefined) return known;
    const lines = this.#lines.get(file) ?? [];
    const sums = new Uint32Array(lines.length + 1);
    lines.forEach((line, index) => {
      sums[index + 1] = (sums[index] ?? 0) + this.#count(`${line}\n`);
    });
    this.#sums.set(file, sums);
    return sums;
  }
}

/** @param files paths below `root` */
export async function readSources(root: string, files: readonly string[], count: CountTokens): Promise<Sources> {
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(join(root, file), "utf8"));
  return new Sources(texts, count);
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}
