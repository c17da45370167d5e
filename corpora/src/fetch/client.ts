/** Runs an ecosystem's own client, with the user's configuration of it. */
import { execa } from "execa";
import { CorpusError, isCode } from "../errors.ts";
import { type FetchContext, unreachableError } from "./context.ts";

const TEN_MINUTES_MS = 600_000;

/**
 * @param run `label` is what is fetched, `folder` where the client runs: an empty one, so that no project of the user's
 *   is taken for its own
 * @returns standard output
 * @throws CorpusError `CORPUS_CLIENT` when the client is not installed; `CORPUS_UNREACHABLE` when it fails
 */
export async function runClient(
  command: readonly [string, ...string[]],
  run: { label: string; folder: string; context: FetchContext; env?: Record<string, string> },
): Promise<string> {
  const [program, ...args] = command;
  const result = await execa(program, args, {
    cwd: run.folder,
    env: { ...run.context.env, ...run.env },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: TEN_MINUTES_MS,
    maxBuffer: 16 * 2 ** 20,
  });
  if (isCode(result.cause, "ENOENT")) {
    throw new CorpusError("CORPUS_CLIENT", `${run.label} needs ${program}, which is not installed here`, {
      hint: `Install ${program} and see that it is on PATH.`,
    });
  }
  if (result.failed) {
    const said = `${result.stderr}\n${result.stdout}`
      .trim()
      .split("\n")
      .filter((line) => line.trim() !== "");
    const why = result.timedOut
      ? "no end after 10 minutes"
      : (said.find((line) => /error|fatal|^E:/i.test(line)) ?? said.at(-1) ?? "no reason given");
    const hint = `Check the network, the name and version, and how ${program} is configured on this computer.`;
    throw unreachableError(run.label, `${program}: ${why.trim().slice(0, 200)}`, hint, result.cause);
  }
  return result.stdout;
}
