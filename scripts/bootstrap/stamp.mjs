import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * A stamp says that a step was done for exactly these inputs: a file that holds their hash, written after the step.
 *
 * @param {string} path
 * @param {string} hash
 */
export function isCurrent(path, hash) {
  try {
    return readFileSync(path, "utf8") === hash;
  } catch {
    return false;
  }
}

/** Removes the stamp before its step begins, so that a step killed half way is done again. @param {string} path */
export function clearStamp(path) {
  rmSync(path, { force: true });
}

/** @param {string} path @param {string} hash */
export function writeStamp(path, hash) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, hash);
  renameSync(`${path}.${process.pid}`, path);
}

/**
 * @param {string} root
 * @param {{ paths: string[], facts?: string[] }} inputs files or folders under `root` (an absent one counts as such),
 *   and words such as versions
 * @returns the SHA-256 of names and contents, in hexadecimal
 */
export function hashOf(root, { paths, facts = [] }) {
  const hash = createHash("sha256").update(JSON.stringify(facts));
  for (const file of paths.flatMap((path) => filesUnder(root, path))) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesUnder(root, path) {
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") return [path];
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return entries
    .filter((entry) => !["target", "node_modules", ".turbo", "test-results"].includes(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : entry.isFile() ? [`${path}/${entry.name}`] : [],
    );
}
