/** What the git history of a folder offers. */
import { execa } from "execa";

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

/** Null where there is no git, no repository, or no commit yet. */
export async function surveyHistory(folder: string): Promise<History | null> {
  const git = async (...args: string[]): Promise<string | null> => {
    const { exitCode, stdout } = await execa("git", args, {
      cwd: folder,
      reject: false,
      stdin: "ignore",
      maxBuffer: 512 * 2 ** 20,
    });
    return exitCode === 0 ? stdout.trim() : null;
  };
  const commit = await git("rev-parse", "--verify", "HEAD");
  if (commit === null) return null;
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
