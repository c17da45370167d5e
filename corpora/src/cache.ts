/** The cache folder: where it is, and how things come into it whole or not at all. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { randomUUID } from "node:crypto";
import envPaths from "env-paths";
import { CorpusError, isCode } from "./errors.ts";
import { removeTree } from "./remove.ts";

/** `$DRIFT_CACHE_DIR`, else the user's cache folder of this system. */
export function defaultCacheDir(env: Record<string, string | undefined>): string {
  const chosen = env["DRIFT_CACHE_DIR"];
  return chosen !== undefined && chosen !== "" ? path.resolve(chosen) : envPaths("drift", { suffix: "" }).cache;
}

/**
 * Makes `folder` by filling a temporary sibling and renaming it, so that a kill leaves all of it or nothing. When another
 * process was faster its folder stays.
 *
 * @throws CorpusError `CORPUS_CACHE` when the cache cannot be written
 */
export async function createFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(path.dirname(folder), path.basename(folder), async (temporary) => {
    await fill(temporary);
    await rename(temporary, folder).catch((cause: unknown) => {
      if (!isCode(cause, "ENOTEMPTY") && !isCode(cause, "EEXIST")) throw cause;
    });
  });
}

/** Gives `use` a folder below `parent` that is gone afterwards, even (by the next call) when this process is killed. */
export async function withTemporaryFolder<T>(
  parent: string,
  name: string,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = path.join(parent, `${name}.${process.pid}.${randomUUID()}.part`);
  try {
    await place(parent, temporary);
    return await use(temporary);
  } catch (cause) {
    const full = ["ENOSPC", "EROFS", "EACCES", "EPERM", "ENOTDIR", "EEXIST"].some((code) => isCode(cause, code));
    throw full ? unwritable(parent, cause) : cause;
  } finally {
    await removeTree(temporary).catch(() => undefined);
  }
}

/** Nothing can go wrong here but the cache: below one that is read-only, `mkdir` says that folders do not exist. */
async function place(parent: string, temporary: string): Promise<void> {
  try {
    await makeFolder(parent);
    await removeAbandoned(parent);
    await mkdir(temporary);
  } catch (cause) {
    throw unwritable(parent, cause);
  }
}

/**
 * Makes a folder of the cache and those above it. Node's own `recursive` never ends below a folder that exists and says
 * that what is made in it does not, as `/proc` does.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (cause) {
    const parent = path.dirname(folder);
    if (isCode(cause, "EEXIST") && (await stat(folder).catch(() => null))?.isDirectory() === true) return;
    if (!isCode(cause, "ENOENT")) throw cause;
    if ((await stat(parent).catch(() => null)) === null) await makeFolder(parent);
    // Another process may have been faster, in making the parent too.
    await mkdir(folder).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error;
    });
  }
}

/** Writes a file whole or not at all. @throws CorpusError `CORPUS_CACHE` */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomUUID()}.part`;
  try {
    await makeFolder(path.dirname(file));
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(file, cause);
  }
}

/** The content of a cached JSON file; undefined when there is none or it is damaged. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** The error of a cache that cannot be written. */
export function unwritable(target: string, cause: unknown): CorpusError {
  return new CorpusError("CORPUS_CACHE", `cannot write ${target}`, {
    hint: "Free some space, or set DRIFT_CACHE_DIR to a folder that can be written.",
    cause,
  });
}

/** Removes what processes that no longer live left half done. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = ownerOfPart(name);
    // What cannot be removed, another user's for example, is in nobody's way.
    if (owner !== null && !isAlive(owner)) await removeTree(path.join(parent, name)).catch(() => undefined);
  }
}

/** The process that a half-done file or folder belongs to; null for any other name. */
export function ownerOfPart(name: string): number | null {
  const owner = /\.(\d+)\.[0-9a-f-]{36}\.part$/.exec(name)?.[1];
  return owner === undefined ? null : Number(owner);
}

/** Whether a process with this id lives, ours or another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}
