/** Base and head as built work trees of their own, so that the user's folder is neither touched nor measured. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import { argumentsOf } from "../runners/command.ts";
import type { BenchConfig } from "./config.ts";

export interface TreeOptions {
  /** Any folder of the repository. */
  root: string;
  commit: string;
  /** Where work trees lie; those of a repository share a folder. */
  cache: string;
  config: Pick<BenchConfig, "build" | "buildTimeoutMinutes">;
  env: Record<string, string>;
  /** Tells two builds of one commit apart: one letter, so that paths of both sides are equally long. */
  copy: string;
  onStep: (text: string) => void;
}

/**
 * The commit that a ref means.
 *
 * @throws DriftError `REF_UNKNOWN`
 */
export async function resolveCommit(root: string, ref: string): Promise<string> {
  const result = await git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  const commit = result.stdout.trim();
  if (result.exitCode === 0 && /^[0-9a-f]{40}$/.test(commit)) return commit;
  const inside = (await git(root, ["rev-parse", "--git-dir"])).exitCode === 0;
  throw new DriftError("REF_UNKNOWN", inside ? `git knows no commit "${ref}"` : `${root} lies in no git repository`, {
    hint: inside
      ? "Fetch it first: a shallow clone has only its newest commits."
      : "Run it inside the repository, or give two built folders with --base-dir and --head-dir.",
  });
}

/** The content of a file of a commit; null when it has none. */
export async function fileAt(root: string, commit: string, file: string): Promise<string | null> {
  const top = (await git(root, ["rev-parse", "--show-toplevel"])).stdout.trim();
  const shown = await git(top, ["show", `${commit}:${file}`]);
  return shown.exitCode === 0 ? shown.stdout : null;
}

/**
 * A work tree of the commit in which everything is built. One that was built before with the same commands is used again.
 *
 * @returns its folder; folders of two commits or copies have names of one length
 * @throws DriftError `BUILD_FAILED` with the last words of the build
 */
export async function builtTree(options: TreeOptions): Promise<string> {
  const { root, commit, cache, config, env, copy, onStep } = options;
  const key = createHash("sha256")
    .update(JSON.stringify([commit, config.build, env]))
    .digest("hex");
  const tree = path.join(repositoryFolder(cache, root), `${key.slice(0, 16)}-${copy}`);
  const stamp = `${tree}.built`;
  if (fs.existsSync(stamp) && fs.existsSync(tree)) {
    fs.utimesSync(stamp, new Date(), new Date());
    return tree;
  }
  await addTree(root, commit, tree);
  for (const command of config.build) {
    const [file, ...args] = argumentsOf(command);
    const said = typeof command === "string" ? command : command.join(" ");
    onStep(`${commit.slice(0, 10)}: ${said}`);
    const built = await execa(file, args, {
      cwd: tree,
      env,
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      timeout: config.buildTimeoutMinutes * 60_000,
      maxBuffer: 64 * 1024 ** 2,
    });
    if (built.exitCode === 0) continue;
    const words = (built.all ?? "").trim().split("\n").slice(-20).join("\n");
    const what = built.timedOut
      ? `took longer than ${config.buildTimeoutMinutes} min`
      : `ended with ${built.exitCode ?? built.code ?? built.signal}`;
    throw new DriftError(
      "BUILD_FAILED",
      `building ${commit.slice(0, 10)}: "${said}" ${what}${words === "" ? "" : `\n${words}`}`,
      {
        hint: `The work tree is kept: ${tree}`,
        cause: built.cause,
      },
    );
  }
  fs.writeFileSync(stamp, "");
  return tree;
}

/** Removes work trees other than those in use, but for the `keep` used last. */
export async function removeOldTrees(
  cache: string,
  root: string,
  inUse: readonly string[],
  keep: number,
): Promise<void> {
  const folder = repositoryFolder(cache, root);
  const stamps = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".built"))
    .map((name) => ({ tree: path.join(folder, name.slice(0, -6)), used: fs.statSync(path.join(folder, name)).mtimeMs }))
    .filter(({ tree }) => !inUse.includes(tree))
    .toSorted((a, b) => b.used - a.used);
  for (const { tree } of stamps.slice(keep)) {
    fs.rmSync(`${tree}.built`, { force: true });
    await removeTree(root, tree);
  }
}

function repositoryFolder(cache: string, root: string): string {
  const id = createHash("sha256").update(fs.realpathSync(root)).digest("hex").slice(0, 12);
  return path.join(cache, id);
}

async function addTree(root: string, commit: string, tree: string): Promise<void> {
  await removeTree(root, tree);
  fs.mkdirSync(path.dirname(tree), { recursive: true });
  const added = await git(root, ["worktree", "add", "--detach", "--force", tree, commit]);
  if (added.exitCode !== 0)
    throw new DriftError("BUILD_FAILED", `git made no work tree of ${commit.slice(0, 10)}: ${added.stderr.trim()}`, {
      hint: "Look for space on the disk, and whether `git worktree` works here.",
    });
}

async function removeTree(root: string, tree: string): Promise<void> {
  if (fs.existsSync(tree)) await git(root, ["worktree", "remove", "--force", tree]);
  fs.rmSync(tree, { recursive: true, force: true });
  await git(root, ["worktree", "prune"]);
}

/** git without what its surroundings (a hook, say) tell it about another repository. */
async function git(
  root: string,
  args: readonly string[],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const { exitCode, stdout, stderr } = await execa("git", ["-C", root, ...args], {
    env,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 64 * 1024 ** 2,
  });
  return { exitCode: exitCode ?? 1, stdout, stderr };
}
