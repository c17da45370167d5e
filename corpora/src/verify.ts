/** Whether what the cache holds of a corpus is what its manifest pins, and whether the manifest fits it. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { contextOf, type FetchOptions, treeFolder } from "./fetch.ts";
import { fileSha256 } from "./fetch/archives.ts";
import type { CorpusSpec } from "./manifest.ts";
import { countLines, sizeClassOf } from "./survey/languages.ts";
import { listFiles, selectFiles, treeSha256 } from "./tree.ts";

export interface Verified {
  id: string;
  /** `absent`: not in the cache, so that nothing can be said. */
  state: "ok" | "wrong" | "absent";
  /** What is wrong, in whole sentences. */
  problems: string[];
}

/** Reads the cache alone, and changes nothing. */
export async function verifyCorpus(spec: CorpusSpec, options: FetchOptions = {}): Promise<Verified> {
  const { cacheDir } = contextOf(options);
  const root = treeFolder(spec, cacheDir);
  const place = await stat(root).catch(() => null);
  if (place === null) return { id: spec.id, state: "absent", problems: [] };
  if (!place.isDirectory()) return { id: spec.id, state: "wrong", problems: [`${root} is no folder: remove it.`] };
  const problems: string[] = [];
  const files = await listFiles(root);
  const found = await treeSha256(root, files);
  if (found !== spec.source.sha256)
    problems.push(
      `Its files hash to ${found}, not to ${spec.source.sha256}: "npm run corpora -- fetch ${spec.id}" replaces them.`,
    );
  if ("archiveSha256" in spec.source) {
    const pinned = spec.source.archiveSha256;
    const file = path.join(cacheDir, "archives", pinned);
    const archive = await fileSha256(file);
    if (archive !== null && archive !== pinned)
      problems.push(
        `Its archive hashes to ${archive}, not to ${pinned}: remove ${file}, it is fetched again when needed.`,
      );
  }
  const measured = selectFiles(files, spec.measure);
  if (measured.length === 0) problems.push("Its globs measure no file.");
  const asked = new Set([...measured, ...selectFiles(files, spec.context)]);
  const sizeClass = sizeClassOf(await countLines(root, [...asked]));
  if (sizeClass !== spec.sizeClass)
    problems.push(`It is ${sizeClass} by its lines, the manifest says ${spec.sizeClass}.`);
  const tests = spec.tests === null ? null : selectFiles(files, { include: spec.tests.include, exclude: [] });
  if (tests?.length === 0) problems.push("The globs of its tests match no file.");
  return { id: spec.id, state: problems.length === 0 ? "ok" : "wrong", problems };
}
