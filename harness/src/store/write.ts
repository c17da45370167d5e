/** The only writer of the store: one run is one transaction, so a killed process leaves all of it or nothing. */
import {
  type CategoryScore,
  CATEGORIES,
  type Category,
  type CorpusScore,
  type Estimate,
  ItemRecord,
  type Report,
} from "@drift/cibench";
import { type BenchReport, Measurement, type RunFile } from "./schema.ts";
import type { Store } from "./open.ts";
import { type CompleteRun, type ResultPaths, readRawLines, readRunFiles, sha256, writeLocalRun } from "./run-file.ts";
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

/** Reads in every run file that the store does not have yet. @returns ids of the runs that were added, oldest first */
export function importMissing(db: Store, paths: ResultPaths): string[] {
  const known = new Set(db.prepare<[], string>("SELECT id FROM run").pluck().all());
  const publishedBefore = new Set(db.prepare<[], string | null>("SELECT published_path FROM run").pluck().all());
  const files = readRunFiles(
    paths,
    (run) => !("id" in run ? known.has(run.id) : publishedBefore.has(run.publishedPath)),
  );
  const missing = files.filter(({ file }) => !known.has(file.id));
  for (const { file, text, publishedPath } of missing) {
    // Items are read by `syncItems`, and only those that are kept.
    const rawText = file.suite === "bench" ? readRawLines(paths, file.raw.sha256) : null;
    insertRun(db, { file, text, publishedPath, rawText });
  }
  syncItems(db, paths);
  return missing.map(({ file }) => file.id);
}

/** Runs whose items are in the store: the newest of each tool and every published one. */
const WITH_ITEMS = "SELECT id FROM latest_run UNION SELECT id FROM run WHERE published_path IS NOT NULL";

/**
 * Drops the items of runs that others took the place of, which would make the store grow without end, and reads in those
 * that should be there. The same runs always end the same. All items stay in the raw lines.
 *
 * @throws DriftError `RAW_FILE_INVALID`; `DISK_FULL`, `DISK_READ_ONLY`, `STORE_BUSY`
 */
export function syncItems(db: Store, paths: ResultPaths): void {
  try {
    db.transaction(() => {
      db.exec(`DELETE FROM item WHERE run_id NOT IN (${WITH_ITEMS})`);
      const missing = db.prepare<[], { id: string; hash: string }>(
        `SELECT id, raw_sha256 AS hash FROM run
         WHERE suite = 'cibench' AND id IN (${WITH_ITEMS}) AND NOT EXISTS (SELECT 1 FROM item WHERE run_id = run.id)`,
      );
      for (const { id, hash } of missing.all()) insertItems(db, id, readRawLines(paths, hash));
    }).immediate();
  } catch (error) {
    throw asStorageError("the store", error);
  }
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
  try {
    db.transaction(() => {
      insertEnvironment(db, run.file);
      insertHead(db, run);
      if (run.file.suite === "cibench") insertCibench(db, run.file.id, run.file.report, run.rawText);
      else insertBench(db, run.file.id, run.file.report, run.rawText);
      steps.rowsInserted?.();
    }).immediate();
  } catch (error) {
    throw asStorageError("the store", error);
  }
}

type Value = string | number | null;

/** Inserts one row whose columns are the keys of `row`. */
function insert(db: Store, table: string, row: Record<string, Value>, conflict = ""): number {
  const columns = Object.keys(row);
  const statement = `INSERT ${conflict} INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
  return Number(prepared(db, statement).run(Object.values(row)).lastInsertRowid);
}

const statements = new WeakMap<Store, Map<string, ReturnType<Store["prepare"]>>>();

function prepared(db: Store, sql: string): ReturnType<Store["prepare"]> {
  const cache = statements.get(db) ?? new Map<string, ReturnType<Store["prepare"]>>();
  statements.set(db, cache);
  const statement = cache.get(sql) ?? db.prepare(sql);
  cache.set(sql, statement);
  return statement;
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
  });
}

/** Σ weight · score over the categories scored on real corpora; null when there is none. Unclipped. */
function pointsOf(report: Report): number | null {
  const values = report.scores.flatMap((score) =>
    score.state === "scored" && score.kind === "real" && score.score.value !== null
      ? [CATEGORIES[score.category].weight * score.score.value]
      : [],
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function insertCibench(db: Store, runId: string, report: Report, rawText: string | null): void {
  for (const corpus of report.corpora) insertCorpus(db, runId, corpus);
  for (const score of report.scores) insertScore(db, runId, score);
  const told = new Set(report.scores.map(({ category }) => category));
  for (const { category } of report.notMeasured) {
    if (!told.has(category)) insertUnscored(db, runId, category, "not-measured", "there is no task for it yet");
  }
  insertItems(db, runId, rawText);
}

function insertItems(db: Store, runId: string, rawText: string | null): void {
  for (const line of linesOf(rawText)) insertItem(db, runId, ItemRecord.parse(JSON.parse(line)));
}

function insertCorpus(db: Store, runId: string, corpus: Report["corpora"][number]): void {
  insert(db, "run_corpus", {
    run_id: runId,
    corpus: corpus.id,
    version: corpus.version,
    kind: corpus.kind,
    split: corpus.split,
    inputs_sha256: corpus.inputsSha256,
    truth_sha256: corpus.truthSha256,
    task_id: corpus.taskId,
    items: corpus.items,
    index_ms: corpus.usage?.indexMs ?? null,
    answer_ms: corpus.usage?.answerMs ?? null,
    tokens: corpus.usage?.tokens ?? null,
    malformed: corpus.problems?.malformed ?? null,
    unasked: corpus.problems?.unasked ?? null,
    repeated: corpus.problems?.repeated ?? null,
    unanswered: corpus.problems?.unanswered ?? null,
    not_run: corpus.notRun,
  });
  for (const [ordinal, oracle] of corpus.oracles.entries()) {
    insert(db, "oracle", {
      run_id: runId,
      corpus: corpus.id,
      ordinal,
      kind: oracle.kind,
      name: oracle.name,
      version: oracle.version,
      shares_code_with: JSON.stringify(oracle.sharesCodeWith),
      command: oracle.command,
      seed: oracle.seed,
      repeats: oracle.repeats,
      agreement: oracle.agreement,
      not_run: oracle.notRun,
    });
  }
}

function insertScore(db: Store, runId: string, score: CategoryScore): void {
  if (score.state === "not-measured" || score.state === "unsupported") {
    insertUnscored(db, runId, score.category, score.state, score.reason);
    return;
  }
  for (const corpus of score.corpora) insertCorpusScore(db, runId, score.category, corpus);
  if (score.state === "not-run") {
    const { state, kind, reason } = score;
    insert(db, "score", { ...categoryColumns(runId, score.category), state, kind, reason });
    return;
  }
  insert(db, "score", {
    ...categoryColumns(runId, score.category),
    state: score.state,
    kind: score.kind,
    reason: null,
    ...estimateColumns("raw", score.raw),
    floor: score.floor,
    floor_by: score.floorBy,
    ...estimateColumns("score", score.score),
  });
  for (const { name, raw } of score.baselines) {
    insert(db, "baseline", { run_id: runId, category: score.category, kind: score.kind, name, raw });
  }
}

function insertUnscored(db: Store, runId: string, category: Category, state: string, reason: string): void {
  insert(db, "score", { ...categoryColumns(runId, category), state, reason });
}

function categoryColumns(runId: string, category: Category): Record<string, Value> {
  const { level, weight, title } = CATEGORIES[category];
  return { run_id: runId, category, title, level, weight };
}

function insertCorpusScore(db: Store, runId: string, category: Category, score: CorpusScore): void {
  insert(db, "corpus_score", {
    run_id: runId,
    category,
    corpus: score.corpus,
    kind: score.kind,
    ...countColumns(score.counts),
    ...estimateColumns("precision", score.precision),
    ...estimateColumns("recall", score.recall),
    ...estimateColumns("f1", score.f1),
    ...estimateColumns("macro_f1", score.macroF1),
    ...(score.traceRecall === null ? {} : estimateColumns("trace_recall", score.traceRecall)),
    unknown_share: score.unknownShare,
    sites: score.sites,
    files: score.files,
  });
  for (const stratum of score.strata) {
    insert(db, "stratum_score", {
      run_id: runId,
      category,
      corpus: score.corpus,
      stratum: stratum.stratum,
      sites: stratum.sites,
      ...countColumns(stratum.counts),
      precision: stratum.precision,
      recall: stratum.recall,
      f1: stratum.f1,
    });
  }
}

function countColumns(counts: CorpusScore["counts"]): Record<string, Value> {
  return {
    true_positives: counts.truePositives,
    false_positives: counts.falsePositives,
    false_negatives: counts.falseNegatives,
    on_unknown: counts.onUnknown,
  };
}

function estimateColumns(name: string, estimate: Estimate): Record<string, Value> {
  return {
    [name]: estimate.value,
    [`${name}_low`]: estimate.low,
    [`${name}_high`]: estimate.high,
    [`${name}_n`]: estimate.n,
  };
}

function insertItem(db: Store, runId: string, { outcome, answer }: ItemRecord): void {
  insert(db, "item", {
    run_id: runId,
    item_id: outcome.itemId,
    corpus: outcome.corpus,
    file: outcome.file,
    start_line: outcome.line,
    start_column: outcome.column,
    callee: outcome.callee,
    syntax: outcome.syntax,
    stratum: outcome.stratum,
    truth: outcome.truth,
    outcome: outcome.outcome,
    ...countColumns(outcome.counts),
    traced_edges: outcome.traced.edges,
    traced_found: outcome.traced.found,
    status: outcome.status,
    predicted: JSON.stringify(outcome.predicted),
    must: JSON.stringify(outcome.must),
    may: JSON.stringify(outcome.may),
    decided_by: JSON.stringify(outcome.by),
    answer: answer === null ? null : JSON.stringify(answer),
  });
}

function insertBench(db: Store, runId: string, report: BenchReport, rawText: string | null): void {
  const samples = new Map<string, number[]>();
  for (const line of linesOf(rawText)) {
    const measurement = Measurement.parse(JSON.parse(line));
    samples.set(measurementKey(measurement), measurement.samples);
  }
  for (const measurement of report.measurements) {
    const id = insert(db, "measurement", {
      run_id: runId,
      case_id: measurement.caseId,
      tool: measurement.tool,
      runner: measurement.runner,
      metric: measurement.metric,
      unit: measurement.unit,
      sample_count: measurement.sampleCount,
      median: measurement.median,
      median_low: measurement.medianLow,
      median_high: measurement.medianHigh,
      mad: measurement.mad,
      minimum: measurement.minimum,
      maximum: measurement.maximum,
    });
    for (const [ordinal, value] of (samples.get(measurementKey(measurement)) ?? []).entries()) {
      insert(db, "sample", { measurement_id: id, ordinal, value });
    }
  }
  for (const ratio of report.ratios) {
    insert(db, "ratio", {
      run_id: runId,
      name: ratio.name,
      numerator_label: ratio.numeratorLabel,
      numerator: ratio.numerator,
      denominator_label: ratio.denominatorLabel,
      denominator: ratio.denominator,
      unit: ratio.unit,
      value: ratio.value,
      low: ratio.low,
      high: ratio.high,
      n: ratio.n,
    });
  }
  for (const { runner, reason } of report.notRun) insert(db, "not_run", { run_id: runId, runner, reason });
}

function measurementKey({ caseId, tool, metric }: Pick<Measurement, "caseId" | "tool" | "metric">): string {
  return `${caseId} ${tool} ${metric}`;
}

function linesOf(text: string | null): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}
