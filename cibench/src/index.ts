export { type Adapter, type AdapterContext, type Contestant, type SelfCheck } from "./adapters/adapter.ts";
export { ADAPTERS, PEERS } from "./adapters/all.ts";
export { drawTable } from "./draw-table.ts";
export { CibenchError, type CibenchErrorCode } from "./errors.ts";
export { readReport, readRun, type StoredRun } from "./read-run.ts";
export { markdownReport, terminalReport } from "./report.ts";
export { showEstimate } from "./show.ts";
export { type MemoryMeter, processMemory } from "./memory.ts";
export type { LoadedCorpus } from "./category.ts";
export { itemLines, type Run, type RunOptions, runTool, SUITE_VERSION } from "./run.ts";
export {
  Answer,
  type AnswerOf,
  AnswerProblems,
  AnswerTarget,
  CallSiteAnswer,
  ChangeAnswer,
  ChangesAnswer,
  ChoicesAnswer,
  ContextsAnswer,
  ItemAnswer,
  MemoryPeak,
  ModelUsage,
  ProposalAnswer,
  PropositionAnswer,
  RefinementsAnswer,
  Usage,
} from "./schema/answer.ts";
export { Estimate, NewCorpora } from "./schema/estimate.ts";
export { Choice, ChoiceAnswer, ChoiceItem, ChoiceTask, Subject } from "./schema/choice.ts";
export { ContextAnswer, ContextItem, ContextTask, Excerpt } from "./schema/context.ts";
export { ItemLimits, RunLimits } from "./schema/limits.ts";
export { ItemRecord } from "./schema/item-record.ts";
export { Feedback, RefinementAnswer, RefinementItem, RefinementTask } from "./schema/refinement.ts";
export { PairComparison, RankedRun, Ranking } from "./schema/ranking.ts";
export { Badge, CorpusManifest, Profile, RecordedUsage, Report, ReportedOracle } from "./schema/report.ts";
export {
  Baseline,
  CategoryScore,
  CorpusScore,
  EdgeCounts,
  InLanguagesRead,
  ItemOutcome,
  LevelScore,
  StratumScore,
} from "./schema/score.ts";
export {
  CallGraphTask,
  CallSiteItem,
  CATEGORIES,
  Category,
  ChangeItem,
  ChangeTask,
  ProposalItem,
  PropositionItem,
  PropositionTask,
  RuleTask,
} from "./schema/task.ts";
export { RunOutput } from "./schema/cli-output.ts";
export { VerifyOutput } from "./schema/rescore.ts";
export { type RankOptions, rankReports } from "./scores/rank.ts";
export { MEASURED, weighedKind } from "./scores/scoring.ts";
export { SelfCheckEntry, SelfCheckResult } from "./schema/self-check.ts";
export { selfCheck, type SelfCheckOptions } from "./self-check.ts";
export { loadContexts } from "./tasks/application/context.ts";
export { loadRefinements } from "./tasks/application/refinement.ts";
export { writeRun } from "./write-run.ts";
