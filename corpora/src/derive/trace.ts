/** The trace oracle: which functions the corpus's own tests enter from each call site. */
import type { FetchedCorpus } from "../fetch.ts";
import type { OnProgress } from "../progress.ts";
import type { CompilerTruth } from "./compiler.ts";

/** What was seen at one call site. */
export interface TracedSite {
  /** Ids of definitions in the corpus, sorted. */
  definitions: string[];
  /** Names of native functions, sorted. */
  externals: string[];
  /** A function that is neither native nor in the corpus's measured files (tests, dependencies, generated code). */
  outside: boolean;
}

export interface TraceTruth {
  version: string;
  repeats: number;
  /** Share of traced sites with the same targets in all repeats, in [0, 1]; 1 when nothing was traced. */
  agreement: number;
  /** Why nothing, or not everything, was run; null when all of it was. */
  notRun: string | null;
  sites: Map<string, TracedSite>;
}

/** A trace that saw nothing, and why. */
export function noTrace(notRun: string): TraceTruth {
  return { version: "none", repeats: 1, agreement: 1, notRun, sites: new Map() };
}

export async function deriveTraceTruth(
  _fetched: FetchedCorpus,
  _compiler: CompilerTruth,
  _options: { onProgress?: OnProgress },
): Promise<TraceTruth> {
  return Promise.resolve(noTrace("the tracer is not built yet"));
}
