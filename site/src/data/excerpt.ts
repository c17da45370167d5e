/** A few lines of a corpus around an item, where the corpus is in the cache of this computer and its licence allows it. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import envPaths from "env-paths";
import type { CorpusManifest } from "./manifests.ts";

/** Lines as they stand in the file, the first of which has the number `first`. */
export interface Excerpt {
  first: number;
  lines: string[];
}

/** Licences under which a few lines may be shown with their source named. */
const SHOWN = /^(MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|Python-2\.0|Unlicense)$/;
/** Lines before and after the one in question, and the largest file that is read. */
const AROUND = 2;
const LARGEST_BYTES = 2_000_000;

/** Where fetched corpora lie: `DRIFT_CACHE_DIR`, else the user's cache, as `corpora` keeps them. */
export function cacheFolder(env: Record<string, string | undefined>): string {
  const chosen = env["DRIFT_CACHE_DIR"];
  return chosen !== undefined && chosen !== "" ? path.resolve(chosen) : envPaths("drift", { suffix: "" }).cache;
}

/**
 * The lines around `line` of a file of a corpus; null when the corpus is not in the cache at its pinned version, when
 * its licence is not one of those above, or when there is no such file or line in it.
 */
export function readExcerpt(
  cache: string,
  manifest: CorpusManifest | null,
  place: { file: string; line: number },
): Excerpt | null {
  if (manifest === null || !SHOWN.test(manifest.licence) || !("sha256" in manifest.source)) return null;
  const version = `${manifest.version.replaceAll(":", "_")}-${manifest.source.sha256.slice(0, 12)}`;
  try {
    const root = realpathSync(path.join(cache, "corpora", manifest.id, version));
    const file = realpathSync(path.join(root, place.file));
    if (!file.startsWith(root + path.sep) || statSync(file).size > LARGEST_BYTES) return null;
    const lines = readFileSync(file, "utf8").split(/\r?\n/);
    if (!(place.line >= 1 && place.line <= lines.length)) return null;
    const first = Math.max(1, place.line - AROUND);
    return { first, lines: lines.slice(first - 1, place.line + AROUND) };
  } catch {
    return null; // Not on this computer, or no file there.
  }
}
