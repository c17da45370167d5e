/** Brings a corpus onto this computer: the only place of this package that opens the network. */
import { createHash } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { createFolder, defaultCacheDir, isCode } from "./cache.ts";
import { CorpusError } from "./errors.ts";
import { generateProject, writeProject } from "./generate/calls.ts";
import { type CorpusSpec, findCorpus, MANIFEST_ROOT, type PinnedPackage } from "./manifest.ts";
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
  specifierOf?: (pinned: PinnedPackage) => string;
}

/**
 * Fetches, verifies and unpacks a corpus (not what its tests need), or verifies the copy in the cache. A pin is never moved: what does not hash
 * to the manifest's value is not used.
 *
 * @throws CorpusError `CORPUS_UNKNOWN`, `CORPUS_OFFLINE` (not in the cache), `CORPUS_UNREACHABLE` (no answer from the
 *   registry), `CORPUS_INTEGRITY` (not what was pinned), `CORPUS_ARCHIVE` (cannot be unpacked), `CORPUS_CACHE`
 */
export async function fetchCorpus(id: string, options: FetchOptions = {}): Promise<FetchedCorpus> {
  const env = options.env ?? process.env;
  const spec = findCorpus(id, options.manifestRoot ?? MANIFEST_ROOT);
  const cacheDir = path.resolve(options.cacheDir ?? defaultCacheDir(env));
  const root = path.join(cacheDir, "corpora", id, `${spec.version}-${spec.source.sha256.slice(0, 12)}`);
  await ensureTree(root, spec, options, env);
  const files = selectFiles(await listFiles(root), spec.measure);
  return { spec, root, files };
}

/**
 * What the tests of a corpus need, verified: npm packages flat below `node_modules`, the wheels of Python packages all
 * unpacked into `site-packages`. The folder is named by what is in it, so corpora with the same needs share it.
 *
 * @returns null when the tests need nothing
 * @throws CorpusError as {@link fetchCorpus}, save `CORPUS_UNKNOWN`
 */
export async function fetchTestDependencies(spec: CorpusSpec, options: FetchOptions = {}): Promise<string | null> {
  const env = options.env ?? process.env;
  const cacheDir = path.resolve(options.cacheDir ?? defaultCacheDir(env));
  const pinned = spec.tests?.dependencies ?? [];
  if (pinned.length === 0) return null;
  const name = createHash("sha256").update(JSON.stringify(pinned)).digest("hex").slice(0, 16);
  const folder = path.join(cacheDir, "dependencies", name);
  if (await exists(folder)) return folder;
  await createFolder(folder, async (temporary) => {
    for (const [done, one] of pinned.entries()) {
      options.onProgress?.({ phase: `fetch what the tests of ${spec.id} need`, done, total: pinned.length });
      if ("integrity" in one) await unpack(one, path.join(temporary, "node_modules", one.name), options, env);
      else throw new CorpusError("CORPUS_ARCHIVE", `wheels such as ${one.file} cannot be fetched yet`);
    }
  });
  return folder;
}

async function ensureTree(
  root: string,
  spec: CorpusSpec,
  options: FetchOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (await exists(root)) {
    if ((await treeSha256(root, await listFiles(root))) === spec.source.sha256) return;
    if (options.offline === true && spec.source.type === "npm") {
      throw new CorpusError("CORPUS_INTEGRITY", `the cached copy of ${spec.id} was changed`, {
        hint: `Run "npm run corpora -- fetch ${spec.id}" with a network to replace it.`,
      });
    }
    await rm(root, { recursive: true, force: true });
  }
  const { source } = spec;
  options.onProgress?.({ phase: `${source.type === "npm" ? "fetch" : "generate"} ${spec.id}`, done: 0, total: 1 });
  await createFolder(root, async (temporary) => {
    if (source.type === "npm") await unpack(source, temporary, options, env);
    else if (source.type === "generator") await writeProject(generateProject(source), temporary);
    else throw new CorpusError("CORPUS_ARCHIVE", `a source of type ${source.type} cannot be fetched yet`);
    const found = await treeSha256(temporary, await listFiles(temporary));
    if (found !== source.sha256) {
      throw new CorpusError("CORPUS_INTEGRITY", `${spec.id} unpacks to ${found}, the manifest says ${source.sha256}`, {
        hint: "The archive or the generator is not the one this manifest was made with; do not move the pin unseen.",
      });
    }
  });
  options.onProgress?.({ phase: `${source.type === "npm" ? "fetch" : "generate"} ${spec.id}`, done: 1, total: 1 });
}

async function unpack(
  pinned: PinnedPackage,
  folder: string,
  options: FetchOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const label = `${pinned.name}@${pinned.version}`;
  // Most runs find everything in the cache, and need no client.
  const { default: pacote } = await import("pacote");
  try {
    await pacote.extract(options.specifierOf?.(pinned) ?? label, folder, {
      ...(await npmSettings(env)),
      integrity: pinned.integrity,
      offline: options.offline === true,
      preferOffline: true,
      retry: { retries: 1, minTimeout: 500, maxTimeout: 2000 },
      timeout: 60_000,
    });
  } catch (cause) {
    throw explain(label, cause);
  }
}

/** Registry, proxy, credentials and certificates as the user's own npm has them. */
async function npmSettings(env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const { default: Config } = await import("@npmcli/config");
  const { default: npmDefinitions } = await import("@npmcli/config/lib/definitions/index.js");
  const config = new Config({
    npmPath: MANIFEST_ROOT,
    ...npmDefinitions,
    argv: [],
    env: { ...env },
    cwd: MANIFEST_ROOT,
    warn: false,
  });
  await config.load();
  return config.flat;
}

const UNREACHABLE =
  /^(?:ENOTFOUND|ECONN|ETIMEDOUT|EAI_|EHOST|ENET|ERR_SOCKET|E4\d\d|E5\d\d|FETCH_ERROR|ECERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/;

function explain(label: string, cause: unknown): CorpusError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (isCode(cause, "EINTEGRITY")) {
    return new CorpusError("CORPUS_INTEGRITY", `${label} is not the archive that was pinned`, {
      hint: "Somebody changed it between its author and this computer; nothing was unpacked.",
      cause,
    });
  }
  if (code === "ENOTCACHED") {
    return new CorpusError("CORPUS_OFFLINE", `${label} is not in the cache`, {
      hint: "Run the command once with a network, without --offline.",
      cause,
    });
  }
  if (UNREACHABLE.test(code)) {
    return new CorpusError("CORPUS_UNREACHABLE", `the package registry gave no ${label} (${code})`, {
      hint: "Check the network and the registry in your npmrc, or use --offline for what is cached.",
      cause,
    });
  }
  return new CorpusError("CORPUS_ARCHIVE", `${label} cannot be unpacked${code === "" ? "" : ` (${code})`}`, {
    hint: "The archive is damaged or hostile.",
    cause,
  });
}

async function exists(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true;
}
