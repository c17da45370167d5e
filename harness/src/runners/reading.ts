/** What a runner is given and what it gives back. */
import { median } from "simple-statistics";
import type { ProcessValue, SeriesKey } from "../gate/schema.ts";

/** One series as one process (or a few in a row) said it. */
export interface Reading extends SeriesKey {
  value: ProcessValue;
}

/** Where a case runs. */
export interface Place {
  /** The built work tree. */
  folder: string;
  /** The whole environment of the process, the same for both sides. */
  env: Record<string, string>;
  /** An empty folder of this run's own. */
  scratch: string;
}

/** @param samples at least one, of one process; the median stands for them */
export function valueOf(samples: readonly number[], options: { warmupCapped?: boolean } = {}): ProcessValue {
  return {
    value: median([...samples]),
    samples: samples.length === 1 ? [] : samples.slice(0, MOST_SAMPLES),
    warmupCapped: options.warmupCapped ?? false,
  };
}

const MOST_SAMPLES = 1000;
