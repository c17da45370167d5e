/** Which of many test files that lead to a change speak of what is changed: by rare words that both have (tf-idf without tf). */
import type { ChangeItem } from "../schema/task.ts";

/** Lines around a change whose words count, within its function. */
const LINES = 4;
/** Test files that score at least this share of the best one are kept, so many at most. */
const [SHARE, MOST] = [0.6, 8];

/** The words of all test files. */
export class RelevantTests {
  readonly #words: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #frequency = new Map<string, number>();
  readonly #texts: ReadonlyMap<string, string>;

  constructor(testFiles: readonly string[], texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
    this.#words = new Map(testFiles.map((file) => [file, wordsOf(`${file} ${texts.get(file) ?? ""}`)]));
    for (const words of this.#words.values())
      for (const word of words) this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1);
  }

  /** Those of some test files that share most with a change; all where none shares anything. */
  among(
    files: readonly string[],
    { file, span }: ChangeItem,
    around: readonly { id: string; line: number; endLine: number }[],
  ): string[] {
    const lines = (this.#texts.get(file) ?? "").split("\n");
    const [inner] = around;
    const from = Math.max(span.line - LINES, inner?.line ?? 1);
    const to = Math.min(span.endLine + LINES, inner?.endLine ?? lines.length);
    const near = wordsOf(`${inner?.id ?? ""} ${lines.slice(from - 1, to).join(" ")}`);
    const scored = files.map((one) => ({ one, score: this.#score(one, near) }));
    const best = Math.max(...scored.map(({ score }) => score));
    const kept = scored.filter(({ score }) => score > 0 && score >= SHARE * best).toSorted((a, b) => b.score - a.score);
    return kept.length === 0 ? [...files] : kept.slice(0, MOST).map(({ one }) => one);
  }

  #score(file: string, near: ReadonlySet<string>): number {
    const own = this.#words.get(file) ?? new Set<string>();
    const all = this.#words.size;
    return [...near].reduce((sum, word) => {
      return own.has(word) ? sum + Math.log((all + 1) / ((this.#frequency.get(word) ?? 0) + 0.5)) : sum;
    }, 0);
  }
}

/** Words of names, small, of three letters or more. */
function wordsOf(text: string): Set<string> {
  const words = text.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
  return new Set(words.match(/[a-z]{3,}/g));
}
