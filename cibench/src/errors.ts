/** Stable codes of what can be expected to go wrong. */
export type CibenchErrorCode =
  | "NO_CORPORA"
  | "UNKNOWN_TOOL"
  | "BAD_OPTION"
  | "UNKNOWN_CORPUS"
  | "REPORT_UNREADABLE"
  | "ITEMS_UNREADABLE"
  | "OUTPUT_UNWRITABLE"
  | "SUITE_UNREADABLE"
  | "TRUTH_UNREADABLE"
  | "NOT_COMPARABLE"
  | "NOT_MERGEABLE"
  | "LINES_UNREADABLE"
  | "TABLE_UNREADABLE"
  | "READINGS_UNREADABLE"
  | "RATINGS_UNREADABLE"
  | "PORT_UNAVAILABLE"
  | "NO_SANDBOX"
  | "EMBEDDER_FAILED";

/** An expected failure: what happened, under a stable code, and in `hint` what to do next. */
export class CibenchError extends Error {
  override readonly name = "CibenchError";
  readonly code: CibenchErrorCode;
  readonly hint: string | undefined;

  constructor(code: CibenchErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
