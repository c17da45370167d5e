export { deriveCallGraphTruth, type DeriveOptions } from "./derive/call-graph.ts";
export { CorpusError, type CorpusErrorCode } from "./errors.ts";
export { type FetchedCorpus, fetchCorpus, type FetchOptions, fetchTestDependencies } from "./fetch.ts";
export { generateProject, projectTruth, writeProject } from "./generate/calls.ts";
export { CorpusSpec, Language, listCorpora, SizeClass } from "./manifest.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { CANARY } from "./truth/canary.ts";
export {
  CallGraphTruth,
  Definition,
  Oracle,
  Position,
  ProvenanceKind,
  SiteSyntax,
  SiteTruth,
  Span,
  Stratum,
  Target,
} from "./truth/schema.ts";
