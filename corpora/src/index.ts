export { defaultCacheDir } from "./cache.ts";
export { deriveCallGraphTruth, type DeriveOptions } from "./derive/call-graph.ts";
export { Dispute, disputeItem } from "./derive/dispute.ts";
export { loadCallGraphTruth } from "./derive/load.ts";
export { type LayeredTruth, loadLayeredTruth } from "./derive/load-layered.ts";
export { type ChangedText, type ChangeTruth, loadChangeTruth } from "./derive/load-mutations.ts";
export { loadRuleTruth } from "./derive/load-rules.ts";
export { Importers } from "./derive/mutation/importers.ts";
export { CorpusError, type CorpusErrorCode } from "./errors.ts";
export { type FetchedCorpus, fetchCorpus, type FetchOptions, fetchTestDependencies } from "./fetch.ts";
export { generateProject, projectTruth, writeProject } from "./generate/calls.ts";
export { freshCorpus, freshOf } from "./generate/layered/fresh.ts";
export { generateLayered, headerOf, type LayeredOptions } from "./generate/layered/project.ts";
export { LayeredLanguage } from "./generate/layered/language.ts";
export { LayeredFact, LayeredHeader } from "./generate/layered/truth.ts";
export { PROJECT_FOLDER, TRUTH_FILE, writeLayered } from "./generate/layered/write.ts";
export { InitReport, initOwnCorpus, loadOwnCorpus } from "./init.ts";
export { APART, CorpusSpec, Language, listCorpora, SizeClass } from "./manifest.ts";
export { betweenMarkers, markdownTable } from "./markdown.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { countVerdicts, drawByHash, keepVerdicts, shareCells, shareOf, Verdict } from "./readings/verdict.ts";
export { CANARY } from "./truth/canary.ts";
export { ChangeTruth as ReleaseTruth } from "./truth/change-schema.ts";
export { DeletionTruth } from "./truth/deletion-schema.ts";
export { type FileImports, ImportScanner, reachable } from "./truth/import-scan.ts";
export {
  compilePairsOf,
  ContrastivePair,
  Effect,
  MutationItem,
  MutationTruth,
  Operator,
  readStoredMutations,
  setF1,
} from "./truth/mutation.ts";
export { decodeTruth } from "./truth/stored-form.ts";
export { RuleItem, RulePair, RuleTruth } from "./truth/rule-schema.ts";
export { inRandomOrder, sampledTruth } from "./truth/sample.ts";
export { scoreItem } from "./truth/item-score.ts";
export {
  CallGraphTruth,
  Definition,
  Oracle,
  ItemBaselines,
  Position,
  ProvenanceKind,
  restsOn,
  SiteSyntax,
  SiteTruth,
  Span,
  Stratum,
  Target,
} from "./truth/schema.ts";
export { variantCorpus } from "./variants/make.ts";
export { RenamedPlaces } from "./variants/renamed-places.ts";
export { VariantKind, VariantTable } from "./variants/schema.ts";
