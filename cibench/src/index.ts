export { type Adapter, type AdapterContext, type Contestant, type SelfCheck } from "./adapters/adapter.ts";
export { ADAPTERS } from "./adapters/all.ts";
export { drawTable } from "./draw-table.ts";
export { CibenchError, type CibenchErrorCode } from "./errors.ts";
export { readReport, readRun, type StoredRun } from "./read-run.ts";
export { markdownReport, showEstimate, terminalReport } from "./report.ts";
export { itemLines, type Run, runCallGraph, type RunOptions, SUITE_VERSION } from "./run.ts";
export { Answer, AnswerProblems, AnswerTarget, CallSiteAnswer, Usage } from "./schema/answer.ts";
export { ItemRecord } from "./schema/item-record.ts";
export { PairComparison, RankedRun, Ranking } from "./schema/ranking.ts";
export { CorpusManifest, Report } from "./schema/report.ts";
export {
  Baseline,
  CategoryScore,
  CorpusScore,
  EdgeCounts,
  Estimate,
  ItemOutcome,
  StratumScore,
} from "./schema/score.ts";
export { CallGraphTask, CallSiteItem, CATEGORIES, Category } from "./schema/task.ts";
export { type RankOptions, rankReports } from "./scores/rank.ts";
export { SelfCheckEntry, SelfCheckResult } from "./schema/self-check.ts";
export { selfCheck, type SelfCheckOptions } from "./self-check.ts";
export { writeRun } from "./write-run.ts";
