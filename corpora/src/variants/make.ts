/** Makes variants of a corpus: other names or other comments, everything else the same. */
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createFolder, defaultCacheDir, readJson } from "../cache.ts";
import { CorpusError } from "../errors.ts";
import type { FetchedCorpus } from "../fetch.ts";
import { diceOf } from "../generate/dice.ts";
import { CANARY } from "../truth/canary.ts";
import { listFiles, selectFiles, treeSha256 } from "../tree.ts";
import { chooseNames, type ChosenNames, LEFT_REASONS } from "./choose-names.ts";
import { type CommentEdits, type Edit, withLies, withoutComments } from "./comments.ts";
import { type ProjectNames, wordsOf } from "./names.ts";
import { readPython } from "./read-python.ts";
import { readScripts } from "./read-script.ts";
import { type VariantKind, VariantTable } from "./schema.ts";

/** Raise it when the same corpus and seed would give other bytes. */
export const VARIANTS_VERSION = "1";
/** The variant, below the folder asked for. */
export const VARIANT_FOLDER = "project";
/** The record of how it differs, beside it. */
export const VARIANT_FILE = "variant.json";

const SCRIPT = /(?<!\.d)\.[cm]?[jt]sx?$/;
const PYTHON = /\.pyi?$/;
/** Files in which programs look up names. */
const SETTINGS = /\.(?:json|toml|ya?ml|cfg|ini|def)$/;
/** Larger ones are data. */
const MOST_SETTINGS = 200_000;

/** How a variant is drawn. */
export interface VariantOptions {
  kind: VariantKind;
  seed: number;
  env?: Record<string, string | undefined>;
}

/** A variant in memory. */
export interface MadeVariant {
  table: VariantTable;
  /** The new texts of the files that differ. */
  texts: Map<string, string>;
}

/**
 * The same corpus, kind and seed give the same texts.
 *
 * @throws CorpusError `CORPUS_CLIENT` when it has Python files and there is no Python of at least 3.11; `CORPUS_TRUTH` when it has no file whose names are read
 */
export async function makeVariant(
  { spec, root }: Pick<FetchedCorpus, "spec" | "root">,
  { kind, seed, env }: VariantOptions,
): Promise<MadeVariant> {
  const files = await listFiles(root);
  const projects = await readProjects(root, files, env);
  const elsewhere = await wordsElsewhere(root, files, projects);
  const own = new Set([...selectFiles(files, spec.measure), ...selectFiles(files, spec.context)]);
  const dice = diceOf(createHash("sha256").update(`${seed} ${spec.id} ${kind}`).digest().readInt32LE(0));
  const made: MadeVariant = {
    table: {
      schemaVersion: 1,
      canary: CANARY,
      corpus: spec.id,
      corpusVersion: spec.version,
      kind,
      seed,
      shared: [],
      bindings: [],
      renamed: 0,
      names: projects.reduce((sum, project) => sum + project.files.reduce((own, { uses }) => own + uses.length, 0), 0),
      left: Object.fromEntries(Object.values(LEFT_REASONS).map((reason) => [reason, 0])),
      comments: { changed: 0, added: 0, kept: 0 },
      changed: [],
      leftOut: leftOut(projects),
    },
    texts: new Map(),
  };
  for (const project of projects) {
    if (kind === "renamed" || kind === "misleading")
      rename(made, project, chooseNames(project, { isMisleading: kind === "misleading", elsewhere, own, dice }));
    else comment(made, project, kind === "uncommented" ? withoutComments(project) : withLies(project, dice));
  }
  made.table.shared.sort((a, b) => (a.from < b.from ? -1 : 1));
  made.table.changed = [...made.texts.keys()].sort();
  return made;
}

/**
 * The variant of a corpus as a corpus: same id, files and places, other text. It is made in the cache, or was before.
 *
 * @param options `cacheDir`: as for fetching
 * @throws CorpusError as {@link makeVariant}; `CORPUS_CACHE`
 */
export async function variantCorpus(
  fetched: FetchedCorpus,
  options: VariantOptions & { cacheDir?: string },
): Promise<{ fetched: FetchedCorpus; table: VariantTable }> {
  const { kind, seed, env = process.env } = options;
  const inputs = await treeSha256(fetched.root, await listFiles(fetched.root));
  const name = `${fetched.spec.id}-${kind}-${seed}-${VARIANTS_VERSION}-${inputs.slice(0, 12)}`;
  const folder = path.join(options.cacheDir ?? defaultCacheDir(env), "variants", name);
  const known = VariantTable.safeParse(await readJson(path.join(folder, VARIANT_FILE)));
  if (!known.success)
    await createFolder(folder, async (temporary) => void (await writeVariant(fetched, options, temporary)));
  const table = known.success ? known.data : VariantTable.parse(await readJson(path.join(folder, VARIANT_FILE)));
  return { fetched: { ...fetched, root: path.join(folder, VARIANT_FOLDER) }, table };
}

/** Writes a variant and its table into a folder that is there and empty. */
export async function writeVariant(
  fetched: Pick<FetchedCorpus, "spec" | "root">,
  options: VariantOptions,
  folder: string,
): Promise<VariantTable> {
  const { table, texts } = await makeVariant(fetched, options);
  const project = path.join(folder, VARIANT_FOLDER);
  await mkdir(project, { recursive: true });
  await cp(fetched.root, project, { recursive: true, verbatimSymlinks: true });
  for (const [file, text] of texts) await writeFile(path.join(project, file), text);
  await writeFile(path.join(folder, VARIANT_FILE), `${JSON.stringify(table, null, 2)}\n`);
  return table;
}

/** The sources among `files`, by language; a language without any is left out. */
export async function readProjects(
  root: string,
  files: readonly string[],
  env?: Record<string, string | undefined>,
): Promise<ProjectNames[]> {
  const [scripts, python] = [SCRIPT, PYTHON].map((pattern) => files.filter((file) => pattern.test(file)));
  const projects: ProjectNames[] = [];
  if (scripts !== undefined && scripts.length > 0) projects.push(await readScripts(root, scripts));
  if (python !== undefined && python.length > 0) projects.push(await readPython(root, python, env));
  if (projects.length === 0) {
    throw new CorpusError("CORPUS_TRUTH", `${root} has no file whose names are read`, {
      hint: "Variants are made of JavaScript, TypeScript and Python.",
    });
  }
  return projects;
}

/** Words of settings, declarations and sources that are not understood: what is called so there is called so here. */
async function wordsElsewhere(
  root: string,
  files: readonly string[],
  projects: readonly ProjectNames[],
): Promise<Set<string>> {
  const unread = new Set(projects.flatMap(({ unreadable }) => unreadable.map(({ file }) => file)));
  const words = new Set<string>();
  for (const file of files) {
    if (!unread.has(file) && !SETTINGS.test(file) && !/\.d\.[cm]?ts$/.test(file)) continue;
    const text = await readFile(path.join(root, file), "utf8");
    if (text.length <= MOST_SETTINGS) for (const word of wordsOf(text)) words.add(word);
  }
  return words;
}

function leftOut(projects: readonly ProjectNames[]): VariantTable["leftOut"] {
  return projects
    .flatMap(({ files, unreadable }) => [
      ...unreadable,
      ...files.flatMap(({ file, reflects }) =>
        reflects === null ? [] : [{ file, reason: `it asks for names while it runs: ${reflects}` }],
      ),
    ])
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

function rename({ table, texts }: MadeVariant, project: ProjectNames, chosen: ChosenNames): void {
  for (const [from, to] of chosen.shared) table.shared.push({ from, to });
  for (const [reason, text] of Object.entries(LEFT_REASONS))
    table.left[text] = (table.left[text] ?? 0) + chosen.left[reason as keyof typeof LEFT_REASONS];
  for (const { file, text, uses } of project.files) {
    const own = chosen.bindings.get(file);
    const told = new Set<number>();
    const edits = uses.flatMap(({ start, end, name, of }): Edit[] => {
      const to = of === "free" ? undefined : of === "shared" ? chosen.shared.get(name) : own?.get(of);
      if (to === undefined) return [];
      if (typeof of === "number" && !told.has(of)) {
        told.add(of);
        table.bindings.push({ file, ...placeOf(text, start), from: name, to });
      }
      return [{ start, end, text: to }];
    });
    table.renamed += edits.length;
    if (edits.length > 0) texts.set(file, edited(text, edits));
  }
}

function comment({ table, texts }: MadeVariant, { files }: ProjectNames, { edits, counts }: CommentEdits): void {
  for (const key of ["changed", "added", "kept"] as const) table.comments[key] += counts[key];
  for (const { file, text } of files) {
    const now = edited(text, edits.get(file) ?? []);
    if (now !== text) texts.set(file, now);
  }
}

function edited(text: string, edits: readonly Edit[]): string {
  let at = 0;
  const parts = edits
    .toSorted((a, b) => a.start - b.start)
    .map((edit) => {
      const before = text.slice(at, edit.start);
      at = edit.end;
      return before + edit.text;
    });
  return parts.join("") + text.slice(at);
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
