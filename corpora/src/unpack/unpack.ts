/** Unpacks archives that nobody vouches for: what is written lies below the folder, is a file or a folder, and has a limit. */
import { randomUUID } from "node:crypto";
import { readdir, rename, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import { unpackTar } from "./tar.ts";
import { DEFAULT_LIMITS, HostileArchive, SafeWriter, type UnpackLimits } from "./writer.ts";
import { unpackZip } from "./zip.ts";

export interface UnpackOptions {
  /** What stands in messages. */
  label: string;
  /** The file's name, by whose ending the format is known; default that of `file`. */
  name?: string;
  limits?: Partial<UnpackLimits>;
  /** Another path for an entry's; null leaves the entry out. */
  rename?: (entry: string) => string | null;
}

/** What was unpacked, and what was not. */
export interface Unpacked {
  files: number;
  bytes: number;
  /** Links to other entries of the archive, which are never made. */
  leftOut: string[];
}

/**
 * Unpacks .tar (plain, .gz, .bz2, .xz, .zst) and .zip (.whl, .jar, .crate and .tgz by their kinds) into an existing folder.
 *
 * @throws CorpusError `CORPUS_ARCHIVE` when the archive is damaged, of an unknown format, exceeds a limit, names a path
 *   outside, names one twice, or holds a device or a link that leads outside; the folder then holds a part and is useless
 */
export async function unpackArchive(file: string, folder: string, options: UnpackOptions): Promise<Unpacked> {
  const { size } = await stat(file);
  const writer = new SafeWriter(folder, { ...DEFAULT_LIMITS, ...options.limits }, size, options.rename);
  const name = (options.name ?? path.basename(file)).toLowerCase();
  const unpack = FORMATS.find(([ending]) => ending.test(name))?.[1];
  if (unpack === undefined) {
    throw new CorpusError("CORPUS_ARCHIVE", `${name} is of no format that is known here`, {
      hint: "Known: .tar, .tar.gz, .tgz, .tar.bz2, .tar.xz, .tar.zst, .crate, .zip, .whl, .jar.",
    });
  }
  try {
    await unpack(file, writer, name);
  } catch (cause) {
    if (isOurDisk(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CorpusError("CORPUS_ARCHIVE", `${options.label} cannot be unpacked: ${why}`, {
      hint:
        cause instanceof HostileArchive
          ? "Nothing of it was kept. If you trust the archive, take another version or source of it."
          : "The archive is damaged; nothing of it was kept.",
      cause,
    });
  }
  return { files: writer.files, bytes: writer.bytes, leftOut: writer.leftOut };
}

const FORMATS: readonly [RegExp, (file: string, writer: SafeWriter, name: string) => Promise<void>][] = [
  [/\.(?:tar|tgz|crate|tar\.(?:gz|bz2|xz|zst))$/, unpackTar],
  [/\.(?:zip|whl|jar)$/, unpackZip],
];

/** Puts what lies in the one folder at the top, if there is nothing beside it, into `folder` itself. */
export async function removeTopFolder(folder: string): Promise<void> {
  const [top, ...others] = await readdir(folder, { withFileTypes: true });
  if (top?.isDirectory() === true && others.length === 0) await removePrefix(folder, top.name);
}

/** Puts what lies in `folder/prefix` into `folder`, which holds nothing else. */
export async function removePrefix(folder: string, prefix: string): Promise<void> {
  const [first = prefix] = prefix.split("/");
  // Named so that it goes away by itself when we are killed here.
  const aside = path.join(path.dirname(folder), `top.${process.pid}.${randomUUID()}.part`);
  await rename(path.join(folder, first), aside);
  await rmdir(folder);
  if (first === prefix) await rename(aside, folder);
  else {
    await rename(path.join(aside, prefix.slice(first.length + 1)), folder);
    for (let rest = path.dirname(prefix.slice(first.length + 1)); rest !== "."; rest = path.dirname(rest)) {
      await rmdir(path.join(aside, rest));
    }
    await rmdir(aside);
  }
}

/** Failures of our own disk are no fault of the archive. */
function isOurDisk(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    "code" in cause &&
    ["ENOSPC", "EROFS", "EACCES", "EPERM", "EDQUOT", "EMFILE"].includes(String(cause.code))
  );
}
