/**
 * A folder that code in a sandbox could write, looked at from outside, where nothing keeps us in: that code may have put
 * links in the place of files and folders, which lead out of it, or pipes, which nobody ever writes to.
 */
import { chmod, lstat, mkdir, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { removeTree } from "../../remove.ts";

/** The folder inside a scratch copy that is ours. */
export const OWN_FOLDER = ".drift";

/** Makes a folder that can be written; what else stands in its place, a link for example, goes away. */
export async function makeRealFolder(folder: string): Promise<void> {
  if ((await lstat(folder).catch(() => null))?.isDirectory() !== true) {
    await removeTree(folder);
    await mkdir(folder);
  }
  await chmod(folder, 0o700);
}

/** The home of the code in there, which we do not look into. */
export const TEMPORARY = "tmp";

/** After code ran that could write `scratch`: leaves nothing but files and folders where we read and write next. */
export async function tidyOwnFolder(scratch: string): Promise<void> {
  const own = path.join(scratch, OWN_FOLDER);
  await makeRealFolder(own);
  for (const entry of await tidy(own)) {
    // Traces lie in folders of their own.
    if (entry !== TEMPORARY) await tidy(path.join(own, entry));
  }
}

/** @returns the names of the folders in it */
async function tidy(folder: string): Promise<string[]> {
  await chmod(folder, 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isDirectory() && !entry.isFile()) await removeTree(path.join(folder, entry.name));
  }
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Whether `file`, relative to `scratch`, is a file that lies there: no link leads to it, and it is no pipe. */
export async function isOwnFile(scratch: string, file: string): Promise<boolean> {
  const place = path.join(scratch, file);
  const [found, root, kind] = await Promise.all([
    realpath(place).catch(() => null),
    realpath(scratch),
    lstat(place).catch(() => null),
  ]);
  return kind?.isFile() === true && found === path.join(root, file);
}
