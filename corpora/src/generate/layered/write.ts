/** Writes a layered project, and its truth beside it. */
import { createWriteStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { once } from "node:events";
import { CorpusError, isCode } from "../../errors.ts";
import type { OnProgress } from "../../progress.ts";
import { generateLayered, headerOf, type LayeredOptions } from "./project.ts";

/** What a tool is given, below the folder asked for. */
export const PROJECT_FOLDER = "project";
/** The truth: JSON lines, see `truth.ts`. */
export const TRUTH_FILE = "truth.jsonl";

export interface Written {
  files: number;
  /** Facts by kind. */
  facts: Record<string, number>;
}

/** Files that are written at the same time. */
const AT_ONCE = 32;

/** @throws CorpusError `CORPUS_EXISTS` when the folder has something in it */
export async function writeLayered(out: string, options: LayeredOptions, onProgress?: OnProgress): Promise<Written> {
  const present = await readdir(out).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return [];
    if (isCode(error, "ENOTDIR")) return ["."];
    throw error;
  });
  if (present.length > 0) {
    throw new CorpusError("CORPUS_EXISTS", `${out} is not an empty folder`, {
      hint: "Give --out a folder that is new or empty; nothing is overwritten.",
    });
  }
  const project = path.join(out, PROJECT_FOLDER);
  await mkdir(project, { recursive: true });
  const truth = createWriteStream(path.join(out, TRUTH_FILE));
  const say = async (lines: readonly unknown[]): Promise<void> => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (!truth.write(text)) await once(truth, "drain");
  };
  const made = new Map<string, Promise<unknown>>();
  const write = async ({ file, text }: { file: string; text: string }): Promise<void> => {
    const folder = path.dirname(path.join(project, file));
    const known = made.get(folder) ?? mkdir(folder, { recursive: true });
    made.set(folder, known);
    await known;
    await writeFile(path.join(project, file), text);
  };
  const written: Written = { files: 0, facts: {} };
  await say([headerOf(options)]);
  for (const { sources, support, facts } of generateLayered(options)) {
    const all = [...sources, ...support];
    for (let i = 0; i < all.length; i += AT_ONCE) await Promise.all(all.slice(i, i + AT_ONCE).map(write));
    await say(facts);
    written.files += sources.length;
    for (const { fact } of facts) written.facts[fact] = (written.facts[fact] ?? 0) + 1;
    onProgress?.({ phase: `write ${options.language}`, done: written.files, total: options.files });
  }
  truth.end();
  await once(truth, "finish");
  return written;
}
