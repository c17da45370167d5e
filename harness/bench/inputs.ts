/**
 * What the suites of `bench/suites/` work on: `node harness/bench/inputs.ts <input...>` puts each into `.drift/bench/<input>` of
 * the folder it is called in. `generated-<n>` is a project of n files, the same in every checkout; any other name is a corpus.
 */
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { fetchCorpus, generateProject, writeProject } from "@drift/corpora";

/** Makes an input that is not there yet. @returns its folder */
export async function inputFolder(name: string, checkout: string, cacheDir?: string): Promise<string> {
  const folder = join(checkout, ".drift", "bench", name);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  // Whole or not at all, and two processes that make it at once both succeed.
  const made = `${folder}.${process.pid}`;
  const [, files] = /^generated-(\d+)$/.exec(name) ?? [];
  if (files !== undefined) await writeProject(generateProject({ seed: 1, files: Number(files) }), made);
  else {
    const { root } = await fetchCorpus(name, cacheDir === undefined ? {} : { cacheDir });
    symlinkSync(root, made, "dir");
  }
  try {
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

if (import.meta.main)
  for (const name of process.argv.slice(2))
    process.stdout.write(`${await inputFolder(name, resolve("."), process.env["DRIFT_CACHE_DIR"])}\n`);
