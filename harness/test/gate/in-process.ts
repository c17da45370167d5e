/** `drift-bench` within this process, in a folder of the test's own, with what it printed and answered. */
import { Command } from "commander";
import type { CommandContext } from "../../src/commands/context.ts";
import { addDriftBench, type Answer } from "../../src/drift-bench.ts";
import { resultPaths } from "../../src/store/run-file.ts";

export interface Said {
  output: string;
  progress: string;
  /** Null when it ended without one. */
  answer: Answer | null;
}

export async function driftBench(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Said> {
  const said: Said = { output: "", progress: "", answer: null };
  const context = {
    cwd,
    env,
    results: resultPaths(`${cwd}/results`),
    now: () => new Date(),
    clock: () => performance.now(),
    version: "0.1.0",
    stdout: { write: (text: string) => (said.output += text) },
    stderr: { write: (text: string) => (said.progress += text) },
  } as unknown as CommandContext;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addDriftBench(program, context, (code) => (said.answer = code));
  const settle = (command: Command): void => {
    for (const one of command.commands) {
      one.copyInheritedSettings(command);
      settle(one);
    }
  };
  settle(program);
  await program.parseAsync(["drift-bench", ...args], { from: "user" });
  return said;
}
