/** Archives in the cache, each named by the sha256 of its bytes; a download that was cut off goes on where it stopped. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { isAlive, makeFolder, ownerOfPart, unwritable } from "../cache.ts";
import { isCode } from "../errors.ts";
import { damagedError, type FetchContext, integrityError, offlineError } from "./context.ts";

/** An archive in the cache whose hash was checked. */
export interface Archive {
  file: string;
  sha256: string;
}

/**
 * The archive from the cache, else from where `download` gets it.
 *
 * @param wanted `sha256` is null where nobody knows it yet, and then the cache is not asked
 * @param download writes to the file it is given. The file may hold the beginning that an earlier, killed attempt got;
 *   who cannot go on from there writes it anew
 * @throws CorpusError `CORPUS_OFFLINE`, `CORPUS_INTEGRITY`, `CORPUS_CACHE`, and what `download` throws
 */
export async function archiveFrom(
  wanted: { label: string; sha256: string | null },
  context: FetchContext,
  download: (target: string) => Promise<void>,
): Promise<Archive> {
  const folder = path.join(context.cacheDir, "archives");
  const { label, sha256: pinned } = wanted;
  if (pinned !== null) {
    const file = path.join(folder, pinned);
    const found = await fileSha256(file);
    if (found === pinned) return { file, sha256: pinned };
    if (context.offline && found !== null) throw damagedError(label);
    await rm(file, { recursive: true, force: true });
  }
  if (context.offline) throw offlineError(label);
  const key = pinned ?? createHash("sha256").update(label).digest("hex");
  await makeFolder(folder).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  const part = await claimPart(folder, key);
  const resumed = await exists(part);
  try {
    await download(part);
  } catch (error) {
    // What came so far is kept for the next attempt, unless there is no room for it.
    if (isCode(error, "ENOSPC")) await rm(part, { force: true });
    else await rename(part, path.join(folder, `${key}.partial`)).catch(() => undefined);
    throw error;
  }
  let found = await fileSha256(part);
  if (resumed && pinned !== null && found !== pinned) {
    // The beginning may have been of something else.
    await rm(part);
    await download(part);
    found = await fileSha256(part);
  }
  if (found === null || (pinned !== null && found !== pinned)) {
    await rm(part, { force: true });
    throw integrityError(label, found ?? "empty", pinned ?? "something");
  }
  const file = path.join(folder, found);
  await rename(part, file);
  return { file, sha256: found };
}

/** sha256 of a file's bytes in hex; null when there is none. */
export async function fileSha256(file: string): Promise<string | null> {
  if (!(await exists(file))) return null;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** A name of our own for a download; the beginning that a failed or killed process left comes with it. */
async function claimPart(folder: string, key: string): Promise<string> {
  const own = path.join(folder, `${key}.${process.pid}.${randomUUID()}.part`);
  const left = (await readdir(folder)).filter((name) => {
    const owner = ownerOfPart(name);
    return name === `${key}.partial` || (name.startsWith(`${key}.`) && owner !== null && !isAlive(owner));
  });
  for (const name of left) {
    // Only one of two processes succeeds, and the other looks on.
    const claimed = await rename(path.join(folder, name), own).then(
      () => true,
      () => false,
    );
    if (claimed) break;
  }
  return own;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}
