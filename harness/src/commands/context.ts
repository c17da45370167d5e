/** What every command is given by `main`: folders, clocks and streams, nothing global. */
import type { ProgressStream } from "../progress.ts";
import type { StartContext } from "../run.ts";

export interface CommandContext extends Omit<StartContext, "progress"> {
  stdout: { write(text: string): unknown };
  stderr: ProgressStream;
  /** Of the harness. */
  version: string;
  /** Where the command was typed. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Results go to standard output: as the record itself with `--json`, else as text. */
export function print<T>(context: CommandContext, json: boolean, record: T, text: (record: T) => string): void {
  context.stdout.write(`${json ? JSON.stringify(record, null, 2) : text(record)}\n`);
}
