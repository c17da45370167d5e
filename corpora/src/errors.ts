/** Stable codes of everything that can be expected to go wrong with a corpus. */
export type CorpusErrorCode =
  | "CORPUS_UNKNOWN"
  | "CORPUS_MANIFEST"
  | "CORPUS_OFFLINE"
  | "CORPUS_UNREACHABLE"
  | "CORPUS_CLIENT"
  | "CORPUS_COORDINATE"
  | "CORPUS_EXISTS"
  | "CORPUS_FOLDER"
  | "CORPUS_INTEGRITY"
  | "CORPUS_ARCHIVE"
  | "CORPUS_CACHE"
  | "CORPUS_GENERATOR"
  | "CORPUS_READING"
  | "CORPUS_TRUTH";

/** An expected failure: what happened, under a stable code, and in `hint` what to do next. */
export class CorpusError extends Error {
  readonly code: CorpusErrorCode;
  readonly hint?: string;

  constructor(code: CorpusErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "CorpusError";
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** Why something was not done, and what to do about it, as one line. */
export function reasonOf({ message, hint }: CorpusError): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

/** Whether a thrown value carries this system error code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
