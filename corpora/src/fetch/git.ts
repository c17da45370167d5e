/** One commit of a git repository, without its history, by the user's git. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { CorpusError } from "../errors.ts";
import { runClient } from "./client.ts";
import { type FetchContext, offlineError } from "./context.ts";

/**
 * Writes the files of a commit to `target` as a tar archive; submodules and large files kept elsewhere are not in it.
 *
 * @throws CorpusError `CORPUS_OFFLINE`, `CORPUS_UNREACHABLE`, `CORPUS_CLIENT`, `CORPUS_INTEGRITY`
 */
export async function downloadGit(
  wanted: { url: string; commit: string },
  target: string,
  folder: string,
  context: FetchContext,
): Promise<void> {
  const label = `commit ${wanted.commit.slice(0, 12)} of ${wanted.url}`;
  if (context.offline && !wanted.url.startsWith("file:")) throw offlineError(label);
  const repository = path.join(folder, "repository.git");
  const git = async (...args: string[]): Promise<string> =>
    runClient(["git", "-c", "protocol.ext.allow=never", "-c", "core.hooksPath=/dev/null", ...args], {
      label,
      folder,
      context,
      env: { GIT_TERMINAL_PROMPT: "0", GIT_LFS_SKIP_SMUDGE: "1", GIT_DIR: repository },
    });
  await git(
    "init",
    "--quiet",
    "--bare",
    `--object-format=${wanted.commit.length === 64 ? "sha256" : "sha1"}`,
    repository,
  );
  try {
    await git("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", wanted.url, wanted.commit);
  } catch (error) {
    if (error instanceof CorpusError && error.code === "CORPUS_CLIENT") throw error;
    // Not every server gives a commit by its name: then all branches and tags are needed.
    await git("fetch", "--quiet", "--no-recurse-submodules", "--", wanted.url, "+refs/*:refs/drift/*");
  }
  const found = (await git("rev-parse", "--verify", "--end-of-options", `${wanted.commit}^{commit}`)).trim();
  if (found !== wanted.commit) throw new CorpusError("CORPUS_INTEGRITY", `${label} is ${found}`);
  // What a repository leaves out of its releases, tests for example, belongs to it all the same.
  await mkdir(path.join(repository, "info"), { recursive: true });
  await writeFile(path.join(repository, "info", "attributes"), "* -export-ignore -export-subst\n");
  await git("archive", "--format=tar", `--output=${target}`, wanted.commit);
}
