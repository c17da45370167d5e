/** A folder of this computer as a corpus: its own files, copied, so that edits during a run change nothing. */
import { copyFile, glob, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { CorpusError } from "../errors.ts";
import { listFiles } from "../tree.ts";

/** Folders of tools, ours among them, and of installed packages, at any depth. */
const NOT_OWN = new Set([".git", ".hg", ".svn", ".cibench", ".drift", ".venv", "venv", ".tox", "__pycache__"]);

/**
 * The files that belong to the code of a folder: in a git repository those that git does not ignore, elsewhere all but
 * installed packages.
 *
 * @returns paths relative to it, sorted; links are left out
 */
export async function listOwnFiles(folder: string): Promise<string[]> {
  const files = (await listFiles(folder)).filter((file) => !file.split("/").some((step) => NOT_OWN.has(step)));
  const git = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: folder,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    maxBuffer: 512 * 2 ** 20,
  });
  if (git.exitCode !== 0) return files;
  const known = new Set(git.stdout.split("\0"));
  return files.filter((file) => known.has(file));
}

/** Copies a folder's own files to `target`. @throws CorpusError `CORPUS_FOLDER` when it cannot be read */
export async function copyOwnFiles(folder: string, target: string): Promise<void> {
  const files = await listOwnFiles(folder).catch((cause: unknown) => {
    throw new CorpusError("CORPUS_FOLDER", `${folder} cannot be read`, {
      hint: "Look whether the folder is there and may be read.",
      cause,
    });
  });
  for (const file of files) {
    await mkdir(path.join(target, path.dirname(file)), { recursive: true });
    await copyFile(path.join(folder, file), path.join(target, file));
  }
}

/** Packages that the user has installed beside the code of a folder; absolute paths, null where there are none. */
export interface InstalledPackages {
  nodeModules: string | null;
  /** Of a virtual environment in the folder, with pytest in it. */
  sitePackages: string | null;
}

export async function findInstalledPackages(folder: string): Promise<InstalledPackages> {
  const nodeModules = path.join(folder, "node_modules");
  const environments: string[] = [];
  for await (const place of glob("{.venv,venv}/lib/python3*/site-packages/pytest", { cwd: folder }))
    environments.push(place);
  const [pytest] = environments.sort();
  return {
    nodeModules: (await readdir(nodeModules).catch(() => [])).length > 0 ? nodeModules : null,
    sitePackages: pytest === undefined ? null : path.dirname(path.join(folder, pytest)),
  };
}

/** Puts links to them into `target`, an empty folder, under the names by which fetched packages are found. */
export async function linkInstalledPackages(installed: InstalledPackages, target: string): Promise<void> {
  const { nodeModules, sitePackages } = installed;
  if (nodeModules !== null) await symlink(nodeModules, path.join(target, "node_modules"), "dir");
  if (sitePackages !== null) await symlink(sitePackages, path.join(target, "site-packages"), "dir");
}
