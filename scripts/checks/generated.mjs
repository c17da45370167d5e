import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run, runTurbo } from "./turbo.mjs";

/**
 * Runs every generator and says which files it changed: those were stale. They are left rewritten, ready to commit.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv, onText: (text: string) => void }} context
 * @returns {Promise<string[]>} a problem for each stale file, and for each generator that failed
 */
export async function staleFiles({ root, env, onText }) {
  const before = await changedFiles({ root, env });
  const { tasks } = await runTurbo(["gen"], { root, env, onText });
  const after = await changedFiles({ root, env });
  return [
    ...tasks
      .filter(({ exitCode }) => exitCode !== 0)
      .map(({ id }) => `${id} failed, so its files could not be compared`),
    ...staleAmong(before, after).map((path) => `${path} was stale; "npm run gen" has rewritten it: commit it`),
  ];
}

/**
 * The paths whose content is another one than before.
 *
 * @param {Map<string, string>} before path -> hash @param {Map<string, string>} after
 */
export function staleAmong(before, after) {
  return [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
}

/** Each file that differs from the last commit, with the hash of its content. */
async function changedFiles({ root, env }) {
  const { output, exitCode } = await run(
    "git",
    ["status", "--porcelain=v1", "--untracked-files=all", "--no-renames", "-z"],
    { root, env },
  );
  if (exitCode !== 0) throw new Error(`git status failed, and stale files are found with it: ${output}`);
  const paths = output
    .split("\0")
    .filter(Boolean)
    .map((line) => line.slice(3));
  return new Map(paths.map((path) => [path, hashOf(join(root, path))]));
}

function hashOf(path) {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return "absent";
  }
}
