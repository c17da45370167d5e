/** A layered project that nobody has seen: the generator of a corpus, with another seed. */
import { access } from "node:fs/promises";
import path from "node:path";
import { createFolder, defaultCacheDir } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import type { FetchedCorpus, FetchOptions } from "../../fetch.ts";
import { listCorpora } from "../../manifest.ts";
import { PROJECT_FOLDER, writeLayered } from "./write.ts";
import { LAYERED_VERSION } from "./project.ts";

/** Seeds are put where people read them: as many digits as that. */
const LARGEST_SEED = 2 ** 31 - 1;

/** The corpus and seed that an id of {@link freshCorpus} names; null where it names none. */
export function freshOf(id: string): { base: string; seed: number } | null {
  const [, base, digits] = /^([a-z0-9-]+)-fresh-(\d{1,10})$/.exec(id) ?? [];
  const seed = Number(digits);
  return base === undefined || seed > LARGEST_SEED ? null : { base, seed };
}

/**
 * A project like a layered corpus (language, size, split of its traits), made from this seed into the cache. Its id is `<base>-fresh-<seed>`, and what was planted is
 * read as of any layered corpus.
 *
 * @throws CorpusError `CORPUS_UNKNOWN` when nothing layered is called so, or the seed is that of the corpus itself
 */
export async function freshCorpus(
  base: string,
  seed: number,
  { cacheDir = defaultCacheDir(process.env), onProgress }: FetchOptions = {},
): Promise<FetchedCorpus> {
  const known = listCorpora().find(({ id }) => id === base);
  const source = known?.source;
  if (known === undefined || source?.type !== "generator" || source.trait !== "layered") {
    throw new CorpusError("CORPUS_UNKNOWN", `"${base}" is no corpus of layered projects`, {
      hint: "Only layered-<language> can be made anew.",
    });
  }
  if (source.seed === seed) {
    throw new CorpusError("CORPUS_UNKNOWN", `${seed} is the seed of ${base} itself`, {
      hint: "Take a seed that nobody has used.",
    });
  }
  const id = `${base}-fresh-${seed}`;
  const folder = path.join(cacheDir, "fresh", `${id}-${LAYERED_VERSION}`);
  const { language, files, split } = source;
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await createFolder(folder, async (temporary) => {
      await writeLayered(temporary, { language, files, seed, split }, onProgress);
    });
  }
  const spec = { ...known, id, version: `${LAYERED_VERSION}-${seed}`, source: { ...source, seed, sha256: "" } };
  return { spec, root: path.join(folder, PROJECT_FOLDER), files: [] };
}
