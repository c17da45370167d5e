import * as fs from "node:fs";
import * as path from "node:path";

const LEFT_OUT = new Set([".git", "node_modules", ".drift"]);

/**
 * Copies a project to where tools may leave what they like, and edits are nobody's loss. Times of files stay. Dependencies
 * and history are left out; an empty `.git` keeps ignore rules in force.
 *
 * @param to does not exist yet @returns `to`
 */
export function copyOf(folder: string, to: string): string {
  fs.cpSync(path.resolve(folder), to, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (source) => !LEFT_OUT.has(path.basename(source)) || path.resolve(source) === path.resolve(folder),
  });
  fs.mkdirSync(path.join(to, ".git"), { recursive: true });
  return to;
}
