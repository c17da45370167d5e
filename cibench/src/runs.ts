/** Runs on disk, for who compares them: needs no tool, no corpus and no command line, and is quick to load. */
export { CibenchError } from "./errors.ts";
export { readRun, type StoredRun } from "./read-run.ts";
export type { ItemOutcome } from "./schema/score.ts";
export { macroF1Of } from "./scores/edge-table.ts";
export { itemCredit } from "./scores/item-credit.ts";
