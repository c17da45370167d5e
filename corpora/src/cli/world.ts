/** What commands share: what they may use of the world, options, exit codes, printing. */
import { InvalidArgumentError, Option } from "commander";
import type { CorpusError } from "../errors.ts";
import { type FetchedCorpus, fetchCorpus } from "../fetch.ts";
import { listCorpora, MANIFEST_ROOT } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";

/** What a command may use of the world. */
export interface CliWorld {
  env: Record<string, string | undefined>;
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Where the manifests are; tests have their own. */
  manifestRoot?: string;
}

/** Style guide, section 5. */
export const EXIT = { fine: 0, no: 1, badArguments: 2, missing: 3, bug: 70 } as const;

/** Tells how the process ends; without a call it ends with 0. */
export type Finish = (exitCode: number) => void;

/** The argument of commands that work on all corpora or on those named. */
export const IDS = "[ids...]";

/** What every command, or every one that needs files, can be given. */
export interface CommonFlags {
  json?: boolean;
  offline?: boolean;
  cacheDir?: string;
}

/** `--json`, which every command has. */
export const jsonOption = (): Option => new Option("--json", "print the record instead of text");
/** `--offline`, for commands that may fetch. */
export const offlineOption = (): Option => new Option("--offline", "use only what is in the cache");
/** `--cache-dir`, for commands that use the cache. */
export const cacheDirOption = (): Option =>
  new Option(
    "--cache-dir <folder>",
    "where corpora and truth are kept (default: $DRIFT_CACHE_DIR, else the user's cache)",
  );

/** The parser of an argument that is a number from one to another. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= from && value <= to)) throw new InvalidArgumentError(`A whole number from ${from} to ${to}.`);
    return value;
  };
}

/** The ids given, or those of every corpus. */
export function chosenIds(ids: readonly string[], world: CliWorld): readonly string[] {
  return ids.length > 0 ? ids : listCorpora(world.manifestRoot ?? MANIFEST_ROOT).map((spec) => spec.id);
}

/** Runs a step for each corpus chosen, one after the other. */
export async function forEachCorpus<T>(
  ids: readonly string[],
  world: CliWorld,
  run: (id: string) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (const id of chosenIds(ids, world)) results.push(await run(id));
  return results;
}

/** Fetches a corpus as the flags say. */
export async function bring(id: string, flags: CommonFlags, world: CliWorld): Promise<FetchedCorpus> {
  return fetchCorpus(id, { ...fetchOptions(flags, world), onProgress: reporter(world) });
}

/** Flags as options of what fetches and derives. */
export function fetchOptions(
  flags: CommonFlags,
  world: CliWorld,
): { env: CliWorld["env"]; offline: boolean; cacheDir?: string; manifestRoot?: string } {
  return {
    env: world.env,
    offline: flags.offline === true,
    ...(flags.cacheDir === undefined ? {} : { cacheDir: flags.cacheDir }),
    ...(world.manifestRoot === undefined ? {} : { manifestRoot: world.manifestRoot }),
  };
}

/** A line on standard error for each tenth of a phase. */
export function reporter(world: Pick<CliWorld, "stderr">): OnProgress {
  let last = "";
  return ({ phase, done, total }) => {
    const tenth = total === 0 ? 0 : Math.floor((10 * done) / total);
    const key = `${phase} ${tenth}`;
    if (key === last) return;
    last = key;
    world.stderr(`${phase}: ${done}/${total}\n`);
  };
}

/** What is said on standard error of an expected failure: what happened, its code, and what to do. */
export function describeError({ message, code, hint }: CorpusError): string {
  return `corpora: ${message} (${code})\n${hint === undefined ? "" : `${hint}\n`}`;
}

/** The record with `--json`, else the lines: nothing at all where there are none. */
export function print(world: CliWorld, flags: CommonFlags, record: unknown, lines: readonly string[]): void {
  world.stdout(flags.json === true ? `${JSON.stringify(record)}\n` : lines.map((line) => `${line}\n`).join(""));
}
