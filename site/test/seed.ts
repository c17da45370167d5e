/** A store for tests, made by the store's own migrations and plain SQL. Figures are made up but fixed. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";

const MIGRATIONS = fileURLToPath(new URL("../../harness/src/store/migrations", import.meta.url));

/** An empty store with all tables, open for writing. */
export function emptyStore(file: string): Database.Database {
  const db = new Database(file);
  db.pragma("foreign_keys = ON");
  const steps = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  for (const step of steps) db.exec(readFileSync(path.join(MIGRATIONS, step), "utf8"));
  db.pragma(`user_version = ${steps.length}`);
  return db;
}

type Row = Record<string, string | number | null>;

/** Inserts one row whose columns are the keys of `row`. */
export function insert(db: Database.Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  db.prepare(`INSERT INTO "${table}" (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`).run(
    ...Object.values(row),
  );
}

/** What stands in for the names that tools, corpora and answers bring along. */
export interface Names {
  tool: string;
  version: string;
  corpus: string;
  callee: string;
  file: string;
  target: string;
  reason: string;
}

export const PLAIN_NAMES: Names = {
  tool: "drift",
  version: "0.1.0",
  corpus: "zod",
  callee: "safeParse",
  file: "src/v4/core/parse.ts",
  target: "safeParse (src/v4/core/parse.ts:61)",
  reason: "there is no task for it yet",
};

export interface SeedOptions {
  names?: Names;
  /** Items of Drift's newest run and of null on the first corpus; the others have six on each. */
  items?: number;
}

export const SUITE_HASH = "5e".repeat(32);

/**
 * Fills a store with two tools, two self-checks, three corpora and four bench runs on two testbeds. The old run of Drift has a
 * report from before there were levels, a second interval, memory and languages; grep says nothing of languages and asks a model.
 */
export function seedStore(db: Database.Database, { names = PLAIN_NAMES, items = 240 }: SeedOptions = {}): void {
  db.transaction(() => {
    seedEnvironments(db);
    const old = { role: "contestant", at: "2026-11-21T09:00:00.000Z", quality: 0.71, report: "old" } as const;
    seedScoredRun(db, { ...old, id: "cibench-drift-20261121T090000Z-0ld", tool: names.tool, names, items });
    for (const [id, tool, role, quality] of [
      ["cibench-drift-20261123T120000Z-1a2b3c4d", names.tool, "contestant", 0.83],
      ["cibench-grep-20261123T120500Z-2b3c4d5e", "grep", "contestant", 0.46],
      ["cibench-gold-20261123T120700Z-3c4d5e6f", "gold", "self-check", 1],
      ["cibench-null-20261123T120800Z-4d5e6f70", "null", "self-check", 0],
    ] as const) {
      seedScoredRun(db, { id, tool, role, quality, at: "2026-11-23T12:00:00.000Z", names, items });
    }
    seedRanks(db);
    seedBenches(db, names);
    seedHistory(db, names);
  })();
}

function seedEnvironments(db: Database.Database): void {
  for (const [id, cpu, cores] of [
    ["00112233445566aa", "AMD EPYC 7763 64-Core Processor", 2],
    ["ffeeddccbbaa9988", "Apple M4", 10],
  ] as const) {
    insert(db, "environment", {
      ...{ id, cpu_model: cpu, cores, memory_bytes: 8_589_934_592, architecture: "x64", kernel: "6.8.0" },
      ...{ os: "linux Debian GNU/Linux 12", node_version: "24.21.0", rustc_version: "1.95.0", governor: null },
    });
  }
}

interface ScoredRun {
  id: string;
  tool: string;
  role: "contestant" | "self-check";
  quality: number;
  at: string;
  names: Names;
  items: number;
  /** An old report lacks what newer ones say beside scores. */
  report?: "old";
}

function runRow(id: string, suite: "cibench" | "bench", tool: string, at: string): Row {
  return {
    ...{ id, suite, suite_version: "1.0.0", suite_hash: SUITE_HASH, subject_name: tool, subject_version: "0.1.0" },
    ...{ subject_role: "contestant", environment_id: "00112233445566aa", engine_version: "0.1.0", load_average: 0.42 },
    ...{ commit_hash: "c0ffee".repeat(6) + "c0ff", commit_dirty: 1, committed_at: "2026-11-23T11:00:00+00:00" },
    ...{ seed: 1, started_at: at, ended_at: at.replace(":00.000Z", ":42.000Z"), answers_id: `${suite}-0123456789ab` },
    ...{ input_sha256: "1".repeat(64), report_sha256: "2".repeat(64), raw_sha256: "3".repeat(64) },
    ...{ measured_weight: 0, points: null, published_path: null },
    reproduce: `npm run --silent cibench -- run --adapter drift --seed 1`,
  };
}

const CORPORA = [
  { id: "zod", kind: "real", version: "4.6.7", shift: 0 },
  { id: "find-my-way", kind: "real", version: "9.10.1", shift: 0.04 },
  { id: "calls", kind: "synthetic", version: "1", shift: 0.08 },
] as const;

const STRATA = ["direct", "imported", "method", "interface", "callback", "stored-value", "computed", "external"];

function seedScoredRun(db: Database.Database, run: ScoredRun): void {
  const { id, quality, names } = run;
  insert(db, "run", {
    ...runRow(id, "cibench", run.tool, run.at),
    ...{ subject_role: run.role, subject_version: names.version, measured_weight: 10 },
    points: 10 * scoreOf(quality),
    intervals: run.report === "old" ? "percentile" : "expanded",
    languages: languagesOf(run),
  });
  seedCategories(db, run);
  for (const corpus of CORPORA) seedCorpus(db, run, corpus);
  seedCosts(db, id);
  if (run.report !== "old") seedLevels(db, run);
}

/** What a tool of the seed says it reads, as it is stored. */
function languagesOf({ tool, report, names }: ScoredRun): string | null {
  return report !== "old" && tool === names.tool ? JSON.stringify(["javascript", names.reason]) : null;
}

/** Level 1 and the total; of the total there is no interval for new corpora. */
function seedLevels(db: Database.Database, { id, quality, names }: ScoredRun): void {
  const score = scoreOf(quality);
  for (const level of [1, 0]) {
    insert(db, "level_score", {
      ...{ run_id: id, level, weight: level === 0 ? 100 : 30, measured_weight: 10 },
      ...{ score, score_low: score - 0.041, score_high: score + 0.037, score_n: 1 },
      ...(level === 0
        ? { new_corpora: null, new_corpora_low: null, new_corpora_high: null, new_corpora_n: 2 }
        : {
            new_corpora: score - 0.02,
            new_corpora_low: score - 0.31,
            new_corpora_high: score + 0.27,
            new_corpora_n: 5,
          }),
      new_corpora_reason: level === 0 ? (names === PLAIN_NAMES ? "too few corpora (call graph)" : names.reason) : null,
    });
  }
}

/** What the corpora of a run cost together, by kind, from its tasks. */
function seedCosts(db: Database.Database, id: string): void {
  for (const kind of ["all", "real", "synthetic"]) {
    db.prepare(
      `INSERT INTO run_cost SELECT c.run_id, @kind, count(*), sum(c.items), sum(c.index_ms), sum(c.answer_ms), sum(c.tokens),
         sum(c.cost_usd), max(c.peak_bytes), max(c.peak_of)
       FROM corpus_cost AS c JOIN run_corpus AS r ON r.run_id = c.run_id AND r.corpus = c.corpus
       WHERE c.run_id = @id AND @kind IN ('all', r.kind) GROUP BY c.run_id`,
    ).run({ id, kind });
  }
}

const FLOOR = 0.121;
const scoreOf = (raw: number): number => (raw - FLOOR) / (1 - FLOOR);

function seedCategories(db: Database.Database, run: ScoredRun): void {
  const { id, quality, names } = run;
  const unmeasured: [string, string, number, number][] = [
    ["pattern-recognition", "Pattern recognition with outliers", 1, 10],
    ["data-flow", "Data flow", 1, 10],
    ["architectural-intent", "Architectural intent", 2, 12],
    ["causal-reasoning", "Causal reasoning", 2, 15],
    ["uncertainty-calibration", "Uncertainty calibration", 2, 8],
    ["token-efficiency", "Token efficiency", 3, 8],
    ["compositional-reasoning", "Compositional reasoning", 3, 7],
    ["negative-knowledge", "Negative knowledge", 3, 6],
    ["iterative-refinement", "Iterative refinement", 3, 4],
    ["human-agreement", "Agreement with human judgement", 4, 10],
  ];
  for (const [category, title, level, weight] of unmeasured) {
    insert(db, "score", {
      ...{ run_id: id, category, title, level, weight, state: "not-measured", kind: null },
      reason: names.reason,
    });
  }
  for (const kind of ["real", "synthetic"] as const) {
    const raw = Math.min(1, kind === "real" || quality === 0 ? quality : quality + 0.06);
    insert(db, "score", {
      ...{ run_id: id, category: "call-graph", title: "Call graph", level: 1, weight: 10, state: "scored", kind },
      ...{ reason: null, ...estimate("raw", raw, 2), floor: FLOOR, floor_by: "constant" },
      ...{
        score: scoreOf(raw),
        score_low: scoreOf(raw - 0.03),
        score_high: scoreOf(Math.min(1, raw + 0.03)),
        score_n: 2,
      },
      ...(run.report === "old" ? {} : newCorpora(kind, scoreOf(raw))),
      ...(languagesOf(run) === null ? {} : inLanguagesRead(kind, names, raw)),
    });
    for (const [name, expected] of [
      ["constant", FLOOR],
      ["null", 0],
      ["shuffled gold", 0.0913],
    ] as const) {
      insert(db, "baseline", { run_id: id, category: "call-graph", kind, name, raw: expected });
    }
  }
}

/** Enough real corpora, too few generated ones. */
function newCorpora(kind: "real" | "synthetic", score: number): Row {
  return kind === "real"
    ? {
        ...{ new_corpora: score - 0.012, new_corpora_low: score - 0.193, new_corpora_high: score + 0.169 },
        ...{ new_corpora_n: 5, new_corpora_reason: null },
      }
    : { new_corpora_n: 1, new_corpora_reason: "too few corpora" };
}

/** One of the real corpora, and none of the generated ones. */
function inLanguagesRead(kind: "real" | "synthetic", names: Names, raw: number): Row {
  if (kind === "synthetic") return { read_corpora: "[]" };
  return {
    ...{ read_corpora: JSON.stringify([names.corpus]), ...estimate("read_raw", raw, 1) },
    ...{ read_floor: 0.143, read_floor_by: "constant", ...estimate("read_score", scoreOf(raw) + 0.021, 1) },
  };
}

function estimate(column: string, value: number, n: number): Row {
  const low = value === 0 || value === 1 ? value : value - 0.0312;
  const high = value === 0 || value === 1 ? value : Math.min(1, value + 0.0287);
  return { [column]: value, [`${column}_low`]: low, [`${column}_high`]: high, [`${column}_n`]: n };
}

interface SeedCorpus {
  id: string;
  kind: "real" | "synthetic";
  version: string;
  shift: number;
}

function seedCorpus(db: Database.Database, run: ScoredRun, corpus: SeedCorpus, fewest = 6): void {
  const { id, names } = run;
  const name = corpus.id === "zod" ? names.corpus : corpus.id;
  const quality = run.quality === 0 ? 0 : Math.min(1, run.quality + corpus.shift);
  insert(db, "run_corpus", {
    ...{ run_id: id, corpus: name, version: corpus.version, kind: corpus.kind, split: "report" },
    ...{ inputs_sha256: "4".repeat(64), truth_sha256: "5".repeat(64), task_id: `call-graph/${corpus.id}` },
    ...{ items: run.items, index_ms: 812.4, answer_ms: 41.9, tokens: null },
    ...{ malformed: 0, unasked: 0, repeated: 0, unanswered: 3, not_run: null },
  });
  seedTasks(db, run, name);
  seedOracles(db, id, name, corpus.kind);
  const recall = quality === 0 ? 0 : quality - 0.02;
  insert(db, "corpus_score", {
    ...{ run_id: id, category: "call-graph", corpus: name, kind: corpus.kind },
    ...{ true_positives: Math.round(8123 * quality), false_positives: 314, false_negatives: 912, on_unknown: 77 },
    ...(quality === 0
      ? { precision: null, precision_low: null, precision_high: null, precision_n: 0 }
      : estimate("precision", Math.min(1, quality + 0.0123), 8437)),
    ...estimate("recall", recall, 9035),
    ...estimate("f1", quality, 9349),
    ...estimate("macro_f1", quality, 8),
    ...(corpus.kind === "real"
      ? estimate("trace_recall", recall, 4410)
      : { trace_recall: null, trace_recall_low: null, trace_recall_high: null, trace_recall_n: null }),
    ...{ unknown_share: 0.187, sites: 11_498, files: 132 },
  });
  for (const [index, stratum] of STRATA.entries()) {
    const figure = quality === 0 ? 0 : Math.max(0, quality - index * 0.05);
    insert(db, "stratum_score", {
      ...{ run_id: id, category: "call-graph", corpus: name, stratum, sites: 1500 - index * 130 },
      ...{ true_positives: 900 - index * 40, false_positives: 20 + index, false_negatives: 80, on_unknown: index },
      ...{ precision: quality === 0 ? null : figure, recall: figure, f1: figure },
    });
  }
  const isFull = corpus.id === "zod" && (run.quality === 0.83 || run.quality === 0);
  for (let index = 0; index < (isFull ? run.items : fewest); index += 1) seedItem(db, run, name, index);
}

/** One category about a corpus; grep asks a model, and an old report says nothing of memory. */
function seedTasks(db: Database.Database, run: ScoredRun, corpus: string): void {
  insert(db, "run_task", {
    ...{ run_id: run.id, corpus, category: "call-graph", task_id: `call-graph/${corpus}`, items: run.items },
    ...{ index_ms: 812.4, answer_ms: 41.9 },
    ...(run.tool === "grep" ? { tokens: 12_345, cost_usd: 0.0173 } : {}),
    ...(run.report === "old" || run.role === "self-check"
      ? {}
      : { peak_bytes: 734_003_200, peak_of: run.tool === "grep" ? "tool" : "process" }),
    ...{ malformed: 0, unasked: 0, repeated: 0, unanswered: 3, not_run: null },
  });
}

function seedOracles(db: Database.Database, id: string, corpus: string, kind: string): void {
  const oracles: [string, string, string, string | null][] =
    kind === "real"
      ? [
          ["compiler", "TypeScript checker", "6.0.3", null],
          ["trace", "tests under instrumentation", "1", "2 of 40 test files need a network"],
        ]
      : [["generator", "calls", "1", null]];
  for (const [ordinal, [oracle, name, version, notRun]] of oracles.entries()) {
    insert(db, "oracle", {
      ...{ run_id: id, corpus, ordinal, kind: oracle, name, version, shares_code_with: "[]", seed: null },
      ...{ command: "npm run corpora -- truth zod", repeats: 1, agreement: 1, not_run: notRun },
    });
  }
}

function seedItem(db: Database.Database, run: ScoredRun, corpus: string, index: number): void {
  const outcome = outcomeOf(run, index);
  const { names } = run;
  const stratum = STRATA[index % STRATA.length] ?? "direct";
  const said =
    outcome === "right" || outcome === "partly" ? [names.target] : outcome === "wrong" ? ["parse (src/a.ts:3)"] : [];
  insert(db, "item", {
    ...{ run_id: run.id, item_id: `src/file-${index % 12}.ts:${index + 1}:5-${index + 1}:25`, corpus },
    ...{ file: index === 0 ? names.file : `src/file-${index % 12}.ts`, start_line: index + 1, start_column: 5 },
    ...{ callee: index % 17 === 0 ? null : names.callee, syntax: index % 9 === 0 ? "new" : "call", stratum, outcome },
    truth: outcome === "unjudged" ? "unknown" : "known",
    ...{ true_positives: said.length, false_positives: 0, false_negatives: 0, on_unknown: 0, traced_edges: 0 },
    ...{ traced_found: 0, status: said.length === 0 ? "unknown" : "certain", predicted: JSON.stringify(said) },
    ...{ must: outcome === "unjudged" ? "[]" : JSON.stringify([names.target]), may: "[]" },
    decided_by: outcome === "unjudged" ? "[]" : '["compiler","trace"]',
    answer: JSON.stringify({ itemId: `${index}`, status: "certain", targets: [] }),
  });
}

function outcomeOf({ tool, quality }: ScoredRun, index: number): string {
  if (index % 11 === 10) return "unjudged";
  if (tool === "null") return "abstained";
  if (tool === "grep" && index === 4) return "wrong"; // So that tools differ on an item.
  if ((index % 100) / 100 < quality) return "right";
  return ["wrong", "partly", "abstained"][index % 3] ?? "wrong";
}

function seedRanks(db: Database.Database): void {
  const key = { suite_hash: SUITE_HASH, category: "call-graph" };
  const drift = "cibench-drift-20261123T120000Z-1a2b3c4d";
  const grep = "cibench-grep-20261123T120500Z-2b3c4d5e";
  for (const kind of ["real", "synthetic"]) {
    const tied = kind === "synthetic";
    insert(db, "rank", { ...key, kind, run_id: drift, rank: 1, reason: null });
    insert(db, "rank", { ...key, kind, run_id: grep, rank: tied ? 1 : 2, reason: null });
    insert(db, "pair_comparison", {
      ...{
        ...key,
        kind,
        run_a: drift,
        run_b: grep,
        difference: 0.3714,
        difference_low: 0.3391,
        difference_high: 0.4022,
      },
      ...{ difference_n: 2, p: 0.001, q: tied ? 0.21 : 0.001, separated: tied ? 0 : 1, false_discovery: 0.05, seed: 1 },
    });
  }
}

function seedBenches(db: Database.Database, names: Names): void {
  for (const [index, [id, environment]] of (
    [
      ["bench-drift-20261121T090000Z-aa", "00112233445566aa"],
      ["bench-drift-20261122T090000Z-bb", "00112233445566aa"],
      ["bench-drift-20261123T121000Z-cc", "00112233445566aa"],
      ["bench-drift-20261120T090000Z-dd", "ffeeddccbbaa9988"],
    ] as const
  ).entries()) {
    const at = id.replace(/^bench-drift-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3T$4:$5:00.000Z");
    insert(db, "run", { ...runRow(id, "bench", "drift", at), environment_id: environment });
    const speed = 1 - index * 0.06;
    seedMeasurement(db, id, "engine/parse/zod", "drift", 38.2e6 * speed);
    seedMeasurement(db, id, "engine/index/zod", "drift", 412e6 * speed);
    seedMeasurement(db, id, "engine/index/zod", "ast-grep", 655e6 * speed);
    seedMeasurement(db, id, "engine/open/zod", "drift", 6.1e6 * speed);
    seedMeasurement(db, id, `engine/callers/${names === PLAIN_NAMES ? "zod" : names.corpus}`, "drift", 21_400 * speed);
    seedMeasurement(db, id, "engine/index/zod", "drift", 212e6, "peak-memory", "bytes");
    insert(db, "ratio", {
      ...{ run_id: id, name: "index/wall/zod", numerator_label: "drift index", numerator: 412e6, unit: "ns" },
      ...{ denominator_label: "ast-grep scan", denominator: 655e6, value: 0.629, low: 0.611, high: 0.652, n: 9 },
    });
  }
  insert(db, "not_run", {
    run_id: "bench-drift-20261123T121000Z-cc",
    runner: "criterion",
    reason: "cargo is not installed",
  });
}

const REFERENCE = "abcdef0123".repeat(4);
/** The n-th commit of the history. */
export const historyCommit = (n: number): string => (n + 16).toString(16).padStart(4, "0").repeat(10);

/** Thirty commits of three series beside a reference build, one of which became slower; one series beside nothing. */
function seedHistory(db: Database.Database, names: Names): void {
  const at = (n: number): string => new Date(Date.UTC(2026, 9, 1 + n)).toISOString();
  const key = { metric: "time", unit: "ns", direction: "lower" };
  const levels: [string, string, number, (n: number) => number][] = [
    ["engine/index-ts", REFERENCE, 30, (n) => (n < 20 ? 1.01 : 1.19)],
    [names === PLAIN_NAMES ? "engine/callers" : names.corpus, REFERENCE, 30, (n) => (n < 12 ? 1.02 : 0.93)],
    ["harness/interval", REFERENCE, 30, () => 1],
    ["engine/reopen", "", 1, () => 3.4e6],
  ];
  for (const [index, [caseId, reference, count, level]] of levels.entries()) {
    insert(db, "series", { id: index + 1, case_id: caseId, ...key, environment_id: "00112233445566aa", reference });
    for (let n = 0; n < count; n += 1) {
      const value = level(n) * (1 + (((n * 7) % 5) - 2) / 400);
      const entry = `${reference === "" ? "b" : "a"}${n.toString().padStart(31, "0")}`;
      db.prepare(
        `INSERT INTO history_entry VALUES (?, ?, '[]', ?, ?, '00112233445566aa', ?, 1, '0.1.0', 0.4) ON CONFLICT DO NOTHING`,
      ).run(entry, historyCommit(n), at(n), at(n), reference);
      insert(db, "point", {
        ...{ series_id: index + 1, committed_at: at(n), entry_id: entry, ordinal: index, processes: "[]" },
        ...{ commit_hash: historyCommit(n), value, low: value * 0.992, high: value * 1.009 },
      });
    }
  }
  const found = { p: 0.0002, adjusted_p: 0.0006 };
  insert(db, "change_point", {
    ...{ series_id: 1, place: 20, commit_hash: historyCommit(20), before_hash: historyCommit(19), ...found },
    ...{ effect: 0.178, worse: 1 },
  });
  for (const [commit, state, reason, ratio] of [
    [12, "accepted", names === PLAIN_NAMES ? "the index holds less" : names.reason, 0.91],
    [25, "untriaged", null, 1.042],
  ] as const) {
    const id = `${historyCommit(commit).slice(0, 12)}-00112233`;
    insert(db, "alert", {
      ...{ id, state, commit_hash: historyCommit(commit), parent_hash: historyCommit(commit - 1), reason },
      ...{ environment_id: "00112233445566aa", reference: REFERENCE, opened_at: at(commit) },
      reproduce: "npm run --silent drift-bench -- gate",
    });
    insert(db, "alert_series", {
      ...{ alert_id: id, case_id: levels[commit === 12 ? 1 : 2]?.[0] ?? "", ...key },
      ...{ effect: ratio - 1, ratio, low: ratio - 0.012, high: ratio + 0.011 },
    });
  }
}

function seedMeasurement(
  db: Database.Database,
  runId: string,
  caseId: string,
  tool: string,
  median: number,
  metric = "wall",
  unit = "ns",
): void {
  insert(db, "measurement", {
    ...{ run_id: runId, case_id: caseId, tool, runner: "process", metric, unit, sample_count: 3, median },
    ...{ median_low: median * 0.97, median_high: median * 1.04, mad: median * 0.01 },
    ...{ minimum: median * 0.96, maximum: median * 1.09 },
  });
  const measurementId = db.prepare("SELECT max(id) FROM measurement").pluck().get() as number;
  for (const [ordinal, factor] of [0.96, 1, 1.09].entries()) {
    insert(db, "sample", { measurement_id: measurementId, ordinal, value: median * factor });
  }
}

/**
 * Fills a store with many contestants that were all asked the same items, for measuring how the site grows. Every third
 * corpus is synthetic; outcomes differ from tool to tool.
 */
export function seedManyTools(
  db: Database.Database,
  { tools, corpora, items }: { tools: number; corpora: number; items: number },
): void {
  db.transaction(() => {
    seedEnvironments(db);
    const all = Array.from({ length: corpora }, (_, n) => ({
      ...{
        id: `corpus-${n + 1}`,
        kind: n % 3 === 2 ? ("synthetic" as const) : ("real" as const),
        version: "1.0.0",
        shift: 0,
      },
    }));
    for (let n = 0; n < tools; n += 1) {
      const run: ScoredRun = {
        ...{ id: `cibench-tool-${n + 1}-20261123T120000Z-${n + 1}`, tool: `tool-${n + 1}`, role: "contestant" },
        ...{ quality: 0.3 + (0.6 * n) / tools, at: "2026-11-23T12:00:00.000Z", names: PLAIN_NAMES, items: 0 },
      };
      insert(db, "run", {
        ...runRow(run.id, "cibench", run.tool, run.at),
        measured_weight: 10,
        points: 10 * scoreOf(run.quality),
      });
      seedCategories(db, run);
      for (const corpus of all) {
        seedCorpus(db, run, corpus, 0);
        for (let index = 0; index < items / corpora; index += 1) seedItem(db, run, corpus.id, index + (n % 7));
      }
      seedCosts(db, run.id);
    }
  })();
}
