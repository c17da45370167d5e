/** Failures of the disk, said in one sentence with the next step. */
import { DriftError } from "@drift/engine";

const CODES: Record<string, { code: string; what: string; hint: string }> = {
  full: { code: "DISK_FULL", what: "the disk is full", hint: "Free some space and run the command again." },
  readOnly: {
    code: "DISK_READ_ONLY",
    what: "the disk cannot be written to",
    hint: "Make the folder writable, or run in a checkout that is.",
  },
  busy: {
    code: "STORE_BUSY",
    what: "another process is writing the store",
    hint: "Wait until it has finished and run the command again.",
  },
};

const BY_SYSTEM_CODE: Record<string, keyof typeof CODES> = {
  ENOSPC: "full",
  EDQUOT: "full",
  SQLITE_FULL: "full",
  EROFS: "readOnly",
  EACCES: "readOnly",
  EPERM: "readOnly",
  SQLITE_READONLY: "readOnly",
  SQLITE_READONLY_DIRECTORY: "readOnly",
  SQLITE_CANTOPEN: "readOnly",
  SQLITE_BUSY: "busy",
};

/**
 * Runs a step that writes to disk; a disk that is full or read-only becomes a `DriftError` (`DISK_FULL`,
 * `DISK_READ_ONLY`, `STORE_BUSY`) that names `what` was being written. Other errors pass unchanged.
 */
export function withStorageErrors<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw asStorageError(what, error);
  }
}

/** The typed form of a storage failure, or the error itself when it is of another kind. */
export function asStorageError(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const known = CODES[BY_SYSTEM_CODE[error.code] ?? ""];
  if (known === undefined) return error;
  return new DriftError(known.code, `cannot write ${what}: ${known.what}`, { hint: known.hint, cause: error });
}
