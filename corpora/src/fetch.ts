/** Brings a corpus onto this computer. With `src/fetch/` the only place of this package that opens the network. */
import { createHash } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { createFolder, defaultCacheDir, withTemporaryFolder } from "./cache.ts";
import { CorpusError } from "./errors.ts";
import { findInstalledPackages, linkInstalledPackages } from "./fetch/folder.ts";
import type { NpmContext, NpmPackage } from "./fetch/npm.ts";
import { obtainJar, obtainNpmPackage, obtainScripts, obtainSource, obtainWheel } from "./fetch/source.ts";
import { type CorpusSpec, findCorpus, MANIFEST_ROOT, manifestFolder, type PinnedWheel } from "./manifest.ts";
import type { OnProgress } from "./progress.ts";
import { listFiles, selectFiles, treeSha256 } from "./tree.ts";

/** A corpus on disk, verified against its manifest. */
export interface FetchedCorpus {
  spec: CorpusSpec;
  /** Absolute folder that a tool is given. */
  root: string;
  /** Files under measure, relative to `root`, sorted. */
  files: string[];
}

/** Where corpora come from and go to. */
export interface FetchOptions {
  /** Where corpora are kept; default {@link defaultCacheDir}. */
  cacheDir?: string;
  /** Use only what is in the cache. */
  offline?: boolean;
  onProgress?: OnProgress;
  /** Where `real/` and `synthetic/` are; default this package. */
  manifestRoot?: string;
  env?: Record<string, string | undefined>;
  /** The specifier that npm's client is given for a package; default `name@version`. Tests point it at files. */
  specifierOf?: (wanted: NpmPackage) => string;
}

/**
 * Fetches, verifies and unpacks a corpus (not what its tests need), or verifies the copy in the cache. A pin is never
 * moved: what does not hash to the manifest's value is not used.
 *
 * @throws CorpusError `CORPUS_UNKNOWN`, `CORPUS_OFFLINE` (not in the cache), `CORPUS_UNREACHABLE` (no answer from the
 *   registry), `CORPUS_CLIENT` (its client is not installed), `CORPUS_INTEGRITY` (not what was pinned), `CORPUS_ARCHIVE`
 *   (damaged or hostile), `CORPUS_FOLDER`, `CORPUS_CACHE`
 */
export async function fetchCorpus(id: string, options: FetchOptions = {}): Promise<FetchedCorpus> {
  const manifestRoot = options.manifestRoot ?? MANIFEST_ROOT;
  const spec = findCorpus(id, manifestRoot);
  return fetchSpec(spec, manifestFolder(spec, manifestRoot), options);
}

/** {@link fetchCorpus} of a manifest that lies in `folder`, to which the path of a `folder` source is relative. */
export async function fetchSpec(spec: CorpusSpec, folder: string, options: FetchOptions = {}): Promise<FetchedCorpus> {
  const context = contextOf(options);
  const root = treeFolder(spec, context.cacheDir);
  if (!(await isIntact(root, spec))) {
    const damaged = await isFolder(root);
    await makeTree(root, spec, folder, context).catch((error: unknown) => {
      if (!damaged || !(error instanceof CorpusError) || error.code !== "CORPUS_OFFLINE") throw error;
      throw new CorpusError("CORPUS_INTEGRITY", `the cached copy of ${spec.id} was changed`, {
        hint: `Run "npm run corpora -- fetch ${spec.id}" with a network to replace it.`,
        cause: error,
      });
    });
  }
  return { spec: withAbsolutePath(spec, folder), root, files: selectFiles(await listFiles(root), spec.measure) };
}

/** The user's folder stays known, for what is installed in it. */
function withAbsolutePath(spec: CorpusSpec, folder: string): CorpusSpec {
  const { source } = spec;
  return source.type === "folder" ? { ...spec, source: { ...source, path: path.resolve(folder, source.path) } } : spec;
}

/** Where the files of a corpus lie once it is fetched. */
export function treeFolder(spec: CorpusSpec, cacheDir: string): string {
  const version = spec.version.replaceAll(":", "_");
  return path.join(cacheDir, "corpora", spec.id, `${version}-${spec.source.sha256.slice(0, 12)}`);
}

/**
 * What the tests of a corpus need, verified: npm packages flat below `node_modules`, the wheels of Python packages all
 * unpacked into `site-packages`, jars in `jars`. The folder is named by what is in it, so corpora with the same needs share it. Where a
 * folder of the user's own pins nothing, it is what the user has installed there.
 *
 * @returns null when the tests need nothing
 * @throws CorpusError as {@link fetchCorpus}, save `CORPUS_UNKNOWN`
 */
export async function fetchTestDependencies(spec: CorpusSpec, options: FetchOptions = {}): Promise<string | null> {
  const context = contextOf(options);
  const pinned = spec.tests?.dependencies ?? [];
  if (pinned.length === 0) return installedDependencies(spec, context);
  const name = createHash("sha256").update(JSON.stringify(pinned)).digest("hex").slice(0, 16);
  const folder = path.join(context.cacheDir, "dependencies", name);
  if (await isFolder(folder)) return folder;
  await createFolder(folder, async (temporary) => {
    // Packages inside others come after those.
    const depth = (one: (typeof pinned)[number]): number => ("path" in one ? (one.path ?? "").split("/").length : 0);
    for (const [done, one] of pinned.toSorted((a, b) => depth(a) - depth(b)).entries()) {
      context.onProgress?.({ phase: `fetch what the tests of ${spec.id} need`, done, total: pinned.length });
      if ("integrity" in one)
        await obtainNpmPackage(one, path.join(temporary, "node_modules", one.path ?? one.name), context);
      else if (one.type === "maven") await obtainJar(one, path.join(temporary, "jars"), context);
      else await obtainWheel(one, path.join(temporary, "site-packages"), context);
    }
  });
  return folder;
}

/**
 * The folder with the programs of a wheel, verified and executable: a checker that a corpus chose.
 *
 * @throws CorpusError as {@link fetchCorpus}, save `CORPUS_UNKNOWN`
 */
export async function fetchScripts(wheel: PinnedWheel, options: FetchOptions = {}): Promise<string> {
  const context = contextOf(options);
  const folder = path.join(context.cacheDir, "dependencies", `scripts-${wheel.sha256.slice(0, 16)}`);
  if (!(await isFolder(folder)))
    await createFolder(folder, async (temporary) => obtainScripts(wheel, temporary, context));
  return folder;
}

async function installedDependencies({ tests, source }: CorpusSpec, context: NpmContext): Promise<string | null> {
  if (tests === null || source.type !== "folder") return null;
  const installed = await findInstalledPackages(source.path);
  if (installed.nodeModules === null && installed.sitePackages === null) return null;
  const name = createHash("sha256").update(JSON.stringify(installed)).digest("hex").slice(0, 16);
  const folder = path.join(context.cacheDir, "dependencies", `installed-${name}`);
  if (!(await isFolder(folder))) await createFolder(folder, async (made) => linkInstalledPackages(installed, made));
  return folder;
}

/** The options as what fetches needs them. */
export function contextOf(options: FetchOptions): NpmContext {
  const env = options.env ?? process.env;
  return {
    cacheDir: path.resolve(options.cacheDir ?? defaultCacheDir(env)),
    offline: options.offline === true,
    env,
    specifierOf: options.specifierOf,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  };
}

async function isIntact(root: string, spec: CorpusSpec): Promise<boolean> {
  return (await isFolder(root)) && (await treeSha256(root, await listFiles(root))) === spec.source.sha256;
}

async function makeTree(root: string, spec: CorpusSpec, folder: string, context: NpmContext): Promise<void> {
  const { source } = withAbsolutePath(spec, folder);
  const phase = `${source.type === "generator" ? "generate" : "fetch"} ${spec.id}`;
  context.onProgress?.({ phase, done: 0, total: 1 });
  await createFolder(root, async (temporary) =>
    withTemporaryFolder(path.join(context.cacheDir, "work"), spec.id, async (work) => {
      await mkdir(path.join(work, "client"));
      await obtainSource(source, temporary, path.join(work, "client"), context);
      const found = await treeSha256(temporary, await listFiles(temporary));
      if (found === source.sha256) {
        // A damaged copy makes room, unless somebody else was faster.
        if (!(await isIntact(root, spec))) await rm(root, { recursive: true, force: true });
        return;
      }
      const hint =
        source.type === "folder"
          ? 'The folder was changed since. Run "cibench corpus init" again to pin it as it is now.'
          : "The archive or the generator is not the one this manifest was made with; do not move the pin unseen.";
      throw new CorpusError("CORPUS_INTEGRITY", `${spec.id} unpacks to ${found}, the manifest says ${source.sha256}`, {
        hint,
      });
    }),
  );
  context.onProgress?.({ phase, done: 1, total: 1 });
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true;
}
