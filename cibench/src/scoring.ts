/** The pure part of scoring, for who needs no tool, no corpus and no command line: small, and quick to load. */
export { canonicalJson } from "./canonical-json.ts";
export { judgeCallGraph } from "./evaluators/graph-edges.ts";
export { CallSiteAnswer } from "./schema/answer.ts";
