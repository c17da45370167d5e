/** Insertions and replacements in a text, collected from the outside in and applied at once. */
export class Edits {
  readonly text: string;
  readonly #pieces: { from: number; to: number; rank: number; order: number; text: string }[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Inserts before what starts at `at`; of two at one place, the one asked for first comes first. */
  open(at: number, text: string): void {
    this.#pieces.push({ from: at, to: at, rank: 2, order: this.#pieces.length, text });
  }

  /** Inserts behind what ends at `at`; of two at one place, the one asked for last comes first, save `last` ones. */
  close(at: number, text: string, last = false): void {
    this.#pieces.push({ from: at, to: at, rank: last ? 1 : 0, order: -this.#pieces.length, text });
  }

  replace(from: number, to: number, text: string): void {
    this.#pieces.push({ from, to, rank: 3, order: this.#pieces.length, text });
  }

  apply(): string {
    const pieces = this.#pieces.sort((a, b) => a.from - b.from || a.rank - b.rank || a.order - b.order);
    let result = "";
    let at = 0;
    for (const { from, to, text } of pieces) {
      result += this.text.slice(at, from) + text;
      at = to;
    }
    return result + this.text.slice(at);
  }
}
