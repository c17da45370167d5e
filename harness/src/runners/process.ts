/** Whole processes: wall time, processor time and peak memory of one command. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { DriftError } from "@drift/engine";

export interface Command {
  /** How it is named in results. */
  tool: string;
  file: string;
  args: string[];
  cwd: string;
  /** The whole environment; this process's own when absent. */
  env?: Record<string, string>;
  /** Exit codes that are no failure: some tools end with 1 when they found something. Default: 0 alone. */
  okCodes?: number[];
  /** Whether what it says on standard error counts as output as well. */
  mergeStderr?: boolean;
}

/** What one process cost. Null where this system does not tell. */
export interface ProcessCost {
  wallNs: number;
  /** User and system time of the process and the children it waited for; the kernel counts in ticks of 10 ms. */
  cpuNs: number | null;
  stdout: string;
}

/**
 * Runs a command to its end. Only one may run at a time: the kernel adds up the time of all finished children.
 *
 * @throws DriftError `PROCESS_FAILED` when it cannot be started or does not exit with 0
 */
export async function runProcess(command: Command): Promise<ProcessCost> {
  const before = childrenUsage();
  const start = process.hrtime.bigint();
  const { stdout } = await finished(command, spawn(command.file, command.args, SPAWN(command)));
  const wallNs = Number(process.hrtime.bigint() - start);
  const after = childrenUsage();
  return { wallNs, cpuNs: before === null || after === null ? null : after.cpuNs - before.cpuNs, stdout };
}

/**
 * Peak resident memory of a command in bytes: the kernel's high-water mark, read every 2 ms while it runs, so growth in
 * the last 2 ms can be missed. Kept apart from timing, which the reading would disturb. Null outside Linux.
 *
 * @throws DriftError `PROCESS_FAILED`
 */
export async function peakMemoryOf(command: Command): Promise<number | null> {
  const child = spawn(command.file, command.args, SPAWN(command));
  let peakBytes: number | null = null;
  const ended = new AbortController();
  const watch = async (pid: number): Promise<void> => {
    while (!ended.signal.aborted) {
      peakBytes = highWaterBytes(pid) ?? peakBytes;
      await pause(2);
    }
  };
  const watching = child.pid === undefined ? Promise.resolve() : watch(child.pid);
  try {
    await finished(command, child);
  } finally {
    ended.abort();
  }
  await watching;
  return peakBytes;
}

const SPAWN = (command: Command) => ({
  cwd: command.cwd,
  ...(command.env && { env: command.env }),
  stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
});

function finished(
  { tool, okCodes = [0], mergeStderr = false }: Command,
  child: ReturnType<typeof spawn>,
): Promise<{ stdout: string }> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => reject(new DriftError("PROCESS_FAILED", `cannot start ${tool}`, { cause })));
    child.on("close", (code, signal) => {
      if (code !== null && okCodes.includes(code)) {
        resolve({ stdout: Buffer.concat(mergeStderr ? [...stdout, ...stderr] : stdout).toString("utf8") });
      } else {
        const said = Buffer.concat(stderr).toString("utf8").trim().split("\n").at(-1) ?? "";
        reject(
          new DriftError("PROCESS_FAILED", `${tool} ended with ${signal ?? code}${said === "" ? "" : `: ${said}`}`),
        );
      }
    });
  });
}

const TICK_NS = 10_000_000; // USER_HZ is 100 on every Linux that Node supports.

/** What all finished children of this process used so far; null outside Linux. */
export function childrenUsage(): { cpuNs: number; pageFaults: number } | null {
  const stat = read("/proc/self/stat");
  if (stat === null) return null;
  // Fields behind the parenthesised name; of the line 11 and 13 are cminflt and cmajflt, 16 and 17 cutime and cstime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (n: number): number => Number(fields[n - 3]);
  return { cpuNs: (field(16) + field(17)) * TICK_NS, pageFaults: field(11) + field(13) };
}

function highWaterBytes(pid: number): number | null {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null; // Not Linux, or the process has just ended.
  }
}
