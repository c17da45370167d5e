/** From a coordinate to a manifest: fetches the package once, hashes it, and writes down what can be told. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { withTemporaryFolder, writeWhole } from "./cache.ts";
import { compareVersions, describeSource, nameOf } from "./coordinate.ts";
import { isResolvable } from "./derive/oracles.ts";
import { CorpusError } from "./errors.ts";
import { familyOf } from "./family.ts";
import { contextOf, type FetchOptions } from "./fetch.ts";
import { type Obtained, obtainSource, type SourceAddress } from "./fetch/source.ts";
import {
  CorpusSource,
  CorpusSpec,
  findCorpus,
  listCorpora,
  MANIFEST_ROOT,
  manifestFolder,
  PinnedRelease,
} from "./manifest.ts";
import { manifestText } from "./survey/manifest-text.ts";
import { survey, type Survey } from "./survey/survey.ts";
import { listFiles, treeSha256 } from "./tree.ts";

/** A version of a package that was pinned beside its corpus. */
export interface AddedRelease {
  /** The manifest that was written. */
  file: string;
  version: string;
  /** How many versions it pins now beside its own. */
  releases: number;
}

/**
 * Pins another version of a corpus's package in its manifest, so that `derive --kind release-diff` can compare them.
 *
 * @param id the corpus; the address names the same package
 * @throws CorpusError `CORPUS_COORDINATE` when it is another package or no older version, `CORPUS_EXISTS` when it is
 *   pinned already; else as `fetchCorpus`
 */
export async function addRelease(
  address: SourceAddress,
  id: string,
  options: FetchOptions = {},
): Promise<AddedRelease> {
  const manifestRoot = options.manifestRoot ?? MANIFEST_ROOT;
  const spec = findCorpus(id, manifestRoot);
  const { type, name, version } =
    "name" in address && "name" in spec.source ? address : { type: null, name: "", version: "" };
  if (type !== spec.source.type || !("name" in spec.source) || name !== spec.source.name) {
    throw new CorpusError("CORPUS_COORDINATE", `that is no version of ${id}, which is ${describeSource(spec.source)}`);
  }
  if (compareVersions(version, spec.version) >= 0) {
    throw new CorpusError("CORPUS_COORDINATE", `${version} is not older than the version of ${id}, ${spec.version}`);
  }
  const known = spec.releases ?? [];
  if (known.some((one) => one.version === version)) {
    throw new CorpusError("CORPUS_EXISTS", `${id} pins ${version} already`);
  }
  const context = contextOf(options);
  context.onProgress?.({ phase: `fetch ${id} ${version}`, done: 0, total: 1 });
  const pin = await withTemporaryFolder(path.join(context.cacheDir, "work"), id, async (work) => {
    const { leftOut: _, ...learnt } = await obtainInto(work, address, context);
    return PinnedRelease.parse({ version, ...learnt });
  });
  context.onProgress?.({ phase: `fetch ${id} ${version}`, done: 1, total: 1 });
  const releases = [...known, pin].sort((a, b) => compareVersions(a.version, b.version));
  const file = path.join(manifestFolder(spec, manifestRoot), "corpus.json");
  await writeWhole(file, manifestText(CorpusSpec.parse({ ...spec, releases })));
  return { file, version, releases: releases.length };
}

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
    const { leftOut, ...learnt } = await obtainInto(work, address, context);
    const source = CorpusSource.parse({ ...address, ...learnt });
    const { measured, decisions, ...surveyed } = await survey(path.join(work, "tree"), {
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

/** Puts the files of a source into `work/tree`, and adds what they hash to. */
async function obtainInto(
  work: string,
  address: SourceAddress,
  context: ReturnType<typeof contextOf>,
): Promise<Obtained & { sha256: string }> {
  const tree = path.join(work, "tree");
  for (const folder of [tree, path.join(work, "client")]) await mkdir(folder);
  const obtained = await obtainSource(address, tree, path.join(work, "client"), context);
  return { ...obtained, sha256: await treeSha256(tree, await listFiles(tree)) };
}
