import { readdirSync } from "node:fs";
import { join } from "node:path";

const skipped = new Set(["node_modules", "target", "dist", "coverage", "test-results", ".turbo", ".astro"]);

/**
 * Every file under a folder whose name matches, as sorted paths from the root with forward slashes; none when the
 * folder does not exist.
 *
 * @param {string} root @param {string} folder from the root @param {RegExp} name
 * @returns {string[]}
 */
export function filesUnder(root, folder, name) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return entries
    .filter((entry) => !skipped.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(root, path, name);
      return entry.isFile() && name.test(entry.name) ? [path] : [];
    });
}
