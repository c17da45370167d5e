/** Whole processes: wall time, processor time and peak memory of one command. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { DriftError } from "@drift/engine";
import { type ProcessUsage, spawnMeasured, starterOf } from "./usage.ts";

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
  /**
   * User and system time of the process and the children it waited for: of these alone where there is a starter, elsewhere
   * from the sum of all finished children, in ticks of 10 ms.
   */
  cpuNs: number | null;
  stdout: string;
}

/**
 * Runs a command to its end. Only one may run at a time: without a starter the kernel adds up the time of all children.
 *
 * @throws DriftError `PROCESS_FAILED` when it cannot be started or does not exit with 0
 */
export async function runProcess(command: Command): Promise<ProcessCost> {
  const starter = starterOf();
  if (starter !== null) {
    const { usage, stdout } = await runByStarter(command, starter);
    return { wallNs: usage.wallNs, cpuNs: usage.userNs + usage.systemNs, stdout };
  }
  const before = childrenUsage();
  const start = process.hrtime.bigint();
  const { stdout } = await finished(command, spawn(command.file, command.args, SPAWN(command)));
  const wallNs = Number(process.hrtime.bigint() - start);
  const after = childrenUsage();
  return { wallNs, cpuNs: before === null || after === null ? null : after.cpuNs - before.cpuNs, stdout };
}

/** The same with everything that the kernel counted. @throws DriftError `PROCESS_FAILED` */
async function runByStarter(command: Command, starter: string): Promise<{ usage: ProcessUsage; stdout: string }> {
  const { stdio } = SPAWN(command);
  const place = { cwd: command.cwd, env: command.env ?? process.env, stdio };
  const measured = spawnMeasured(starter, [command.file, ...command.args], place);
  const { stdout } = await finished(command, measured.child).catch((error: unknown) => {
    const why = measured.startError();
    if (why !== null) throw new DriftError("PROCESS_FAILED", `cannot start ${command.tool}`, { cause: why });
    throw error;
  });
  const usage = measured.usage();
  if (usage === null) throw new DriftError("PROCESS_FAILED", `nothing is known of what ${command.tool} used`);
  return { usage, stdout };
}

/**
 * Peak resident memory of a command in bytes: as the kernel counted it, where there is a starter. Elsewhere the high-water
 * mark is read every 2 ms while it runs, so growth in the last 2 ms can be missed, and timing is disturbed. Null where the
 * system does not tell.
 *
 * @throws DriftError `PROCESS_FAILED`
 */
export async function peakMemoryOf(command: Command): Promise<number | null> {
  const starter = starterOf();
  if (starter !== null) return (await runByStarter(command, starter)).usage.peakBytes;
  return polledPeakOf(command);
}

async function polledPeakOf(command: Command): Promise<number | null> {
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
