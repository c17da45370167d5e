/** The public surface of the engine. Read `project.ts` first. */
export { DriftError } from "./errors.ts";
export { open } from "./project.ts";
export type { IndexOptions, OpenOptions, Project } from "./project.ts";
export type {
  CallGraph,
  CallSite,
  CallSiteKind,
  CallTarget,
  FunctionSymbol,
  IndexProgress,
  IndexStats,
  IndexSummary,
  SkippedFile,
  SymbolQuery,
} from "./types.ts";
