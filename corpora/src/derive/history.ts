/**
 * Truth about changes from the commits of a git repository: its messages, and the functions that people changed. Works on
 * any local repository, whose objects are read by the git program; nothing of it is checked out or run.
 */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { withTemporaryFolder } from "../cache.ts";
import { CorpusError, isCode } from "../errors.ts";
import { contextOf, type FetchOptions } from "../fetch.ts";
import type { Language } from "../manifest.ts";
import { CANARY } from "../truth/canary.ts";
import { Change, type ChangeTruth } from "../truth/change-schema.ts";
import { compareFunctions, type FunctionChange, lastNameOf } from "./changes.ts";
import { readFunctions } from "./functions.ts";
import { grepScore } from "./grep-score.ts";
import { type Commit, type FileChange, Repository } from "./history/repository.ts";
import { keyOfStep, kept } from "./kept.ts";
import { findPython } from "./python/interpreter.ts";
import { counted } from "./release-diff.ts";
import { isLeftOut, saysGenerated } from "./source-files.ts";

/** Grows with every change of what becomes an item, and of what it says. */
export const HISTORY_VERSION = "1";
const SOURCES = [
  "src/derive/{history,changes,changelog,functions,grep-score,source-files}.ts",
  "src/derive/{functions,history}/**",
  "src/derive/compiler/positions.ts",
  "src/derive/python/runtime/drift_{source,fstrings}.py",
];

/** Which commits count. */
export const HISTORY_LIMITS = {
  /** Older than this before the newest commit: the code of today is no longer the code that was changed. */
  mostDays: 5 * 365,
  /** Commits that touch more source files, or change more functions, were made by a tool or are several things at once. */
  mostFiles: 20,
  mostFunctions: 40,
  /** A shorter subject says nothing. */
  leastSubject: 12,
} as const;

export interface HistoryOptions extends FetchOptions {
  fresh?: boolean;
  /** How many commits are looked at, the newest first. */
  most: number;
}

/**
 * Each commit that people made and described, with the functions that it changed: all of them are *must*. Commits are
 * kept in the cache one by one.
 *
 * @param folder any folder of a repository
 * @throws CorpusError `CORPUS_FOLDER` when it is in no repository or git cannot read it, `CORPUS_CLIENT` without git
 */
export async function deriveHistory(folder: string, options: HistoryOptions): Promise<ChangeTruth> {
  const repository = await Repository.open(folder);
  const commits = await repository.commits(options.most);
  const [newest] = commits;
  if (newest === undefined) {
    throw new CorpusError("CORPUS_FOLDER", `the git repository of ${folder} has no commit yet`);
  }
  const changes: Change[] = [];
  const dropped: string[] = [];
  const python = (await findPython(options.env))?.version ?? null;
  const key = await keyOfStep(SOURCES, python);
  for (const [done, commit] of commits.entries()) {
    options.onProgress?.({ phase: "read the commits", done, total: commits.length });
    const why = whyLeftOut(commit, newest);
    const change = why ?? (await deriveCommit(repository, commit, { ...options, key }));
    if (typeof change === "string") dropped.push(change);
    else if (change.items.length === 0) dropped.push(...change.dropped.map(({ reason }) => reason));
    else changes.push(change);
  }
  options.onProgress?.({ phase: "read the commits", done: commits.length, total: commits.length });
  return {
    schemaVersion: 1,
    canary: CANARY,
    kind: "history",
    corpus: path.basename(repository.root),
    language: languageOf(changes),
    inputsSha256: createHash("sha256").update(newest.id).digest("hex"),
    deriver: {
      name: "commits and the functions that differ",
      version: HISTORY_VERSION,
      command: `npm run --silent corpora -- derive --kind history --repo <folder> --most ${options.most} --fresh`,
    },
    changes,
    dropped: counted(dropped),
  };
}

const BOT =
  /\[bot\]|\bbot@|(?:^|[\s-])bot$|^(?:dependabot|renovate|greenkeeper|snyk|github-actions|pre-commit-ci|web-flow)\b/i;
/** Subjects of what tools do, and of what undoes something: the words are about another commit. */
const MECHANICAL =
  /^(?:merge\b|revert\b|fixup!|squash!|amend!|v?\d+(?:\.\d+)+\b|(?:bump|release|version|prepare)\b.*\d+\.\d+)/i;
const DAY_SECONDS = 86_400;

/** Why a commit does not count, by what it says itself; null when it does. */
export function whyLeftOut(commit: Commit, newest: Pick<Commit, "seconds">): string | null {
  if (commit.parents.length > 1) return "merges";
  if (commit.parents.length === 0) return "first commits";
  if (BOT.test(commit.author) || BOT.test(commit.email)) return "commits of bots";
  if (newest.seconds - commit.seconds > HISTORY_LIMITS.mostDays * DAY_SECONDS) return "commits that are too old";
  const [subject = ""] = commit.message.split("\n");
  if (MECHANICAL.test(subject)) return "commits that merge, revert, or set a version";
  return subject.trim().length < HISTORY_LIMITS.leastSubject ? "commits without a description" : null;
}

async function deriveCommit(
  repository: Repository,
  commit: Commit,
  options: HistoryOptions & { key: string },
): Promise<Change | string> {
  const { cacheDir } = contextOf(options);
  const touched = (await repository.changedFiles(commit)).filter(({ file }) => isSource(file) && !isLeftOut(file));
  if (touched.length === 0) return "commits that touch no source file";
  if (touched.length > HISTORY_LIMITS.mostFiles) return "commits that touch too many files";
  const name = `history-${commit.id}-${options.key}`;
  return kept(Change, { cacheDir, name, fresh: options.fresh === true }, async () =>
    withTemporaryFolder(path.join(cacheDir, "work"), "history", async (work) => {
      const [old, now] = [path.join(work, "old"), path.join(work, "now")];
      const left = new Set<string>();
      for (const file of touched) await placeBoth(repository, file, { old, now, left });
      const files = touched.map(({ file }) => file).filter((file) => !left.has(file));
      const env = options.env === undefined ? {} : { env: options.env };
      const before = await readFunctions(old, files, { version: "", ...env });
      const after = await readFunctions(now, files, { version: "", ...env });
      // A file that is new or gone has no functions on one side; one that does not parse says nothing on either.
      const present = (folder: "before" | "after"): Set<string> =>
        new Set(touched.filter((one) => one[folder] !== null).map(({ file }) => file));
      before.unreadable = before.unreadable.filter((file) => present("before").has(file));
      after.unreadable = after.unreadable.filter((file) => present("after").has(file));
      const changed = compareFunctions(before, after);
      return changeOf(commit, changed, {
        unreadable: [...new Set([...before.unreadable, ...after.unreadable])].sort(),
        everything: [...before.functions, ...after.functions],
      });
    }),
  );
}

function changeOf(
  commit: Commit,
  changed: readonly FunctionChange[],
  { unreadable, everything }: { unreadable: string[]; everything: { file: string; name: string }[] },
): Change {
  const ends = { from: commit.parents[0] ?? "", to: commit.id };
  const none = (reason: string): Change => ({
    ...ends,
    functions: [],
    unreadable,
    items: [],
    dropped: counted([reason]),
  });
  if (changed.length === 0) return none("commits that change no function but its layout, comments or place");
  if (changed.length > HISTORY_LIMITS.mostFunctions) return none("commits that change too many functions");
  const named = Map.groupBy(everything, lastNameOf);
  const { message } = commit;
  return {
    ...ends,
    functions: changed.map(({ file, name, before, after }) => ({ file, name, before, after })),
    unreadable,
    items: [
      {
        id: commit.id,
        text: {
          file: null,
          line: 1,
          endLine: message.split("\n").length,
          sha256: createHash("sha256").update(message).digest("hex"),
        },
        must: changed.map((_, index) => index),
        ties: [{ by: "commit", what: "" }],
        grep: grepScore(message, changed, { changed, named, own: new Set() }),
      },
    ],
    dropped: [],
  };
}

/** Writes a file as it was and as it is; what cannot be written, or says that a program wrote it, goes into `left`. */
async function placeBoth(
  repository: Repository,
  { file, before, after }: FileChange,
  { old, now, left }: { old: string; now: string; left: Set<string> },
): Promise<void> {
  for (const [folder, blob] of [
    [old, before],
    [now, after],
  ] as const) {
    if (blob === null) continue;
    const bytes = await repository.blob(blob);
    // One that is too large is not there, and so not readable.
    if (bytes === null) continue;
    if (saysGenerated(bytes.subarray(0, 2_000).toString("utf8"))) left.add(file);
    const place = path.join(folder, file);
    try {
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, bytes);
    } catch (error) {
      // Git's own store takes longer names than this disk.
      if (!isCode(error, "ENAMETOOLONG")) throw error;
      left.add(file);
    }
  }
}

function isSource(file: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py)$/.test(file);
}

/** By the endings of the files that changed; TypeScript and JavaScript together are mixed. */
function languageOf(changes: readonly Change[]): Language {
  const files = changes.flatMap(({ functions }) => functions.map(({ file }) => file));
  const counts = { python: 0, typescript: 0, javascript: 0 };
  for (const file of files) {
    if (file.endsWith(".py")) counts.python += 1;
    else if (/\.[cm]?tsx?$/.test(file)) counts.typescript += 1;
    else counts.javascript += 1;
  }
  if (counts.python > counts.typescript + counts.javascript) return "python";
  if (counts.typescript > 0 && counts.javascript > 0) return "mixed";
  return counts.typescript > 0 ? "typescript" : counts.javascript > 0 ? "javascript" : "other";
}
