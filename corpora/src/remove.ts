/** Removes folders, also those that code which nobody vouches for has filled. */
import { randomUUID } from "node:crypto";
import { chmod, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Removes a folder with all that is in it, or a file. Folders nested so deep that no path reaches their end go too, and
 * those that were locked (mode 0). Follows no link; what is not there is fine.
 */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await flatten(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Unlocks every folder below `folder` and moves it right below it, so that every path is short. */
async function flatten(folder: string): Promise<void> {
  const open = [folder];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    await chmod(current, 0o700);
    for (const entry of await readdir(current, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const found = path.join(current, entry.name);
      // Only who may write a folder may move it.
      await chmod(found, 0o700);
      const place = current === folder ? found : path.join(folder, randomUUID());
      if (place !== found) await rename(found, place);
      open.push(place);
    }
  }
}
