/** Which code runs: an interrupted run of a tool in this process is no use to another version of it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../canonical-json.ts";

/** A hash over names, sizes and times of the sources of this package, and of the native engine, as far as they are there. */
export function codeState(): string {
  const folders = ["../", "../../../engine/native/"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return sha256(folders.flatMap(filesIn).join("\n"));
}

function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return names.toSorted().map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}
