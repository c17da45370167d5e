/** A checker that a repository chose, ready to be run on a scratch copy with the repository's own configuration. */
import type { FetchedCorpus } from "../../fetch.ts";
import type { DeriveOptions } from "../call-graph.ts";
import type { Text } from "./texts.ts";

export interface Checker {
  name: string;
  version: string;
  sharesCodeWith: string[];
  /** Files of the corpus that hold its configuration. */
  declaredIn: string[];
  /** What is put behind the end of files to ask about it. */
  texts: readonly Text[];
  /** Whether it may be asked about a file. */
  reads: (file: string) => boolean;
  /** Run in the top folder of the corpus with the names of files behind it; prints JSON. */
  command: string[];
  /**
   * Codes of everything that was said about each of the files, as often as it was said. A file of which it was said that it
   * cannot be read is left out; one that the configuration excludes has none.
   *
   * @param said the JSON that was printed, in `folder`
   * @throws CorpusError `CORPUS_TRUTH` when it is something else
   */
  read: (said: unknown, folder: string, files: readonly string[]) => Map<string, string[]>;
}

/** Finds out whether a repository chose a checker, and readies it; null when it did not. */
export type FindChecker = (
  fetched: FetchedCorpus,
  all: readonly string[],
  options: DeriveOptions,
) => Promise<Checker | null>;
