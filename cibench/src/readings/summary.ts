/** What was read, as counts and a share. Pure. */
import { countVerdicts, shareOf } from "@drift/corpora";
import type { Reading, ReadingOutput } from "../schema/reading.ts";

/** Counts of each reading, in the order given. */
export function summarizeReadings(readings: readonly Reading[]): ReadingOutput {
  return {
    schemaVersion: 1,
    corpora: readings.map(({ corpus: { id, version }, from, edges }) => {
      const counts = countVerdicts(edges);
      const { share: precision, low, high } = shareOf("right", counts);
      return { id, version, from, ...counts, precision, low, high };
    }),
  };
}
