/** From a coordinate to a manifest: fetches the package once, hashes it, and writes down what can be told. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { withTemporaryFolder, writeWhole } from "./cache.ts";
import { nameOf } from "./coordinate.ts";
import { isResolvable } from "./derive/oracles.ts";
import { CorpusError } from "./errors.ts";
import { familyOf } from "./family.ts";
import { contextOf, type FetchOptions } from "./fetch.ts";
import { obtainSource, type SourceAddress } from "./fetch/source.ts";
import { CorpusSource, CorpusSpec, listCorpora, MANIFEST_ROOT, manifestFolder } from "./manifest.ts";
import { manifestText } from "./survey/manifest-text.ts";
import { survey, type Survey } from "./survey/survey.ts";
import { listFiles, treeSha256 } from "./tree.ts";

/** What was written, found and left to decide. */
export interface Added extends Omit<Survey, "measured" | "decisions"> {
  /** The manifest that was written. */
  file: string;
  /** Number of files under measure. */
  measured: number;
}

/**
 * Writes `real/<id>/corpus.json`.
 *
 * @throws CorpusError `CORPUS_EXISTS` when there is one already; else as `fetchCorpus`
 */
export async function addCorpus(
  address: SourceAddress,
  options: FetchOptions & { id?: string; family?: string } = {},
): Promise<Added> {
  const named = nameOf(address);
  const id = options.id ?? named.id;
  const manifestRoot = options.manifestRoot ?? MANIFEST_ROOT;
  const file = path.join(manifestFolder({ kind: "real", id }, manifestRoot), "corpus.json");
  if (!CorpusSpec.shape.id.safeParse(id).success) {
    throw new CorpusError("CORPUS_COORDINATE", `"${id}" is no id`, {
      hint: "Give small letters, digits and dashes with --id.",
    });
  }
  if ((await stat(file).catch(() => null)) !== null) {
    throw new CorpusError("CORPUS_EXISTS", `there is a corpus "${id}" already`, { hint: "Give another id with --id." });
  }
  const context = contextOf(options);
  context.onProgress?.({ phase: `fetch ${id}`, done: 0, total: 1 });
  const found = await withTemporaryFolder(path.join(context.cacheDir, "work"), id, async (work) => {
    for (const name of ["tree", "client"]) await mkdir(path.join(work, name));
    const tree = path.join(work, "tree");
    const { leftOut, ...learnt } = await obtainSource(address, tree, path.join(work, "client"), context);
    const sha256 = await treeSha256(tree, await listFiles(tree));
    const source = CorpusSource.parse({ ...address, ...learnt, sha256 });
    const { measured, decisions, ...surveyed } = await survey(tree, {
      id,
      family: options.family ?? familyOf(address, listCorpora(manifestRoot)) ?? id,
      version: named.version,
      source,
    });
    if (leftOut.length > 0) surveyed.couldNot.push(`${leftOut.length} links within the archive are not made.`);
    if (!isResolvable(surveyed.spec))
      surveyed.couldNot.push(
        `No oracle resolves the calls of ${surveyed.spec.language} code yet, so nothing can be derived.`,
      );
    return { ...surveyed, measured: measured.length, next: [...decisions, ...surveyed.next] };
  });
  context.onProgress?.({ phase: `fetch ${id}`, done: 1, total: 1 });
  const spec = CorpusSpec.parse(found.spec);
  await writeWhole(file, manifestText(spec));
  const next = [
    "Look through measure and context: are these the files whose calls people would ask about?",
    `Is it a version, variant or fork of a code base that is here already? Then give both one family (now "${spec.family}", split ${spec.split}).`,
    ...found.next,
  ];
  return { ...found, spec, next, file };
}
