/** A program under test as a process in a group of its own, which ends with whatever it started. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { MemoryWatch } from "./process-memory.ts";

const KEPT_COMPLAINTS = 200;

export class ToolProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly #child: ChildProcess;
  readonly #memory: MemoryWatch | null;
  #complaints = "";
  #failure: Error | null = null;

  /** @param command given to the shell, or a program with its arguments */
  constructor(command: string | readonly [string, ...string[]], signal?: AbortSignal) {
    const [program, args, shell] =
      typeof command === "string" ? [command, [], true] : [command[0], command.slice(1), false];
    this.#child = spawn(program, args, { shell, detached: true, stdio: "pipe" });
    const { stdin, stdout, stderr } = this.#child;
    if (stdin === null || stdout === null || stderr === null) throw new Error("the process has no streams");
    [this.stdin, this.stdout] = [stdin, stdout];
    const { pid } = this.#child;
    this.#memory = pid === undefined ? null : new MemoryWatch(pid);
    this.#child.on("error", (error) => (this.#failure = error));
    // Who ends early is noticed by what it no longer says.
    stdin.on("error", () => undefined);
    stderr.on("data", (part: Buffer) => {
      this.#complaints = (this.#complaints + part.toString()).slice(-KEPT_COMPLAINTS);
    });
    signal?.addEventListener("abort", () => this.kill(), { once: true });
    if (signal?.aborted === true) this.kill();
  }

  /** The most memory that all its processes had together up to now, in bytes (`process-memory.ts`); null where the system does not say. */
  peakBytes(): number | null {
    return this.#memory?.peakBytes() ?? null;
  }

  /** The whole group at once: a program that was asked to stop would have time to go on. */
  kill(): void {
    const { pid } = this.#child;
    this.#memory?.stop();
    this.stdout.destroy();
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }

  /** How it ended, with the end of what it wrote to standard error. Its output may end a moment before it does. */
  async ending(): Promise<Error> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      await within(new Promise((resolve) => child.once("exit", resolve)), 1000);
    }
    const { exitCode, signalCode } = child;
    const how =
      this.#failure?.message ?? (exitCode === null ? `by ${signalCode ?? "itself"}` : `with code ${exitCode}`);
    return new Error(`the program ended ${how}${this.#complaints === "" ? "" : `: ${this.#complaints.trim()}`}`);
  }
}

export const LATE = Symbol("not in time");

/** What comes of `promise`, or `LATE`; without a limit it is waited for. */
export async function within<T>(promise: Promise<T>, timeoutMs: number | null): Promise<T | typeof LATE> {
  if (timeoutMs === null) return promise;
  const { promise: late, resolve } = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => resolve(LATE), timeoutMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
