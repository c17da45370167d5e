import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { fetchSpec } from "../src/fetch.ts";
import { type CorpusSource, CorpusSpec } from "../src/manifest.ts";
import { listFiles } from "../src/tree.ts";
import { folderWith } from "./support/folder.ts";
import { manifestOf } from "./support/manifest.ts";
import { obtain, treeOf } from "./support/sources.ts";

/** A bare repository with two commits of which the first is no tip; its releases leave the tests out. */
async function bareRepository(): Promise<{ url: string; commits: string[] }> {
  const work = folderWith({ "a.py": "def a(): pass\n", "test/t.py": "", ".gitattributes": "test export-ignore\n" });
  const git = async (...args: string[]): Promise<string> =>
    (
      await execa(
        "git",
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args],
        { cwd: work },
      )
    ).stdout.trim();
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "first");
  const first = await git("rev-parse", "HEAD");
  await writeFile(path.join(work, "a.py"), "def a(): return 1\n");
  await git("commit", "--quiet", "-am", "second");
  const second = await git("rev-parse", "HEAD");
  const bare = path.join(folderWith(), "bare.git");
  await git("clone", "--quiet", "--bare", work, bare);
  return { url: pathToFileURL(bare).href, commits: [first, second] };
}

test("a git commit comes with all its files, whether it is a tip or not", async () => {
  const { url, commits } = await bareRepository();
  const texts: string[] = [];
  for (const commit of commits) {
    const { files, folder } = await obtain({ type: "git", url, commit });
    expect(files).toEqual([".gitattributes", "a.py", "test/t.py"]);
    texts.push(await readFile(path.join(folder, "a.py"), "utf8"));
  }
  expect(texts).toEqual(["def a(): pass\n", "def a(): return 1\n"]);
});

test("a commit that a repository does not have, and a repository that is not there, are told", async () => {
  const { url } = await bareRepository();
  await expect(obtain({ type: "git", url, commit: "0".repeat(40) })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
  const nowhere = pathToFileURL(path.join(folderWith(), "nothing.git")).href;
  await expect(obtain({ type: "git", url: nowhere, commit: "0".repeat(40) })).rejects.toMatchObject({
    code: "CORPUS_UNREACHABLE",
  });
  const far = { type: "git", url: "https://git.example/x.git", commit: "0".repeat(40) } as const;
  await expect(obtain(far, { offline: true })).rejects.toMatchObject({ code: "CORPUS_OFFLINE" });
});

test("a folder is copied without what is not its own, and a change is seen", async () => {
  const folder = folderWith({
    "a.js": "1",
    "node_modules/x/i.js": "",
    ".cibench/corpus.json": "{}",
    ".git/config": "",
  });
  await rm(path.join(folder, ".git"), { recursive: true });
  const source: CorpusSource = { type: "folder", path: ".", sha256: await treeOf({ "a.js": "1" }) };
  const spec = CorpusSpec.parse(manifestOf(source));
  const options = { cacheDir: folderWith(), env: {} };
  const { root, files } = await fetchSpec(spec, folder, options);
  expect([root.startsWith(options.cacheDir), files, await listFiles(root)]).toEqual([true, ["a.js"], ["a.js"]]);
  await writeFile(path.join(folder, "a.js"), "2");
  expect((await fetchSpec(spec, folder, options)).root).toBe(root);
  await rm(root, { recursive: true });
  await expect(fetchSpec(spec, folder, options)).rejects.toMatchObject({
    code: "CORPUS_INTEGRITY",
    hint: expect.stringContaining("corpus init"),
  });
  await expect(fetchSpec(spec, path.join(folder, "gone"), options)).rejects.toMatchObject({ code: "CORPUS_FOLDER" });
});

test("what git ignores in a folder is not its own", async () => {
  const folder = folderWith({ "a.js": "", "new.js": "", "dist/b.js": "", ".gitignore": "dist\n" });
  await execa("git", ["init", "--quiet"], { cwd: folder });
  await execa("git", ["add", "a.js", ".gitignore"], { cwd: folder });
  const { files } = await obtain({ type: "folder", path: folder });
  expect(files).toEqual([".gitignore", "a.js", "new.js"]);
});
