/** Where results lie on disk. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** The folders of results. Only `published` and `raw` are committed; all else is this machine's. */
export interface ResultPaths {
  db: string;
  published: string;
  raw: string;
  local: string;
  localRaw: string;
  /** Entries and events of the performance history, and the samples of the last 90 days. */
  history: string;
}

export function resultPaths(folder: string): ResultPaths {
  return {
    db: path.join(folder, "history.db"),
    published: path.join(folder, "published"),
    raw: path.join(folder, "raw"),
    local: path.join(folder, "local"),
    localRaw: path.join(folder, "local", "raw"),
    history: path.join(folder, "history"),
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Paths below a folder, with "/" separators, in order; none where there is no folder. */
export function jsonFilesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.replaceAll(path.sep, "/"))
    .sort();
}
