/** What all runners have in common. */

/** The folder inside a scratch copy that is ours. */
export const OWN_FOLDER = ".drift";

/** How many tests passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
  /** Names of those that failed. */
  failures: string[];
}
