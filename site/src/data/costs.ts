/** What was asked and what answering cost, as stored: per task, per corpus and per run. Added up in the store, not here. */
import { z } from "zod";
import { oncePerStore, type Store } from "./open.ts";

const cost = {
  /** Items of the tasks that ran. */
  items: z.number(),
  /** Milliseconds, once, on the computer of the run. */
  indexMs: z.number(),
  answerMs: z.number(),
  /** Of a language model; null when none was asked or the tool does not say it. */
  tokens: z.number().nullable(),
  /** In US dollars; null likewise. */
  costUsd: z.number().nullable(),
  /** Most memory at one time; null when it was not measured. */
  peakBytes: z.number().nullable(),
  /** Whose memory it is; null when it was not measured. */
  peakOf: z.enum(["tool", "process", "process-so-far"]).nullable(),
};
const COLUMNS = `items, index_ms AS indexMs, answer_ms AS answerMs, tokens, cost_usd AS costUsd, peak_bytes AS peakBytes,
  peak_of AS peakOf`;

const RunTaskRow = z.object({
  corpus: z.string(),
  category: z.string(),
  taskId: z.string(),
  items: z.number(),
  /** Null when the tool did not run, as are the next ones. */
  indexMs: z.number().nullable(),
  answerMs: z.number().nullable(),
  tokens: cost.tokens,
  costUsd: cost.costUsd,
  peakBytes: cost.peakBytes,
  peakOf: cost.peakOf,
  /** Items whose answer had a fault in its form, by kind of fault. */
  malformed: z.number().nullable(),
  unasked: z.number().nullable(),
  repeated: z.number().nullable(),
  unanswered: z.number().nullable(),
  /** Why there is no answer; null when there is one, or when the tool does not support the category. */
  notRun: z.string().nullable(),
});
/** One category about one corpus. */
export type RunTask = z.infer<typeof RunTaskRow>;

/** The tasks of a run, by corpus and category. */
export function listRunTasks(store: Store, runId: string): RunTask[] {
  return store.rows(
    RunTaskRow,
    `SELECT corpus, category, task_id AS taskId, ${COLUMNS}, malformed, unasked, repeated, unanswered, not_run AS notRun
     FROM run_task WHERE run_id = ? ORDER BY corpus, category`,
    runId,
  );
}

const CorpusCostRow = z.object({ corpus: z.string(), ...cost });
/** What one corpus cost over all categories that were asked about it. */
export type CorpusCost = z.infer<typeof CorpusCostRow>;

const RunCostRow = z.object({
  kind: z.enum(["all", "real", "synthetic"]),
  /** Corpora of which the tool answered something. */
  corpora: z.number(),
  ...cost,
});
/** What the corpora of one kind cost together, or all of them. */
export type RunCost = z.infer<typeof RunCostRow>;

/** The corpora of a run on which the tool ran, by name. */
export function listCorpusCosts(store: Store, runId: string): CorpusCost[] {
  return store.rows(
    CorpusCostRow,
    `SELECT corpus, ${COLUMNS} FROM corpus_cost WHERE run_id = ? ORDER BY corpus`,
    runId,
  );
}

/** All, then real, then synthetic corpora; a kind on which the tool did not run is left out. */
export const listRunCosts = oncePerStore((store: Store, runId: string): RunCost[] => {
  return store.rows(RunCostRow, `SELECT kind, corpora, ${COLUMNS} FROM run_cost WHERE run_id = ? ORDER BY kind`, runId);
});
