/** `corpora derive --kind` of truth that is derived as a whole, compared with what is stored, and stored when asked. */
import { CorpusError, reasonOf } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { listCorpora } from "../manifest.ts";
import type { OnProgress } from "../progress.ts";
import { bring, type CliWorld, type CommonFlags, EXIT, fetchOptions, print, reporter } from "./world.ts";

/** The flags that all of them have. */
export interface StoredFlags extends CommonFlags {
  fresh?: boolean;
  unsafe?: boolean;
  write?: boolean;
}

type Options = ReturnType<typeof fetchOptions> & { fresh: boolean; unsafe: boolean; onProgress: OnProgress };

/** One kind of truth. */
export interface StoredKind<T> {
  /** As `--kind` has it. */
  kind: string;
  derive: (fetched: FetchedCorpus, options: Options) => Promise<T>;
  read: (id: string, root?: string) => Promise<T | null>;
  write: (truth: T, root?: string) => Promise<void>;
  /** A line about it. */
  summary: (truth: T) => string;
}

/**
 * Derives truth of the corpora given; without any, of those that have it already.
 *
 * @returns the exit code: 0 as stored, 1 something differs, 3 a corpus could not be had
 */
export async function deriveStored<T>(
  of: StoredKind<T>,
  ids: readonly string[],
  flags: StoredFlags,
  world: CliWorld,
): Promise<number> {
  const truths: T[] = [];
  const lines: string[] = [];
  let [differs, failed] = [false, false];
  for (const id of ids.length > 0 ? ids : await withStored(of, world)) {
    try {
      const fetched = await bring(id, flags, world);
      const options = { ...fetchOptions(flags, world), fresh: flags.fresh === true, unsafe: flags.unsafe === true };
      const truth = await of.derive(fetched, { ...options, onProgress: reporter(world) });
      truths.push(truth);
      const isStored = JSON.stringify(await stored(of, id, world)) === JSON.stringify(truth);
      lines.push(of.summary(truth));
      if (isStored) lines.push("  as stored");
      else if (flags.write === true) {
        await of.write(truth, world.manifestRoot);
        lines.push("  stored");
      } else lines.push(`  nothing was written; "derive ${id} --kind ${of.kind} --write" stores it`);
      differs ||= !isStored && flags.write !== true;
    } catch (error) {
      if (!(error instanceof CorpusError) || error.code === "CORPUS_UNKNOWN") throw error;
      failed = true;
      lines.push(`${id}: not run (${error.code}: ${reasonOf(error)})`);
    }
  }
  print(world, flags, truths, lines);
  if (differs) return EXIT.no;
  return failed || truths.length === 0 ? EXIT.missing : EXIT.fine;
}

async function withStored<T>(of: StoredKind<T>, world: CliWorld): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, kind } of listCorpora(world.manifestRoot)) {
    if (kind === "real" && (await stored(of, id, world)) !== null) ids.push(id);
  }
  return ids;
}

/** A damaged file is as good as none: it is written anew. */
async function stored<T>(of: StoredKind<T>, id: string, world: CliWorld): Promise<T | null> {
  return of.read(id, world.manifestRoot).catch((error: unknown) => {
    if (error instanceof CorpusError && error.code === "CORPUS_TRUTH") return null;
    throw error;
  });
}
