/** Texts that are put behind the end of a file to ask a repository's checker about them. */
export interface Text {
  name: string;
  /** Two ways to write much the same: many projects mind the first, some the second, and some neither. */
  forms: readonly [string, string];
}
