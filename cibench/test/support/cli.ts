/** The command line in this process. */
import type { Io } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/program.ts";
import { sourceCorpora } from "./source-corpus.ts";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Commands on the corpus of `source-corpus.ts`, whose files are at `root`. */
export function commandsOn(root: () => string): (...argv: string[]) => Promise<Ended> {
  return async (...argv) => {
    let [stdout, stderr] = ["", ""];
    const io: Io = {
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
      isTerminal: false,
      now: () => new Date("2026-11-23T12:00:00.000Z"),
      clock: () => 0,
      corpora: sourceCorpora(root()),
      code: () => "of this test",
      interrupted: async () => undefined,
    };
    return { code: await runCli(argv, io), stdout, stderr };
  };
}
