/** What a tool keeps from one category to the next about one corpus, so that it reads it once. */

/** Given to adapters with every question about the corpus. */
export interface Kept {
  /**
   * The value of this name: made when it is asked for first, then the same one. What fails is not kept.
   *
   * @param letGo called once, when all categories have been asked, unless making it failed
   */
  get: <Value>(name: string, make: () => Promise<Value>, letGo?: (value: Value) => Promise<void>) => Promise<Value>;
}

/** A place for one corpus; who makes it empties it. */
export class Keeping implements Kept {
  readonly #values = new Map<string, { value: Promise<unknown>; letGo: () => Promise<void> }>();

  get<Value>(name: string, make: () => Promise<Value>, letGo?: (value: Value) => Promise<void>): Promise<Value> {
    const known = this.#values.get(name);
    // Whoever uses a name knows what is kept under it.
    if (known !== undefined) return known.value as Promise<Value>;
    const value = make();
    this.#values.set(name, { value, letGo: async () => letGo?.(await value) });
    value.catch(() => this.#values.delete(name));
    return value;
  }

  /** Lets go of everything, the newest first. */
  async empty(): Promise<void> {
    const all = [...this.#values.values()].toReversed();
    this.#values.clear();
    for (const { letGo } of all) await letGo().catch(() => undefined);
  }
}
