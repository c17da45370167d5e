/** A case of the fast suite: one real operation that takes about a millisecond, so that its process is done in 150. */

export interface FastCase {
  /** The id stays for life; a changed workload is a new id. */
  id: string;
  /**
   * Loads what the operation needs and asserts its answer once.
   *
   * @param scratch an empty folder of this process's own
   */
  prepare(scratch: string): Promise<FastOperation>;
}

export interface FastOperation {
  /** The measured work and nothing else; what it returns is used up by the caller. */
  run(): unknown;
  close?(): Promise<void>;
}

export function assertThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`the bench would time a wrong answer: not true that ${what}`);
}
