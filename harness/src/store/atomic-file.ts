/** Files that are either the old ones or the new ones, whenever the process dies. */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { withStorageErrors } from "./storage-error.ts";

/**
 * Writes a file so that a reader never sees half of it: temporary file in the same folder, fsync, rename, fsync of
 * the folder. Missing folders are made.
 *
 * @throws DriftError `DISK_FULL` or `DISK_READ_ONLY`, naming the file without its folder
 */
export function writeFileAtomically(file: string, content: string | Uint8Array): void {
  withStorageErrors(path.basename(file), () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      const handle = fs.openSync(temporary, "wx");
      try {
        fs.writeFileSync(handle, content);
        fs.fsyncSync(handle);
      } finally {
        fs.closeSync(handle);
      }
      fs.renameSync(temporary, file);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(path.dirname(file));
  });
}

const HOUR_MS = 3_600_000;

/** Removes what killed processes left in a folder of atomically written files; what is younger may still be written. */
export function removeLeftovers(folder: string, now: Date): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder).filter((one) => one.endsWith(".tmp"))) {
    const file = path.join(folder, name);
    const written = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now.getTime();
    if (now.getTime() - written > HOUR_MS) fs.rmSync(file, { force: true });
  }
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return; // Windows cannot open folders.
  const handle = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
