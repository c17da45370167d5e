/** Files of a corpus: listing them, choosing among them, hashing them. Nothing here follows a link. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isCode } from "./errors.ts";

/**
 * Every regular file below `root` but `node_modules`, relative, with "/" separators, sorted by code unit.
 *
 * @param unreadable takes the folders below `root` that may not be read; without it they are an error
 */
export async function listFiles(root: string, unreadable?: string[]): Promise<string[]> {
  const found: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch((cause: unknown) => {
      if (unreadable === undefined || folder === "" || !isCode(cause, "EACCES")) throw cause;
      unreadable.push(folder);
      return [];
    });
    for (const entry of entries) {
      const relative = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== "node_modules") folders.push(relative);
      else if (entry.isFile()) found.push(relative);
    }
  }
  return found.sort();
}

/** Those of `files` that match an `include` and no `exclude` glob, in their order. */
export function selectFiles(files: readonly string[], globs: { include: string[]; exclude: string[] }): string[] {
  const matches = (file: string, patterns: string[]): boolean => patterns.some((glob) => path.matchesGlob(file, glob));
  return files.filter((file) => matches(file, globs.include) && !matches(file, globs.exclude));
}

/**
 * sha256 over the sorted (path, content) pairs: for each file its path, a NUL byte, the sha256 of its bytes in hex,
 * and a line feed.
 */
export async function treeSha256(root: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) {
    const content = await readFile(path.join(root, file));
    hash.update(`${file}\0${createHash("sha256").update(content).digest("hex")}\n`);
  }
  return hash.digest("hex");
}
