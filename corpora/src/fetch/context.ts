/** What fetching works with, and the errors that all its kinds share. */
import { CorpusError } from "../errors.ts";
import type { OnProgress } from "../progress.ts";

/** What every kind of fetching may use of the world. */
export interface FetchContext {
  /** Absolute. */
  cacheDir: string;
  /** Use only what is on this computer. */
  offline: boolean;
  env: Record<string, string | undefined>;
  onProgress?: OnProgress;
}

/** @param label what was asked for, such as `npm qs@6.17.1` */
export function offlineError(label: string, cause?: unknown): CorpusError {
  return new CorpusError("CORPUS_OFFLINE", `${label} is not in the cache`, {
    hint: "Run the command once with a network, without --offline.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What was pinned lies in the cache and hashes to something else, and may not be fetched again now. */
export function damagedError(label: string): CorpusError {
  return new CorpusError("CORPUS_OFFLINE", `what the cache has of ${label} is damaged`, {
    hint: "Run the command once with a network, without --offline, to replace it.",
  });
}

/** @param why one line: how the registry said that it has no such thing */
export function missingError(label: string, why: string, hint: string, cause?: unknown): CorpusError {
  return new CorpusError("CORPUS_UNREACHABLE", `the registry has no ${label} (${why})`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** @param why one line: a code or what a client said */
export function unreachableError(label: string, why: string, hint: string, cause?: unknown): CorpusError {
  return new CorpusError("CORPUS_UNREACHABLE", `there was no answer with ${label} (${why})`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** @param found what came, by its hash; nothing of it is kept */
export function integrityError(label: string, found: string, pinned: string): CorpusError {
  return new CorpusError("CORPUS_INTEGRITY", `${label} is ${found}, the manifest pins ${pinned}`, {
    hint: "Somebody changed it since it was pinned, at its source or on its way; nothing was unpacked. Do not move the pin unseen.",
  });
}
