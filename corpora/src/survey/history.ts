/** What the git history of a folder offers. */
import { execa } from "execa";
import { isCode } from "../errors.ts";

export interface History {
  /** The commit that is checked out. */
  commit: string;
  commits: number;
  /** Dates (yyyy-mm-dd) of the oldest and the newest commit. */
  from: string;
  to: string;
  /** Only a part of the history is on this computer. */
  shallow: boolean;
  /** Files differ from the commit. */
  changed: boolean;
}

/** The history, or why there is none, as half a sentence. */
export async function surveyHistory(folder: string): Promise<History | string> {
  const settings = { cwd: folder, reject: false, stdin: "ignore", maxBuffer: 512 * 2 ** 20 } as const;
  const git = async (...args: string[]): Promise<string | null> => {
    const { exitCode, stdout } = await execa("git", args, settings);
    return exitCode === 0 ? stdout.trim() : null;
  };
  const { exitCode, stderr, cause } = await execa("git", ["rev-parse", "--git-dir"], settings);
  if (isCode(cause, "ENOENT")) return "git is not installed here";
  if (exitCode !== 0) {
    return stderr.includes("safe.directory")
      ? "git does not trust a folder that belongs to somebody else (see safe.directory in its manual)"
      : "the folder is in no git repository";
  }
  const commit = await git("rev-parse", "--verify", "HEAD");
  if (commit === null) return "the git repository has no commit yet";
  const dates = ((await git("log", "--format=%cs")) ?? "").split("\n").sort();
  return {
    commit,
    commits: dates.length,
    from: dates[0] ?? "",
    to: dates.at(-1) ?? "",
    shallow: (await git("rev-parse", "--is-shallow-repository")) === "true",
    changed: (await git("status", "--porcelain", "--", ".", ":(exclude).cibench")) !== "",
  };
}
