/** What all runners have in common. */

/** How many tests passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
  /** Names of those that failed. */
  failures: string[];
}
