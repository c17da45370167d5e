/** Runs one command of a case to its end, in a given environment and no other. */
import { spawn } from "node:child_process";
import { DriftError } from "@drift/engine";
import { type ProcessUsage, spawnMeasured } from "./usage.ts";

export interface CommandRun {
  command: string | readonly string[];
  folder: string;
  env: Record<string, string>;
  timeoutMs: number;
  /** Whether standard output is wanted; else it is thrown away. */
  keepOutput: boolean;
  /** What {@link starterOf} found, when the kernel's counts are wanted; absent or null: plainly started. */
  starter?: string | null;
}

export interface CommandResult {
  wallNs: number;
  stdout: string;
  /** Null without a starter. */
  usage: ProcessUsage | null;
}

/** Output past this is refused: it would fill the memory. */
const LARGEST_OUTPUT_BYTES = 64 * 1024 ** 2;

/** Program and arguments; one line goes through `sh -c`. */
export function argumentsOf(command: string | readonly string[]): [string, ...string[]] {
  return typeof command === "string" ? ["sh", "-c", command] : [command[0] as string, ...command.slice(1)];
}

/** @throws DriftError `PROCESS_FAILED` when it can't be started, fails, takes too long or says too much */
export async function runCommand(run: CommandRun): Promise<CommandResult> {
  const [file, ...args] = argumentsOf(run.command);
  const said = typeof run.command === "string" ? run.command : run.command.join(" ");
  const failed = (what: string, cause?: unknown): DriftError =>
    new DriftError("PROCESS_FAILED", `"${said}" ${what}`, {
      hint: "Run it by hand in the work tree to see all of it.",
      cause,
    });
  const start = process.hrtime.bigint();
  const stdio = ["ignore", run.keepOutput ? "pipe" : "ignore", "pipe"] as ["ignore", "pipe" | "ignore", "pipe"];
  const place = { cwd: run.folder, env: run.env, stdio };
  const measured = run.starter ? spawnMeasured(run.starter, [file, ...args], place) : null;
  const child = measured?.child ?? spawn(file, args, place);
  const output: Buffer[] = [];
  let bytes = 0;
  let lastWords = "";
  let stopped: string | null = null;
  const stop = (why: string): void => {
    stopped = why;
    if (measured === null) child.kill("SIGKILL");
    else measured.stop();
    // A grandchild may keep the pipes open; nobody waits for it.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  child.stdout?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LARGEST_OUTPUT_BYTES) stop(`wrote more than ${LARGEST_OUTPUT_BYTES / 1024 ** 2} MB`);
    else output.push(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => (lastWords = (lastWords + chunk.toString("utf8")).slice(-2000)));
  const timer = setTimeout(() => stop(`took longer than ${run.timeoutMs / 1000} s`), run.timeoutMs);
  let wallNs = 0;
  let usage: ProcessUsage | null = null;
  try {
    await new Promise<void>((resolve, reject) => {
      child.on("error", (cause) => reject(failed("cannot be started", cause)));
      child.on("exit", () => (wallNs = Number(process.hrtime.bigint() - start)));
      child.on("close", (code, signal) => {
        usage = measured?.usage() ?? null;
        const startError = measured?.startError() ?? null;
        if (stopped !== null) reject(failed(stopped));
        else if (startError !== null) reject(failed(`cannot be started: ${startError}`));
        else if (code === 0) resolve();
        else reject(failed(`ended with ${signal ?? code}${lastLine(lastWords)}`));
      });
    });
  } finally {
    clearTimeout(timer);
  }
  return { wallNs, stdout: Buffer.concat(output).toString("utf8"), usage };
}

function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : `: ${line}`;
}
