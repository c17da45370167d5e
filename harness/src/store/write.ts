/** The only writer of the store: one run is one transaction, so a killed process leaves all of it or nothing. */
import { CATEGORIES, type Report, weighedKind } from "@drift/cibench";
import { insertBench } from "./bench-rows.ts";
import { insertCibench, insertItems } from "./cibench-rows.ts";
import type { Store } from "./open.ts";
import { insert } from "./rows.ts";
import { type CompleteRun, type ResultPaths, readRawLines, readRunFiles, sha256, writeLocalRun } from "./run-file.ts";
import type { RunFile } from "./schema.ts";
import { asStorageError } from "./storage-error.ts";

/**
 * Stores a finished run: its files first, then its rows in one transaction, then the items of the run that it takes the
 * place of are dropped. What a crash leaves between these steps, `openHistory` mends.
 */
export function recordRun(db: Store, paths: ResultPaths, run: CompleteRun, steps: RecordSteps = {}): void {
  writeLocalRun(paths, run);
  steps.filesWritten?.();
  insertRun(db, { ...run, publishedPath: null }, steps);
  syncItems(db, paths);
}

/** Where a test looks in: between files and rows, and between the rows and their commit. */
export interface RecordSteps {
  filesWritten?: () => void;
  rowsInserted?: () => void;
}

/**
 * Reads in every run file that the store does not have yet, and again those that it has from before it had all of its tables.
 *
 * @returns ids of the runs that were read, oldest first
 */
export function importMissing(db: Store, paths: ResultPaths): string[] {
  const incomplete = new Set(db.prepare<[], string>(INCOMPLETE).pluck().all());
  const stored = db
    .prepare<[], { id: string; path: string | null }>("SELECT id, published_path AS path FROM run")
    .all();
  const complete = stored.filter(({ id }) => !incomplete.has(id));
  const known = new Set(complete.map(({ id }) => id));
  const publishedBefore = new Set(complete.map(({ path }) => path));
  const files = readRunFiles(
    paths,
    (run) => !("id" in run ? known.has(run.id) : publishedBefore.has(run.publishedPath)),
  );
  const missing = files.filter(({ file }) => !known.has(file.id));
  for (const { file, text, publishedPath } of missing) {
    // Items are read by `syncItems`, and only those that are kept.
    const rawText = file.suite === "bench" ? readRawLines(paths, file.raw.sha256) : null;
    atomically(db, () => {
      if (incomplete.has(file.id)) db.prepare("DELETE FROM run WHERE id = ?").run(file.id);
      insertRun(db, { file, text, publishedPath, rawText });
    });
  }
  syncItems(db, paths);
  return missing.map(({ file }) => file.id);
}

/** Runs that were stored before `run_task`: their files say more than their rows. One whose file is gone stays as it is. */
const INCOMPLETE = `SELECT id FROM run WHERE EXISTS (SELECT 1 FROM run_corpus WHERE run_id = run.id)
  AND NOT EXISTS (SELECT 1 FROM run_task WHERE run_id = run.id)`;

/** Runs whose items are in the store: the newest of each tool and every published one. */
const WITH_ITEMS = "SELECT id FROM latest_run UNION SELECT id FROM run WHERE published_path IS NOT NULL";

/**
 * Drops the items of runs that others took the place of, which would make the store grow without end, and reads in those
 * that should be there. The same runs always end the same. All items stay in the raw lines.
 *
 * @throws DriftError `RAW_FILE_INVALID`; `DISK_FULL`, `DISK_READ_ONLY`, `STORE_BUSY`
 */
export function syncItems(db: Store, paths: ResultPaths): void {
  atomically(db, () => {
    db.exec(`DELETE FROM item WHERE run_id NOT IN (${WITH_ITEMS})`);
    const missing = db.prepare<[], { id: string; hash: string }>(
      `SELECT id, raw_sha256 AS hash FROM run
       WHERE suite = 'cibench' AND id IN (${WITH_ITEMS}) AND NOT EXISTS (SELECT 1 FROM item WHERE run_id = run.id)`,
    );
    for (const { id, hash } of missing.all()) insertItems(db, id, readRawLines(paths, hash));
  });
}

/** A run as it goes into the tables; `rawText` is null when its raw lines are not on this machine. */
export interface RunRows {
  file: RunFile;
  text: string;
  rawText: string | null;
  publishedPath: string | null;
}

/** Inserts all rows of one run in one transaction. @throws DriftError `DISK_FULL`, `DISK_READ_ONLY`, `STORE_BUSY` */
export function insertRun(db: Store, run: RunRows, steps: RecordSteps = {}): void {
  atomically(db, () => {
    insertEnvironment(db, run.file);
    insertHead(db, run);
    if (run.file.suite === "cibench") {
      insertCibench(db, run.file.id, run.file.report);
      insertItems(db, run.file.id, run.rawText);
    } else insertBench(db, run.file.id, run.file.report, run.rawText);
    steps.rowsInserted?.();
  });
}

/** All of the work or nothing. @throws DriftError as the storage names its failures */
function atomically(db: Store, work: () => void): void {
  try {
    db.transaction(work).immediate();
  } catch (error) {
    throw asStorageError("the store", error);
  }
}

function insertEnvironment(db: Store, { environment }: RunFile): void {
  insert(
    db,
    "environment",
    {
      id: environment.id,
      cpu_model: environment.cpuModel,
      cores: environment.cores,
      memory_bytes: environment.memoryBytes,
      architecture: environment.architecture,
      os: environment.os,
      kernel: environment.kernel,
      node_version: environment.nodeVersion,
      rustc_version: environment.rustcVersion,
      governor: environment.governor,
    },
    "OR IGNORE",
  );
}

function insertHead(db: Store, { file, text, publishedPath }: RunRows): void {
  const { report, commit } = file;
  insert(db, "run", {
    id: file.id,
    suite: file.suite,
    suite_version: report.suite.version,
    suite_hash: report.suite.hash,
    subject_name: report.subject.name,
    subject_version: report.subject.version,
    subject_role: report.subject.role,
    environment_id: file.environment.id,
    commit_hash: commit.hash,
    commit_dirty: commit.dirty === null ? null : Number(commit.dirty),
    committed_at: commit.committedAt,
    engine_version: file.engineVersion,
    load_average: file.loadAverage,
    seed: report.seed,
    started_at: report.startedAt,
    ended_at: report.endedAt,
    answers_id: report.runId,
    input_sha256: file.inputSha256,
    report_sha256: sha256(text),
    raw_sha256: file.raw.sha256,
    measured_weight: file.suite === "cibench" ? file.report.measuredWeight : 0,
    points: file.suite === "cibench" ? pointsOf(file.report) : null,
    reproduce: report.reproduce,
    published_path: publishedPath,
    languages: file.suite === "cibench" ? listed(file.report.subject.languages) : null,
    intervals: file.suite === "cibench" ? file.report.intervals : null,
    badge: (file.suite === "cibench" ? file.report.badge : undefined) ?? "re-run by us",
  });
}

function listed(values: readonly string[] | undefined): string | null {
  return values === undefined ? null : JSON.stringify(values);
}

/**
 * Σ weight · max(0, score) over the categories that count as measured: what is shown. Null when there is none. Scores
 * themselves are stored signed, and comparisons use those.
 */
function pointsOf(report: Report): number | null {
  const notCounted = new Set(report.notMeasured.map(({ category }) => category));
  const values = report.scores.flatMap((score) =>
    score.state === "scored" &&
    score.kind === weighedKind(score.category) &&
    score.score.value !== null &&
    !notCounted.has(score.category)
      ? [CATEGORIES[score.category].weight * Math.max(0, score.score.value)]
      : [],
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
