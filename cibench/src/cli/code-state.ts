/** Which code runs: an interrupted run of a tool in this process is no use to another version of it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../canonical-json.ts";

/**
 * A hash over names, sizes and times of the sources of this package and of the native engine, as far as they are there.
 *
 * @param program the file that is run: in an installed package all sources are in it
 */
export function codeState(program: string): string {
  const folders = ["../", "../../../engine/native/"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return sha256([stateOf(program), ...folders.flatMap(filesIn)].join("\n"));
}

function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return names.toSorted().map((name) => `${name} ${stateOf(join(folder, name))}`);
}

function stateOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}
