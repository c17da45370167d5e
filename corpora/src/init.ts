/** A folder of one's own as a corpus: finds out what can be found, writes a manifest, derives what can be derived. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { withTemporaryFolder, writeWhole } from "./cache.ts";
import { nameOf } from "./coordinate.ts";
import { deriveCompletely, type Derived, type DeriveOptions } from "./derive/call-graph.ts";
import { CorpusError } from "./errors.ts";
import { contextOf, type FetchedCorpus, type FetchOptions, fetchSpec } from "./fetch.ts";
import { copyOwnFiles, findInstalledPackages, type LeftOut } from "./fetch/folder.ts";
import { CorpusSpec, Language, readManifest } from "./manifest.ts";
import { counted } from "./survey/count.ts";
import { countLines, sizeClassOf } from "./survey/languages.ts";
import { type History, surveyHistory } from "./survey/history.ts";
import { manifestText } from "./survey/manifest-text.ts";
import { survey, type Survey } from "./survey/survey.ts";
import { statsOf } from "./truth/stats.ts";
import { listFiles, selectFiles, treeSha256 } from "./tree.ts";

const count = z.int().nonnegative();

/** What `cibench corpus init` found, wrote and derived. */
export const InitReport = z.strictObject({
  schemaVersion: z.literal(1),
  /** The folder, absolute. */
  folder: z.string(),
  /** The manifest that was written; null when there is nothing to measure. */
  manifest: z.string().nullable(),
  id: z.string(),
  language: Language.nullable(),
  lines: z.array(z.strictObject({ language: Language, files: count, lines: count })),
  /** How the tests are run; null when they cannot be. */
  runner: z.string().nullable(),
  licence: z.string().nullable(),
  history: z
    .strictObject({
      commit: z.string(),
      commits: count,
      from: z.string(),
      to: z.string(),
      shallow: z.boolean(),
      changed: z.boolean(),
    })
    .nullable(),
  /** Files under measure. */
  files: count,
  /** The truth about calls, in numbers; null when none was derived. */
  truth: z.strictObject({ sites: count, must: count, closed: count, traced: count, unknown: count }).nullable(),
  /** What was found, in whole sentences. */
  found: z.array(z.string()),
  /** What could not be done, and why, in whole sentences. */
  couldNot: z.array(z.string()),
  /** What to do next, in whole sentences. */
  next: z.array(z.string()),
});
export type InitReport = z.infer<typeof InitReport>;

/** Where the manifest of a folder of one's own lies below it; nothing else of it is written. */
const MANIFEST = path.join(".cibench", "corpus.json");

/**
 * Writes `.cibench/corpus.json` in a folder and derives the truth about its calls. A manifest that is there already keeps
 * what people wrote into it; only its pins are set to the files as they are now.
 *
 * @throws CorpusError `CORPUS_FOLDER` when it is no folder, `CORPUS_MANIFEST` when its manifest is broken, `CORPUS_CACHE`
 */
export async function initOwnCorpus(
  folder: string,
  options: FetchOptions & Pick<DeriveOptions, "fresh"> = {},
): Promise<InitReport> {
  const root = path.resolve(folder);
  await assertFolder(root);
  const manifest = path.join(root, MANIFEST);
  const told = await surveyHistory(root);
  const history = typeof told === "string" ? null : told;
  const about = { id: `own-${nameOf({ type: "folder", path: root }).id}`, version: versionOf(history) };
  const surveyed = await surveyOwn(root, about, options);
  const written = (await isThere(manifest)) ? await repinned(manifest, surveyed, options, root) : surveyed.spec;
  const hasCode = surveyed.language !== null;
  const report: InitReport = {
    schemaVersion: 1,
    folder: root,
    manifest: hasCode ? manifest : null,
    id: written.id,
    language: surveyed.language,
    lines: surveyed.lines,
    runner: written.tests?.runner ?? null,
    licence: written.licence === "NOASSERTION" ? null : written.licence,
    history,
    files: surveyed.measured.length,
    truth: null,
    found: [...surveyed.found, ...historySentences(history)],
    couldNot: [...surveyed.couldNot],
    next: [...surveyed.next],
  };
  if (typeof told === "string")
    report.couldNot.push(`There is no git history, as ${told}; nothing can be learnt from what people changed.`);
  if (!hasCode) {
    report.next.push("Run this again where code in TypeScript, JavaScript or Python is.");
    return report;
  }
  await writeWhole(manifest, manifestText(CorpusSpec.parse(written))).catch((cause: unknown) => {
    throw new CorpusError("CORPUS_FOLDER", `${manifest} cannot be written`, {
      hint: "The manifest lies beside the code. Make the folder writable, or give a copy of it that is.",
      cause,
    });
  });
  await deriveInto(report, manifest, options);
  return report;
}

/**
 * A folder with `.cibench/corpus.json`, or that manifest itself, as a corpus: its files as they were when it was written.
 *
 * @throws CorpusError `CORPUS_MANIFEST` when there is none or it is broken, `CORPUS_INTEGRITY` when files changed since
 */
export async function loadOwnCorpus(folderOrManifest: string, options: FetchOptions = {}): Promise<FetchedCorpus> {
  const place = path.resolve(folderOrManifest);
  const isFolder = (await stat(place).catch(() => null))?.isDirectory() === true;
  const manifest = isFolder ? path.join(place, MANIFEST) : place;
  if (!(await isThere(manifest))) {
    throw new CorpusError("CORPUS_MANIFEST", `${manifest} is not there`, {
      hint: `Run "npm run cibench -- corpus init ${folderOrManifest}" first.`,
    });
  }
  return fetchSpec(readManifest(manifest, manifest), path.dirname(manifest), options);
}

interface OwnSurvey extends Omit<Survey, "decisions"> {
  /** Null when there is nothing to measure. */
  language: Language | null;
}

/** Looks at a copy of what belongs to the folder, as a run will see it. */
async function surveyOwn(
  root: string,
  about: { id: string; version: string },
  options: FetchOptions,
): Promise<OwnSurvey> {
  const { cacheDir } = contextOf(options);
  return withTemporaryFolder(path.join(cacheDir, "work"), about.id, async (copy) => {
    const left = await copyOwnFiles(root, copy);
    const sha256 = await treeSha256(copy, await listFiles(copy));
    const source = { type: "folder" as const, path: "..", sha256 };
    const { decisions: _decisions, ...surveyed } = await survey(
      copy,
      { ...about, family: about.id, source },
      await findInstalledPackages(root),
    );
    surveyed.couldNot.push(...leftOutSentences(left));
    return { ...surveyed, language: surveyed.measured.length === 0 ? null : surveyed.spec.language };
  });
}

const SHOWN_FILES = 5;

function leftOutSentences({ unreadable, unnameable }: LeftOut): string[] {
  const sentence = (files: readonly string[], what: string): string[] => {
    if (files.length === 0) return [];
    // Some names are such that a terminal would obey them.
    const names = files.slice(0, SHOWN_FILES).map((file) => JSON.stringify(file));
    const more = files.length > names.length ? ` and ${files.length - names.length} more` : "";
    return [`${what}: ${names.join(", ")}${more}.`];
  };
  return [
    ...sentence(unreadable, "Left out, as nobody gave the right to read it"),
    ...sentence(unnameable, "Left out, as the name of the file is not UTF-8"),
  ];
}

/** The manifest that people may have edited, pinned to the files as they are. */
async function repinned(
  manifest: string,
  surveyed: OwnSurvey,
  options: FetchOptions,
  root: string,
): Promise<CorpusSpec> {
  const kept = readManifest(manifest, manifest);
  const { spec } = surveyed;
  const { cacheDir } = contextOf(options);
  return withTemporaryFolder(path.join(cacheDir, "work"), kept.id, async (copy) => {
    await copyOwnFiles(root, copy);
    const measured = selectFiles(await listFiles(copy), kept.measure);
    surveyed.measured = measured;
    surveyed.found.push(
      "The manifest was there already; what it says was kept and pinned to the files as they are now.",
    );
    surveyed.next.push("Delete .cibench/corpus.json to have everything guessed anew.");
    return {
      ...kept,
      version: spec.version,
      source: spec.source,
      sizeClass: sizeClassOf(await countLines(copy, measured)),
    };
  });
}

async function deriveInto(
  report: InitReport,
  manifest: string,
  options: FetchOptions & Pick<DeriveOptions, "fresh">,
): Promise<void> {
  try {
    const fetched = await loadOwnCorpus(manifest, options);
    const { truth, tests } = await deriveCompletely(fetched, options);
    const { all, oracles } = statsOf(truth);
    const { sites, must, closed, traced, unknown } = all;
    report.truth = { sites, must, closed, traced, unknown };
    report.found.push(
      `Of ${counted(sites, "call")}, a target is certain for ${must}, all others are excluded for ${closed}, and tests witnessed ${traced}.`,
    );
    report.couldNot.push(...failureSentences(tests));
    // Why there is nothing to run was said when the tests were looked for.
    for (const { name, notRun } of oracles)
      if (notRun !== null && report.runner !== null) report.couldNot.push(`The oracle "${name}" says: ${notRun}.`);
    if (unknown > 0)
      report.couldNot.push(`Of ${counted(unknown, "call")} nothing certain is known; no tool is judged by them.`);
    if (sites === 0) report.couldNot.push("There is no call in the files under measure.");
    else report.next.unshift(`Measure a tool: npm run cibench -- run --tool drift --corpus ${quoted(report.folder)}`);
    report.next.push(
      `Look through ${manifest}: measure names the files whose calls are asked about, tests how tests are run.`,
    );
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    report.couldNot.push(`No truth about calls was derived: ${error.message}.`);
    if (error.hint !== undefined) report.next.push(error.hint);
  }
}

/** Tests that fail before anything is traced: what they would have entered later is not witnessed. */
function failureSentences(tests: Derived["tests"]): string[] {
  if (tests === null || tests.failed === 0) return [];
  const { passed, failed, failures } = tests;
  const names = failures.map((name) => `"${name}"`).join(", ");
  const more = failed > failures.length ? ` and ${failed - failures.length} more` : "";
  return [
    `Of ${counted(passed + failed, "test")}, ${failed} failed where they ran: in a copy without a network, outside of which nothing can be written (${names}${more}).`,
  ];
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./@%+=:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function historySentences(history: History | null): string[] {
  if (history === null) return [];
  const { commits, from, to, shallow, changed } = history;
  const told = [
    `The git history has ${counted(commits, "commit")} from ${from} to ${to}${shallow ? ", of which older ones are elsewhere" : ""}.`,
  ];
  if (changed) told.push("Some files differ from the last commit; they are measured as they are.");
  return told;
}

function versionOf(history: History | null): string {
  if (history === null) return "1";
  return `${history.commit.slice(0, 12)}${history.changed ? "+changes" : ""}`;
}

async function assertFolder(folder: string): Promise<void> {
  await readdir(folder).catch((cause: unknown) => {
    throw new CorpusError("CORPUS_FOLDER", `${folder} is not a folder that can be read`, {
      hint: "Give the folder of a repository.",
      cause,
    });
  });
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}
