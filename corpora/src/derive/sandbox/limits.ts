/** What code in a sandbox may use. */
import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { execa } from "execa";

export interface SandboxLimits {
  /** Of all processes together, as their own memory (not what they share with others). */
  memoryBytes: number;
  /** Processes and threads at one time. */
  processes: number;
  /** Of processor time, for each process. */
  cpuSeconds: number;
  /** Of one file. */
  fileBytes: number;
  /** By which the free space of the disk may shrink. */
  diskBytes: number;
}

const GIB = 2 ** 30;

/** Ample for test suites of real projects, and far below what freezes a computer. */
export const DEFAULT_LIMITS: SandboxLimits = {
  memoryBytes: Math.min(8 * GIB, Math.floor(0.7 * totalmem())),
  processes: 1000,
  cpuSeconds: 3600,
  fileBytes: 2 * GIB,
  diskBytes: 10 * GIB,
};

/** The command under the limits that the kernel keeps for each process; without prlimit (util-linux), the command. */
export async function limitCommand(command: readonly string[], limits: SandboxLimits): Promise<string[]> {
  if (!(await hasPrlimit())) return [...command];
  const own = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const options = [
    option("cpu", limits.cpuSeconds, "Max cpu time", own),
    // Node reserves gigabytes that it never touches, so that this only stops what is faster than the watch.
    option("data", limits.memoryBytes + 8 * GIB, "Max data size", own),
    option("fsize", limits.fileBytes, "Max file size", own),
    // Of all processes of the user on older kernels, so that this is not the tight limit; the watch has that.
    option("nproc", 4 * limits.processes, "Max processes", own),
    "--core=0",
  ];
  return ["prlimit", ...options, "--", ...command];
}

/** A limit may be lowered, never raised above the one we have. */
function option(name: string, wanted: number, title: string, own: string): string {
  const hard = new RegExp(`^${title}\\s+\\S+\\s+(\\d+)`, "m").exec(own)?.[1];
  return `--${name}=${Math.floor(hard === undefined ? wanted : Math.min(wanted, Number(hard)))}`;
}

let prlimit: Promise<boolean> | undefined;

async function hasPrlimit(): Promise<boolean> {
  prlimit ??= execa("prlimit", ["--core=0", "--", "true"], { reject: false, stdio: "ignore" }).then(
    ({ exitCode }) => exitCode === 0,
  );
  return prlimit;
}
