/** Runs: one tool, one suite, once. */
import { z } from "zod";
import { formatQuantity, shorten, visible } from "../format.ts";
import { flag, oncePerStore, type Store, textList } from "./open.ts";

const RunRow = z.object({
  id: z.string(),
  suite: z.enum(["cibench", "bench"]),
  suiteVersion: z.string(),
  suiteHash: z.string(),
  tool: z.string(),
  toolVersion: z.string(),
  role: z.enum(["contestant", "self-check"]),
  environmentId: z.string(),
  commitHash: z.string().nullable(),
  commitDirty: flag.nullable(),
  committedAt: z.string().nullable(),
  engineVersion: z.string().nullable(),
  loadAverage: z.number(),
  seed: z.number(),
  startedAt: z.string(),
  endedAt: z.string(),
  answersId: z.string(),
  inputSha256: z.string(),
  reportSha256: z.string(),
  rawSha256: z.string(),
  measuredWeight: z.number(),
  points: z.number().nullable(),
  reproduce: z.string(),
  publishedPath: z.string().nullable(),
  /** Who ran the tool. */
  badge: z.enum(["self-reported", "re-run by us"]),
  /** What the tool says it reads; null when it says nothing, as in older reports. */
  languages: textList.nullable(),
  /** How intervals on these corpora are made; null for benches. */
  intervals: z.enum(["percentile", "expanded"]).nullable(),
});
/** What the store says about a run as a whole. */
export type Run = z.infer<typeof RunRow>;

const RUN_COLUMNS = `id, suite, suite_version AS suiteVersion, suite_hash AS suiteHash, subject_name AS tool,
  subject_version AS toolVersion, subject_role AS role, environment_id AS environmentId, commit_hash AS commitHash,
  commit_dirty AS commitDirty, committed_at AS committedAt, engine_version AS engineVersion,
  load_average AS loadAverage, seed, started_at AS startedAt, ended_at AS endedAt, answers_id AS answersId,
  input_sha256 AS inputSha256, report_sha256 AS reportSha256, raw_sha256 AS rawSha256,
  measured_weight AS measuredWeight, points, reproduce, published_path AS publishedPath, badge, languages, intervals`;

/** Every run, newest first. */
export const listRuns = oncePerStore((store: Store): Run[] => {
  return store.rows(RunRow, `SELECT ${RUN_COLUMNS} FROM run ORDER BY started_at DESC, id`);
});

const EnvironmentRow = z.object({
  id: z.string(),
  cpuModel: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  architecture: z.string(),
  os: z.string(),
  kernel: z.string(),
  nodeVersion: z.string(),
  rustcVersion: z.string().nullable(),
  governor: z.string().nullable(),
});
/** One testbed. */
export type Environment = z.infer<typeof EnvironmentRow>;

/** Every testbed by its id. */
export const listEnvironments = oncePerStore((store: Store): Map<string, Environment> => {
  const rows = store.rows(
    EnvironmentRow,
    `SELECT id, cpu_model AS cpuModel, cores, memory_bytes AS memoryBytes, architecture, os, kernel,
       node_version AS nodeVersion, rustc_version AS rustcVersion, governor FROM environment`,
  );
  return new Map(rows.map((row) => [row.id, row]));
});

/** A testbed in one line. */
export function describeEnvironment(environment: Environment): string {
  const { cpuModel, cores, memoryBytes, architecture, os, kernel, nodeVersion, rustcVersion, governor } = environment;
  const parts = [
    `${cpuModel}, ${cores} cores, ${architecture}, ${formatQuantity(memoryBytes, "bytes")} of memory`,
    `${os}, kernel ${kernel}`,
    `Node ${nodeVersion}`,
    ...(rustcVersion === null ? [] : [`rustc ${rustcVersion}`]),
    `frequency governor ${governor ?? "not readable"}`,
  ];
  return visible(shorten(parts.join("; "), 600));
}

const RunCorpusRow = z.object({
  runId: z.string(),
  corpus: z.string(),
  version: z.string(),
  kind: z.enum(["real", "synthetic"]),
  split: z.enum(["fit", "report"]),
  inputsSha256: z.string(),
  truthSha256: z.string(),
  /** Of the first task about it alone, as everything below; `listRunTasks` has all tasks. */
  taskId: z.string(),
  items: z.number(),
  /** Null when the tool did not run, as are the next two. */
  indexMs: z.number().nullable(),
  answerMs: z.number().nullable(),
  tokens: z.number().nullable(),
  /** Items whose answer had a fault in its form, by kind of fault; null when the tool did not run. */
  malformed: z.number().nullable(),
  unasked: z.number().nullable(),
  repeated: z.number().nullable(),
  unanswered: z.number().nullable(),
  /** Why there is no answer; null when there is one. */
  notRun: z.string().nullable(),
});
/** What one run was asked about one corpus, and what answering cost. */
export type RunCorpus = z.infer<typeof RunCorpusRow>;

/** The corpora of one run: real ones first, then by name. */
export function listRunCorpora(store: Store, runId: string): RunCorpus[] {
  return store.rows(
    RunCorpusRow,
    `SELECT run_id AS runId, corpus, version, kind, split, inputs_sha256 AS inputsSha256, truth_sha256 AS truthSha256,
       task_id AS taskId, items, index_ms AS indexMs, answer_ms AS answerMs, tokens, malformed, unasked, repeated,
       unanswered, not_run AS notRun
     FROM run_corpus WHERE run_id = ? ORDER BY kind, corpus`,
    runId,
  );
}

const OracleRow = z.object({
  corpus: z.string(),
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  sharesCodeWith: textList,
  command: z.string(),
  seed: z.number().nullable(),
  repeats: z.number(),
  agreement: z.number(),
  notRun: z.string().nullable(),
});
/** Who says what is true about a corpus, and how to ask again. */
export type Oracle = z.infer<typeof OracleRow>;

/** The oracles of one run, by corpus and in their stored order. */
export function listOracles(store: Store, runId: string): Oracle[] {
  return store.rows(
    OracleRow,
    `SELECT corpus, kind, name, version, shares_code_with AS sharesCodeWith, command, seed, repeats, agreement,
       not_run AS notRun
     FROM oracle WHERE run_id = ? ORDER BY corpus, ordinal`,
    runId,
  );
}
