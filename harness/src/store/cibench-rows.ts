/** A CIBench report as rows. */
import { DriftError } from "@drift/engine";
import {
  type CategoryScore,
  CATEGORIES,
  type Category,
  type CorpusScore,
  type Estimate,
  type InLanguagesRead,
  ItemRecord,
  type LevelScore,
  type NewCorpora,
  type Report,
} from "@drift/cibench";
import type { Store } from "./open.ts";
import { insert, linesOf, type Value } from "./rows.ts";

/** Every row of a CIBench report but its items. */
export function insertCibench(db: Store, runId: string, report: Report): void {
  for (const corpus of firstOfEach(report.corpora)) insertCorpus(db, runId, corpus);
  for (const task of report.corpora) insertTask(db, runId, task);
  for (const kind of ["all", "real", "synthetic"] as const) insertCost(db, runId, kind);
  for (const score of report.scores) insertScore(db, runId, score);
  for (const level of report.levels ?? []) insertLevel(db, runId, level);
  const told = new Set(report.scores.map(({ category }) => category));
  for (const { category } of report.notMeasured) {
    if (!told.has(category)) insertUnscored(db, runId, category, "not-measured", "there is no task for it yet");
  }
}

/**
 * The items of a run; none when its raw lines are not on this machine.
 *
 * @throws DriftError `RAW_FILE_INVALID` when a line is no item, or two are about the same one
 */
export function insertItems(db: Store, runId: string, rawText: string | null): void {
  const seen = new Set<string>();
  let number = 0;
  for (const line of linesOf(rawText)) {
    number += 1;
    const parsed = ItemRecord.safeParse(jsonOf(line));
    const name = parsed.success ? `${parsed.data.outcome.corpus} ${parsed.data.outcome.itemId}` : "";
    if (!parsed.success || seen.has(name)) {
      const what = parsed.success ? `is a second one about ${name}` : "is no item";
      throw new DriftError("RAW_FILE_INVALID", `line ${number} of the answers of run ${runId} ${what}`, {
        hint: "Move the files of this run out of results/local and run the command again; a published one comes back with git checkout.",
      });
    }
    seen.add(name);
    insertItem(db, runId, parsed.data);
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** A corpus has one row, that of the first category that asks about it; `run_task` has one for each. */
function firstOfEach(manifests: Report["corpora"]): Report["corpora"] {
  return [...Map.groupBy(manifests, ({ id }) => id).values()].flatMap(([first]) => first ?? []);
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

function insertTask(db: Store, runId: string, task: Report["corpora"][number]): void {
  const { usage, problems } = task;
  insert(db, "run_task", {
    run_id: runId,
    corpus: task.id,
    category: task.category,
    task_id: task.taskId,
    items: task.items,
    index_ms: usage?.indexMs ?? null,
    answer_ms: usage?.answerMs ?? null,
    tokens: usage?.tokens ?? null,
    cost_usd: usage?.costUsd ?? null,
    peak_bytes: usage?.memory?.peakBytes ?? null,
    peak_of: usage?.memory?.of ?? null,
    malformed: problems?.malformed ?? null,
    unasked: problems?.unasked ?? null,
    repeated: problems?.repeated ?? null,
    unanswered: problems?.unanswered ?? null,
    not_run: task.notRun,
  });
}

/** What the corpora of one kind cost together; no row where no task about them ran. */
function insertCost(db: Store, runId: string, kind: "all" | "real" | "synthetic"): void {
  db.prepare(COST).run({ runId, kind });
}

const COST = `INSERT INTO run_cost
  SELECT c.run_id, @kind, count(*), sum(c.items), sum(c.index_ms), sum(c.answer_ms), sum(c.tokens), sum(c.cost_usd), max(c.peak_bytes),
    (SELECT p.peak_of FROM corpus_cost AS p JOIN run_corpus AS q ON q.run_id = p.run_id AND q.corpus = p.corpus
     WHERE p.run_id = @runId AND @kind IN ('all', q.kind) ORDER BY p.peak_bytes DESC, p.corpus LIMIT 1)
  FROM corpus_cost AS c JOIN run_corpus AS r ON r.run_id = c.run_id AND r.corpus = c.corpus
  WHERE c.run_id = @runId AND @kind IN ('all', r.kind) GROUP BY c.run_id`;

function insertLevel(db: Store, runId: string, level: LevelScore): void {
  insert(db, "level_score", {
    run_id: runId,
    level: level.level ?? TOTAL,
    weight: level.weight,
    measured_weight: level.measuredWeight,
    ...estimateColumns("score", level.score),
    ...newCorporaColumns(level.newCorpora),
  });
}

/** What stands in the column `level` for the total of all levels. */
const TOTAL = 0;

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
    ...newCorporaColumns(score.newCorpora),
    ...inLanguagesReadColumns(score.inLanguagesRead),
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

/** None for reports from before there was this interval. */
function newCorporaColumns(about: NewCorpora | undefined): Record<string, Value> {
  if (about === undefined) return {};
  const { value, low, high, corpora, reason } = about;
  return { ...estimateColumns("new_corpora", { value, low, high, n: corpora }), new_corpora_reason: reason };
}

/** @param read undefined: the tool does not say what it reads; null: it reads none of these corpora */
function inLanguagesReadColumns(read: InLanguagesRead | null | undefined): Record<string, Value> {
  if (read === undefined) return {};
  if (read === null) return { read_corpora: "[]" };
  return {
    read_corpora: JSON.stringify(read.corpora),
    ...estimateColumns("read_raw", read.raw),
    read_floor: read.floor,
    read_floor_by: read.floorBy,
    ...estimateColumns("read_score", read.score),
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
