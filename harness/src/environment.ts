/**
 * The fingerprint of a testbed and of the sources under test. It holds no host name, no user name and no path: what
 * is published here identifies a kind of machine, never a person's.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as os from "node:os";
import { execa } from "execa";
import type { Commit, Environment } from "./store/schema.ts";

/** What the fingerprint is read from; tests replace it. */
export interface Machine {
  cpuModel: string;
  cores: number;
  memoryBytes: number;
  architecture: string;
  platform: string;
  /** The distribution's own name, or null where the system has none. */
  distribution: string | null;
  kernel: string;
  nodeVersion: string;
  rustcVersion: string | null;
  governor: string | null;
}

/** The environment that a machine stands for; equal machines have the same id. */
export function fingerprint(machine: Machine): Environment {
  const fields = {
    cpuModel: machine.cpuModel.trim().replaceAll(/\s+/g, " "),
    cores: machine.cores,
    memoryBytes: machine.memoryBytes,
    architecture: machine.architecture,
    os: [machine.platform, machine.distribution].filter(Boolean).join(" "),
    // A self-built kernel may carry its builder's machine behind the version; the version is what matters.
    kernel: /^\d+(\.\d+)*/.exec(machine.kernel)?.[0] ?? "unknown",
    nodeVersion: machine.nodeVersion,
    rustcVersion: machine.rustcVersion,
    governor: machine.governor,
  };
  const id = createHash("sha256").update(JSON.stringify(fields)).digest("hex").slice(0, 16);
  return { id, ...fields };
}

/** Reads this machine. What cannot be read is null, never guessed. */
export async function readMachine(): Promise<Machine> {
  const cpus = os.cpus();
  return {
    cpuModel: cpus[0]?.model ?? "unknown",
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    architecture: os.arch(),
    platform: os.platform(),
    distribution: readText("/etc/os-release", /^PRETTY_NAME="?(.*?)"?$/m),
    kernel: os.release(),
    nodeVersion: process.versions.node,
    rustcVersion: await outputOf("rustc", ["--version"], /^rustc (\S+)/),
    governor: readText("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", /^(\S+)/),
  };
}

/** The load of the last minute, in running processes. */
export function loadAverage(): number {
  return os.loadavg()[0] ?? 0;
}

/** The commit of a checkout, and whether anything but results differs from it. */
export async function readCommit(root: string): Promise<Commit> {
  const hash = await outputOf("git", ["-C", root, "rev-parse", "HEAD"], /^([0-9a-f]{40})/);
  if (hash === null) return { hash: null, dirty: null, committedAt: null };
  const changes = await outputOf(
    "git",
    ["-C", root, "status", "--porcelain", "--", ":/", ":(exclude,top)results"],
    /([^]*)/,
  );
  return {
    hash,
    dirty: changes === null ? null : changes.trim() !== "",
    committedAt: await outputOf("git", ["-C", root, "log", "-1", "--format=%cI"], /^(\S+)/),
  };
}

async function outputOf(command: string, args: string[], pattern: RegExp): Promise<string | null> {
  const result = await execa(command, args, { reject: false, stdin: "ignore" });
  return result.exitCode === 0 ? (pattern.exec(result.stdout)?.[1] ?? null) : null;
}

function readText(path: string, pattern: RegExp): string | null {
  try {
    return pattern.exec(readFileSync(path, "utf8"))?.[1] ?? null;
  } catch {
    return null; // The file is a courtesy of some systems; its absence is an answer.
  }
}
