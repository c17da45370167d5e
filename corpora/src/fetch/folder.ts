/** A folder of this computer as a corpus: its own files, copied, so that edits during a run change nothing. */
import { access, constants, copyFile, glob, lstat, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { CorpusError, isCode } from "../errors.ts";
import { listFiles } from "../tree.ts";

/** Folders of tools, ours among them, and of installed packages, at any depth. */
const NOT_OWN = new Set([".git", ".hg", ".svn", ".cibench", ".drift", ".venv", "venv", ".tox", "__pycache__"]);

/** What of a folder is nobody's to read; paths relative to it, sorted. */
export interface LeftOut {
  /** Files and folders without the right to read them. */
  unreadable: string[];
  /** Files whose names are not UTF-8, as far as they can be shown. */
  unnameable: string[];
}

const NOT_UTF8 = "\uFFFD";

/**
 * The files that belong to the code of a folder: in a git repository those that git does not ignore, elsewhere all but
 * installed packages. Paths relative to it, sorted; links are left out.
 */
async function listOwnFiles(folder: string, unreadable: string[]): Promise<string[]> {
  const isOwn = (file: string): boolean => !file.split("/").some((step) => NOT_OWN.has(step));
  const locked: string[] = [];
  const files = (await listFiles(folder, locked)).filter(isOwn);
  unreadable.push(...locked.filter(isOwn));
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

/**
 * Copies a folder's own files to `target`, save those that cannot be read.
 *
 * @throws CorpusError `CORPUS_FOLDER` when it cannot be read at all
 */
export async function copyOwnFiles(folder: string, target: string): Promise<LeftOut> {
  const left: LeftOut = { unreadable: [], unnameable: [] };
  const files = await listOwnFiles(folder, left.unreadable).catch((cause: unknown) => {
    throw new CorpusError("CORPUS_FOLDER", `${folder} cannot be read`, {
      hint: "Look whether the folder is there and may be read.",
      cause,
    });
  });
  for (const file of files) {
    if (file.includes(NOT_UTF8) && !(await isThere(path.join(folder, file)))) left.unnameable.push(file);
    else if (!(await isReadable(path.join(folder, file)))) left.unreadable.push(file);
    else {
      await mkdir(path.join(target, path.dirname(file)), { recursive: true });
      await copyFile(path.join(folder, file), path.join(target, file));
    }
  }
  left.unreadable.sort();
  return left;
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    (cause: unknown) => !isCode(cause, "EACCES"),
  );
}

/** Packages that the user has installed beside the code of a folder; absolute paths, null where there are none. */
export interface InstalledPackages {
  nodeModules: string | null;
  /** Of a virtual environment in the folder, with pytest in it. */
  sitePackages: string | null;
}

/** Looks at the top of a folder alone: packages of npm, and a virtual environment of Python. */
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
