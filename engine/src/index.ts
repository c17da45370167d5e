/** The public surface of the engine. Read `project.ts` first. */
export type { Convention } from "./conventions.ts";
export { DriftError } from "./errors.ts";
export { open } from "./project.ts";
export type { IndexOptions, OpenOptions, Project, ReachOptions } from "./project.ts";
export type { WatchOptions } from "./watch.ts";
export type {
  CallGraph,
  CallSite,
  CallSiteKind,
  CallTarget,
  FlowAnswer,
  FlowPlace,
  FlowSink,
  FlowStep,
  FunctionSymbol,
  IndexProgress,
  IndexStats,
  IndexSummary,
  ReachedFunction,
  SkippedFile,
  SymbolQuery,
} from "./types.ts";
