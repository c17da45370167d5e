/** An expected failure: a stable code, what happened, and what to do next. Exit code 3 unless said otherwise. */
export class DriftError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown; exitCode?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DriftError";
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 3;
  }
}

/** What a command that failed prints on standard error, and its exit code. A bug shows its stack and is 70. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  if (error instanceof DriftError) {
    const hint = error.hint === undefined ? "" : `\n${error.hint}`;
    return { text: `${error.code}: ${error.message}${hint}\n`, exitCode: error.exitCode };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `This is a bug in Drift.\n${stack}\n`, exitCode: 70 };
}
