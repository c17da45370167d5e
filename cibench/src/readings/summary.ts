/** What was read, as counts and a share. Pure. */
import type { Reading, ReadingOutput } from "../schema/reading.ts";
import { clopperPearson } from "../scores/clopper-pearson.ts";

/** Counts of each reading, in the order given. */
export function summarizeReadings(readings: readonly Reading[]): ReadingOutput {
  return {
    schemaVersion: 1,
    corpora: readings.map(({ corpus: { id, version }, from, edges }) => {
      const counted = (verdict: string | null): number => edges.filter((edge) => edge.verdict === verdict).length;
      const [right, wrong, undecided, unread] = [
        counted("right"),
        counted("wrong"),
        counted("undecided"),
        counted(null),
      ];
      const decided = right + wrong;
      const interval = decided === 0 ? { low: null, high: null } : clopperPearson(right, decided);
      const precision = decided === 0 ? null : right / decided;
      return { id, version, from, right, wrong, undecided, unread, precision, ...interval };
    }),
  };
}
