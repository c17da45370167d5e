/** Publishing a run, and making the store again from what is on disk. */
import * as fs from "node:fs";
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import { removeLeftovers, writeFileAtomically } from "./atomic-file.ts";
import { bringHistoryIn } from "./findings.ts";
import { type Opened, openStore, type Store } from "./open.ts";
import { rankSuite } from "./rank.ts";
import { type FoundRun, type ResultPaths, rawPath, readRawLines, readRunFiles } from "./run-file.ts";
import { RAW_FILE_LIMIT_BYTES } from "./schema.ts";
import { asStorageError, withStorageErrors } from "./storage-error.ts";
import { importMissing, syncItems } from "./write.ts";

/** What was published. Paths are relative to the results folder. */
export interface Published {
  file: string;
  /** Null when the compressed lines exceed 3 MB: then they are offered elsewhere, not committed. */
  raw: string | null;
  /** Raw files of older runs of the same series that were taken out. */
  removed: string[];
}

/**
 * Copies a local run to `published/<suite>/<date>-<commit>-<tool>.json` (for benches the first digits of the suite's
 * hash stand behind the tool) and its raw lines to `raw/`. A published file never changes: publishing the same run
 * twice does nothing, another run of the same name is refused.
 *
 * @throws DriftError `RUN_UNKNOWN`, `RUN_NOT_REPRODUCIBLE` (changed sources, or no commit), `RUN_ON_FIT`,
 *   `PUBLISHED_IMMUTABLE`
 */
export function publishRun(db: Store, paths: ResultPaths, runId: string): Published {
  const run = readRunFiles(paths).find(({ file }) => file.id === runId);
  if (run === undefined) {
    throw new DriftError("RUN_UNKNOWN", `there is no run "${runId}"`, { hint: 'See "npm run results -- list".' });
  }
  const name = publishedName(run);
  const target = path.join(paths.published, name);
  if (!fs.existsSync(target)) writeFileAtomically(target, run.text);
  else if (fs.readFileSync(target, "utf8") !== run.text) {
    throw new DriftError("PUBLISHED_IMMUTABLE", `published/${name} exists and holds another run`, {
      hint: "A published run is never replaced; commit a change first, then measure and publish that commit.",
    });
  }
  const raw = publishRaw(paths, run);
  try {
    db.prepare("UPDATE run SET published_path = ? WHERE id = ?").run(name, runId);
  } catch (error) {
    throw asStorageError("the store", error);
  }
  syncItems(db, paths);
  return { file: `published/${name}`, raw, removed: removeSupersededRaw(paths, run) };
}

/** What a store that was made again holds. */
export interface Rebuilt {
  runs: number;
  /** Entries and events of the performance history. */
  history: number;
}

/**
 * Makes the store again from published and local files, those of the performance history included. The old one is replaced
 * only when the new one is complete.
 */
export async function rebuildStore(paths: ResultPaths, options: { now: Date }): Promise<Rebuilt> {
  const temporary = `${paths.db}.rebuild`;
  removeDatabase(temporary);
  const { db } = openStore(temporary, options);
  let rebuilt: Rebuilt;
  try {
    const runs = importAndRank(db, paths).length;
    rebuilt = { runs, history: (await bringHistoryIn(db, paths)).added };
    db.pragma("journal_mode = DELETE"); // Folds the log in, so that the file is complete by itself.
  } catch (error) {
    db.close();
    removeDatabase(temporary);
    throw error;
  }
  db.close();
  withStorageErrors("the store", () => {
    // The old log must go before the new file comes: SQLite would apply it to whatever has the name.
    removeDatabase(paths.db);
    fs.renameSync(temporary, paths.db);
  });
  return rebuilt;
}

/** Opens the store and reads in what files have and it lacks: after a crash, a checkout or a rebuild. */
export function openHistory(paths: ResultPaths, options: { now: Date }): Opened & { imported: string[] } {
  const opened = openStore(paths.db, options);
  try {
    for (const folder of [paths.local, paths.localRaw]) removeLeftovers(folder, options.now);
    return { ...opened, imported: importAndRank(opened.db, paths) };
  } catch (error) {
    opened.db.close();
    throw error;
  }
}

function importAndRank(db: Store, paths: ResultPaths): string[] {
  const imported = importMissing(db, paths);
  const suites = db
    .prepare<[string], string>(
      "SELECT DISTINCT suite_hash FROM json_each(?) AS new JOIN run ON run.id = new.value WHERE suite = 'cibench'",
    )
    .pluck()
    .all(JSON.stringify(imported));
  for (const suiteHash of suites) rankSuite(db, paths, suiteHash);
  return imported;
}

function publishedName({ file }: FoundRun): string {
  const { commit, report } = file;
  if (commit.hash === null || commit.dirty !== false) {
    throw new DriftError("RUN_NOT_REPRODUCIBLE", `run ${file.id} was made from sources that no commit holds`, {
      hint: "Commit the changes, run again, and publish that run.",
    });
  }
  if (file.suite === "cibench" && file.report.corpora.some(({ split }) => split === "fit")) {
    throw new DriftError("RUN_ON_FIT", `run ${file.id} was scored on corpora that may be tuned on`, {
      hint: "Publish a run on corpora of split `report` only.",
    });
  }
  // One commit may be measured by several bench suites; a new version of the benchmark needs a commit of its own.
  const series =
    file.suite === "bench" ? `${report.subject.name}-${report.suite.hash.slice(0, 8)}` : report.subject.name;
  return `${file.suite}/${report.startedAt.slice(0, 10)}-${commit.hash.slice(0, 12)}-${series}.json`;
}

function publishRaw(paths: ResultPaths, { file }: FoundRun): string | null {
  const target = rawPath(paths.raw, file.raw.sha256);
  const relative = `raw/${path.basename(target)}`;
  if (fs.existsSync(target)) return relative;
  if (readRawLines(paths, file.raw.sha256) === null) return null;
  const content = fs.readFileSync(rawPath(paths.localRaw, file.raw.sha256));
  if (content.byteLength > RAW_FILE_LIMIT_BYTES) return null;
  writeFileAtomically(target, content);
  return relative;
}

/** Only the newest published run of each series keeps its raw lines in the repository. */
function removeSupersededRaw(paths: ResultPaths, newest: FoundRun): string[] {
  const published = readRunFiles(paths).filter(({ publishedPath }) => publishedPath !== null);
  const kept = new Map(published.map(({ file }) => [seriesOf(file), file.raw.sha256]));
  const keep = new Set(kept.values());
  const same = published.filter(({ file }) => seriesOf(file) === seriesOf(newest.file));
  const superseded = new Set(same.map(({ file }) => file.raw.sha256).filter((hash) => !keep.has(hash)));
  return [...superseded].flatMap((hash) => {
    const file = rawPath(paths.raw, hash);
    if (!fs.existsSync(file)) return [];
    fs.rmSync(file);
    return [`raw/${path.basename(file)}`];
  });
}

/** Runs that succeed each other: those of one tool on the benchmark, whatever its version, or on one suite of benches. */
function seriesOf({ suite, report }: FoundRun["file"]): string {
  return [suite, report.subject.name, ...(suite === "bench" ? [report.suite.hash] : [])].join(" ");
}

function removeDatabase(file: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) fs.rmSync(file + suffix, { force: true });
}
