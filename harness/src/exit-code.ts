/** One exit code per kind of failure, the same in every command. */

/** Codes of typed errors that mean "you asked for something that cannot be" (2) or "the answer is no" (1). */
const EXIT_CODES: Record<string, 1 | 2> = {
  RUN_UNKNOWN: 2,
  CORPUS_UNKNOWN: 2,
  FOLDER_MISSING: 2,
  CHECKOUT_MISSING: 2,
  BAD_LABEL: 2,
  BAD_SIZES: 2,
  INPUT_INVALID: 2,
  CONFIG_MISSING: 2,
  CONFIG_INVALID: 2,
  REF_UNKNOWN: 2,
  BAD_FLAGS: 2,
  EVENT_UNKNOWN: 2,
  ALERT_UNKNOWN: 2,
  SERIES_UNKNOWN: 2,
  PUBLISHED_IMMUTABLE: 1,
  RUN_NOT_REPRODUCIBLE: 1,
  RUN_ON_FIT: 1,
  SUBMISSION_REFUSED: 1,
  RERUN_DIFFERS: 1,
  FUZZ_FINDINGS: 1,
  HISTORY_LOST: 1,
  GROWS_TOO_FAST: 1,
  UNKNOWN_TOOL: 2,
  INDEX_WRONG: 1,
  KILLED_INDEX_BROKEN: 1,
};

/**
 * 1 the answer is no · 2 bad arguments · 3 something needed is missing or nothing could be measured · 70 a bug. A typed
 * error carries an upper-case code; anything else is a bug.
 */
export function exitCodeOf(error: unknown): 1 | 2 | 3 | 70 {
  return isTyped(error) ? (EXIT_CODES[error.code] ?? 3) : 70;
}

/** What happened and the next step, in one line each. */
export function messageOf(error: unknown): string {
  if (!isTyped(error)) return `a bug in Drift: ${error instanceof Error ? error.message : String(error)}`;
  return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
}

interface TypedError extends Error {
  code: string;
  hint?: string;
}

const TYPED_NAMES: ReadonlySet<string> = new Set(["DriftError", "CorpusError", "CibenchError"]);

function isTyped(error: unknown): error is TypedError {
  return error instanceof Error && TYPED_NAMES.has(error.name) && "code" in error && typeof error.code === "string";
}
