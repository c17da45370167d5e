/**
 * Truth about changes from consecutive published versions of a package: what its changelog says was changed, and which
 * functions differ. The versions are pinned in the manifest and fetched like the corpus itself; no code of theirs is run.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { compareVersions } from "../coordinate.ts";
import { CorpusError } from "../errors.ts";
import { contextOf, fetchSpec, type FetchOptions } from "../fetch.ts";
import { type CorpusSpec, CorpusSource, MANIFEST_ROOT, manifestFolder } from "../manifest.ts";
import { CANARY } from "../truth/canary.ts";
import { Change, type ChangeItem, type ChangeTruth, type Dropped } from "../truth/change-schema.ts";
import { listFiles } from "../tree.ts";
import { attribute, type Attributed } from "./attribute.ts";
import { type Entry, readChangelog } from "./changelog.ts";
import { compareFunctions, type FunctionChange, lastNameOf } from "./changes.ts";
import { type ReadFunctions, readFunctions } from "./functions.ts";
import { grepScore } from "./grep-score.ts";
import { keyOfStep, kept } from "./kept.ts";
import { interpreterOf } from "./oracles.ts";
import { sourceFiles } from "./source-files.ts";

/** Grows with every change of what becomes an item, and of what it says. */
export const RELEASE_DIFF_VERSION = "2";
/** The sources of this package that decide it. */
const SOURCES = [
  "src/derive/{release-diff,attribute,changelog,changes,functions,grep-score,source-files}.ts",
  "src/derive/functions/**",
  "src/derive/compiler/positions.ts",
  "src/derive/python/runtime/drift_{source,fstrings}.py",
];

/** A release that changes more functions than this was not a list of changes, and nobody could say what belongs to what. */
const MOST_CHANGED = 400;
const MOST_CHANGELOG_BYTES = 8 * 2 ** 20;

/** How versions are fetched, and whether what the cache has counts. */
export interface ReleaseDiffOptions extends FetchOptions {
  fresh?: boolean;
}

/**
 * All pairs of consecutive versions of a corpus, oldest first, each kept in the cache when it is done.
 *
 * @throws CorpusError `CORPUS_TRUTH` when the manifest pins no other version; else as `fetchCorpus`
 */
export async function deriveReleaseDiff(spec: CorpusSpec, options: ReleaseDiffOptions = {}): Promise<ChangeTruth> {
  const pairs = pairsOf(spec);
  const changes: Change[] = [];
  const read = new Map<string, Promise<Version>>();
  for (const [done, pair] of pairs.entries()) {
    options.onProgress?.({ phase: `compare the versions of ${spec.id}`, done, total: pairs.length });
    changes.push(await deriveRelease(spec, pair, options, read));
  }
  options.onProgress?.({ phase: `compare the versions of ${spec.id}`, done: pairs.length, total: pairs.length });
  return {
    schemaVersion: 1,
    canary: CANARY,
    kind: "release-diff",
    corpus: spec.id,
    language: spec.language,
    inputsSha256: releasesSha256(spec),
    deriver: {
      name: "changelog entries tied to functions that differ",
      version: RELEASE_DIFF_VERSION,
      command: `npm run --silent corpora -- derive ${spec.id} --kind release-diff --fresh`,
    },
    changes,
    dropped: [],
  };
}

/** What decides which files of which versions are compared. */
export function releasesSha256({ source, releases, measure, tests }: CorpusSpec): string {
  const said = [source, releases ?? [], measure, tests?.include ?? []];
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}

/** A version and the one that was published before it, as corpora of their own. */
export interface ReleasePair {
  from: CorpusSpec;
  to: CorpusSpec;
}

/** @throws CorpusError `CORPUS_TRUTH` when the manifest pins no other version */
export function pairsOf(spec: CorpusSpec): ReleasePair[] {
  const { source, releases = [] } = spec;
  const versions = [
    ...releases.map((pin): CorpusSpec => ({
      ...spec,
      version: pin.version,
      source: CorpusSource.parse({ ...source, ...pin }),
    })),
    spec,
  ];
  if (versions.length < 2) {
    throw new CorpusError("CORPUS_TRUTH", `the manifest of ${spec.id} pins no other version of its package`, {
      hint: `Pin one with "npm run corpora -- add <coordinate of an older version> --release-of ${spec.id}".`,
    });
  }
  return versions.slice(1).flatMap((to, index) => {
    const from = versions[index];
    return from === undefined ? [] : [{ from, to }];
  });
}

/**
 * One pair, from the cache when it was compared before.
 *
 * @param read versions that the pair before has read
 * @throws CorpusError as `fetchCorpus`
 */
export async function deriveRelease(
  spec: CorpusSpec,
  { from, to }: ReleasePair,
  options: ReleaseDiffOptions,
  read = new Map<string, Promise<Version>>(),
): Promise<Change> {
  const { cacheDir } = contextOf(options);
  const interpreter = await interpreterOf(spec, options.env);
  const { id, measure, tests } = spec;
  const key = await keyOfStep(SOURCES, [from.source, to.source, id, measure, tests?.include ?? [], interpreter]);
  const name = `${spec.id}-release-${key}`;
  return kept(Change, { cacheDir, name, fresh: options.fresh === true }, async () => {
    const readOnce = async (version: CorpusSpec): Promise<Version> => {
      const reading = read.get(version.version) ?? readVersion(version, spec, options);
      read.set(version.version, reading);
      return reading;
    };
    const [before, after] = [await readOnce(from), await readOnce(to)];
    // A version is needed twice, and no more than two are needed at once.
    read.delete(from.version);
    const ends = { from: from.version, to: to.version };
    const changed = compareFunctions(before.read, after.read);
    const unreadable = [...new Set([...before.read.unreadable, ...after.read.unreadable])].sort();
    const empty = { ...ends, functions: [], unreadable, items: [] };
    if (before.read.functions.length === 0)
      return { ...empty, dropped: counted(["the older version has no such files"]) };
    if (changed.length > MOST_CHANGED) {
      return { ...empty, dropped: counted([`more than ${MOST_CHANGED} functions changed`]) };
    }
    const log = await changelogOf(after.root, after.files, ends);
    if (typeof log === "string") return { ...empty, functions: changed.map(plain), dropped: counted([log]) };
    const own = new Set([spec.id, packageName(spec), ...packageName(spec).split(/[@/]/)]);
    const { attributed, dropped } = attribute(log.entries, changed, {
      own,
      files: [...before.chosen, ...after.chosen],
      before: new Set(before.read.functions.map(lastNameOf)),
    });
    const everything = [...before.read.functions, ...after.read.functions];
    const named = Map.groupBy(everything, lastNameOf);
    const items = attributed.map((one) => itemOf(one, { changed, named, own, file: log.file, to: ends.to }));
    return { ...ends, functions: changed.map(plain), unreadable, items, dropped: counted(dropped) };
  });
}

interface Version {
  root: string;
  /** All of its files. */
  files: string[];
  /** Those that are compared. */
  chosen: string[];
  read: ReadFunctions;
}

async function readVersion(version: CorpusSpec, spec: CorpusSpec, options: ReleaseDiffOptions): Promise<Version> {
  const { root } = await fetchSpec(version, manifestFolder(spec, options.manifestRoot ?? MANIFEST_ROOT), options);
  const files = await listFiles(root);
  const chosen = await sourceFiles(root, files, spec);
  const env = options.env === undefined ? {} : { env: options.env };
  return { root, files, chosen, read: await readFunctions(root, chosen, { version: version.version, ...env }) };
}

function packageName({ source, id }: CorpusSpec): string {
  return "name" in source ? source.name : id;
}

/** One for all versions, at the top before any other place; or one for each version, whose name says which. */
const LOG =
  /^(?:(?:docs?|doc)\/(?:[\w-]+\/)?)?(?:change(?:s|_?log)|history|news|release[_-]?notes?)(?:\.(?:md|markdown|rst|txt))?$/i;
const OF_ONE_VERSION =
  /(?:^|\/)(?:release|releases|changelog|changes|news|whatsnew)\/[^/]*?(\d+(?:\.\d+)+)\.(?:md|rst|txt)$/i;

/** The entries of all versions after `from` up to `to`, and the file they stand in; else why there are none. */
async function changelogOf(
  root: string,
  files: readonly string[],
  { from, to }: { from: string; to: string },
): Promise<{ file: string; entries: Entry[] } | string> {
  const depth = (file: string): number => file.split("/").length;
  const whole = files.filter((file) => LOG.test(file)).sort((a, b) => depth(a) - depth(b));
  const single = files.filter((file) => OF_ONE_VERSION.exec(file)?.[1] === to);
  if (whole.length + single.length === 0) return "the newer version has no changelog";
  for (const file of [...single, ...whole]) {
    const place = path.join(root, file);
    if ((await stat(place)).size > MOST_CHANGELOG_BYTES) continue;
    const sections = readChangelog(await readFile(place, "utf8"));
    if (!sections.some(({ version }) => version === to)) continue;
    const newer = sections.filter(
      ({ version }) => compareVersions(version, from) > 0 && compareVersions(version, to) <= 0,
    );
    return { file, entries: newer.flatMap(({ entries }) => entries) };
  }
  return "its changelog has no section about the newer version";
}

function itemOf(
  { entry, must, ties }: Attributed,
  about: {
    changed: readonly FunctionChange[];
    named: ReadonlyMap<string | null, readonly { file: string; name: string }[]>;
    own: ReadonlySet<string>;
    file: string;
    to: string;
  },
): ChangeItem {
  const { line, endLine, text } = entry;
  return {
    id: `${about.to}:${line}`,
    text: { file: about.file, line, endLine, sha256: createHash("sha256").update(text).digest("hex") },
    must: must.map((one) => about.changed.indexOf(one)),
    ties,
    grep: grepScore(text, must, about),
  };
}

function plain({ file, name, before, after }: FunctionChange): Change["functions"][number] {
  return { file, name, before, after };
}

/** The same reasons together, in the order in which they first came. */
export function counted(reasons: readonly string[]): Dropped[] {
  return [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => ({ reason, number: all.length }));
}
