/** An expected failure: a stable code, what happened, and what to do next. */
export class DriftError extends Error {
  override readonly name = "DriftError";
  /** Stable, upper case, e.g. `ROOT_MISSING`; scripts may depend on it. */
  readonly code: string;
  /** The next step, as a sentence or a command. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
