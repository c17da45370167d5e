/** Whose memory a peak is, in words: figures of different kinds are not comparable. */
import type { RunCost } from "../data/costs.ts";

type PeakOf = NonNullable<RunCost["peakOf"]>;

/** Beside a figure. */
export const MEMORY_OF: Readonly<Record<PeakOf, string>> = {
  tool: "of the tool alone",
  process: "with the benchmark",
  "process-so-far": "with all before it",
};

const NOTES: Readonly<Record<PeakOf, string>> = {
  tool: "of the tool alone is the greatest sum of the peak resident sets of its processes that lived at one time",
  process:
    "with the benchmark is the peak resident set of the process in which tool and benchmark ran together, so that it is no figure of the tool",
  "process-so-far": "with all before it is the same since that process began, with all that ran in it before",
};

/** What the peaks shown are of, in a sentence; empty where none was measured. */
export function memoryNote(kinds: readonly RunCost["peakOf"][]): string {
  const shown = (Object.keys(NOTES) as PeakOf[]).filter((kind) => kinds.includes(kind));
  return shown.length === 0 ? "" : `Peak memory ${shown.map((kind) => NOTES[kind]).join("; ")}.`;
}
