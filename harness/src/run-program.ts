/** Runs a program of commands; what it throws becomes one sentence and an exit code. */
import { type Command, CommanderError } from "commander";
import type { Answer } from "./drift-bench.ts";
import { exitCodeOf, messageOf } from "./exit-code.ts";

/** @param options.program told how a command answers other than by throwing @returns the exit code */
export async function runProgram(
  argv: readonly string[],
  options: { program: (answer: (code: Answer) => void) => Command; stderr: { write(text: string): unknown } },
): Promise<number> {
  const { program, stderr } = options;
  try {
    let code: Answer = 0;
    await program((answer) => (code = answer)).parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // Commander has said it already.
    const code = exitCodeOf(error);
    stderr.write(`${messageOf(error)}\n`);
    if (code === 70) stderr.write(`${String((error as Error).stack)}\n`);
    return code;
  }
}
