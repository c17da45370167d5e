/** Writes a layered project, and its truth beside it. */
import { mkdir, open, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
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

/**
 * The truth appears when everything is written, so a folder without it is one whose making was cut short.
 *
 * @throws CorpusError `CORPUS_EXISTS` when the folder has something in it, `CORPUS_FOLDER` when it cannot be written
 */
export async function writeLayered(out: string, options: LayeredOptions, onProgress?: OnProgress): Promise<Written> {
  try {
    const present = await readdir(out).catch((error: unknown) => {
      if (isCode(error, "ENOENT")) return [];
      throw error;
    });
    if (present.length > 0) throw occupied(out);
    await mkdir(path.join(out, PROJECT_FOLDER), { recursive: true });
    return await writeAll(out, options, onProgress);
  } catch (cause) {
    if (isCode(cause, "ENOTDIR") || isCode(cause, "EEXIST")) throw occupied(out);
    if (!WRITE_ERRORS.some((code) => isCode(cause, code))) throw cause;
    throw new CorpusError("CORPUS_FOLDER", `${out} cannot be written`, {
      hint: "Give --out a folder that you may write to, with room for about 15 kB a file.",
      cause,
    });
  }
}

const WRITE_ERRORS = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENAMETOOLONG", "EMFILE"];

function occupied(out: string): CorpusError {
  return new CorpusError("CORPUS_EXISTS", `${out} is not an empty folder`, {
    hint: "Give --out a folder that is new or empty; nothing is overwritten.",
  });
}

async function writeAll(out: string, options: LayeredOptions, onProgress: OnProgress | undefined): Promise<Written> {
  const project = path.join(out, PROJECT_FOLDER);
  const made = new Map<string, Promise<unknown>>();
  const write = async ({ file, text }: { file: string; text: string }): Promise<void> => {
    const folder = path.dirname(path.join(project, file));
    const known = made.get(folder) ?? mkdir(folder, { recursive: true });
    made.set(folder, known);
    await known;
    await writeFile(path.join(project, file), text);
  };
  const unfinished = path.join(out, `${TRUTH_FILE}.part`);
  const truth = await open(unfinished, "wx");
  const say = async (lines: readonly unknown[]): Promise<void> => {
    await truth.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  };
  const written: Written = { files: 0, facts: {} };
  try {
    await say([headerOf(options)]);
    for (const { sources, support, facts } of generateLayered(options)) {
      const all = [...sources, ...support];
      for (let i = 0; i < all.length; i += AT_ONCE) await Promise.all(all.slice(i, i + AT_ONCE).map(write));
      await say(facts);
      written.files += sources.length;
      for (const { fact } of facts) written.facts[fact] = (written.facts[fact] ?? 0) + 1;
      onProgress?.({ phase: `write ${options.language}`, done: written.files, total: options.files });
    }
  } finally {
    await truth.close();
  }
  await rename(unfinished, path.join(out, TRUTH_FILE));
  return written;
}
