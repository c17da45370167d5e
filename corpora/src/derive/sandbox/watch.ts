/** Looks at the processes of a sandbox while they run, and stops all of them when together they use too much. */
import { readdir, readFile, statfs } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxLimits } from "./limits.ts";
import { OWN_FOLDER, TEMPORARY } from "./own-folder.ts";

/** What there was too much of. */
export type Excess = "memory" | "processes" | "disk";

const EVERY_MS = 100;
const LONGEST_END_MS = 10_000;

/** Starts with the process `pid` and looks at all that descends from it; where there is no /proc it sees nothing. */
export class Watch {
  #excess: Excess | null = null;
  #members: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void>;
  readonly #pid: number;
  readonly #folder: string;
  readonly #limits: SandboxLimits;
  readonly #stop: () => void;
  #freeAtStart: number | null = null;

  constructor(pid: number, folder: string, limits: SandboxLimits, stop: () => void) {
    this.#pid = pid;
    this.#folder = folder;
    this.#limits = limits;
    this.#stop = stop;
    this.#looking = this.#look();
  }

  /** Call when the first process ended: the others end too, and are waited for. @returns what there was too much of */
  async end(): Promise<Excess | null> {
    clearTimeout(this.#timer);
    await this.#looking;
    clearTimeout(this.#timer);
    // A namespace ends its processes itself; where there is none, they would live on.
    for (let waited = 0; waited < LONGEST_END_MS; waited += 10) {
      const left = await this.#left();
      if (left.length === 0) break;
      for (const pid of left) end(pid);
      await sleep(10);
    }
    return this.#excess;
  }

  /** Processes that live on: of the last look, and what was started after it, which has the home that it was given. */
  async #left(): Promise<number[]> {
    const home = `HOME=${path.join(this.#folder, OWN_FOLDER, TEMPORARY)}`;
    const isOurs = async (pid: number): Promise<boolean> => {
      const environment = await readFile(path.join("/proc", String(pid), "environ"), "utf8").catch(() => "");
      return environment.split("\0").includes(home);
    };
    const found = await Promise.all(
      (await pids()).map(async (pid) =>
        (this.#members.includes(pid) || (await isOurs(pid))) && (await isRunning(pid)) ? pid : null,
      ),
    );
    return found.filter((pid) => pid !== null);
  }

  async #look(): Promise<void> {
    const { processes, memoryBytes, members } = await descendants(this.#pid);
    // Once the first process is gone the others have no way up to it: they are those of the last look.
    if (members.length > 0) this.#members = members;
    const free = await freeBytes(this.#folder);
    this.#freeAtStart ??= free;
    if (processes > this.#limits.processes) this.#excess = "processes";
    else if (memoryBytes > this.#limits.memoryBytes) this.#excess = "memory";
    else if (free !== null && (this.#freeAtStart ?? free) - free > this.#limits.diskBytes) this.#excess = "disk";
    if (this.#excess !== null) this.#stop();
    this.#timer = setTimeout(() => {
      this.#looking = this.#look();
    }, EVERY_MS);
  }
}

interface Process {
  pid: number;
  parent: number;
  threads: number;
  bytes: number;
}

/** A process and all below it: how many threads, and how much memory of their own. */
async function descendants(root: number): Promise<{ processes: number; memoryBytes: number; members: number[] }> {
  const all = (await Promise.all((await pids()).map(readProcess))).filter((one) => one !== null);
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found = all.filter(({ pid }) => pid === root);
  for (const one of found) found.push(...(children.get(one.pid) ?? []));
  return {
    processes: found.reduce((sum, { threads }) => sum + threads, 0),
    memoryBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    members: found.map(({ pid }) => pid),
  };
}

async function pids(): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function readProcess(pid: number): Promise<Process | null> {
  const status = await readFile(path.join("/proc", String(pid), "status"), "utf8").catch(() => null);
  if (status === null) return null;
  const number = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return {
    pid,
    parent: number("PPid"),
    threads: number("Threads"),
    bytes: 1024 * (number("RssAnon") + number("RssShmem")),
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile, or is in a namespace where it is not ours to end.
  }
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(path.join("/proc", String(pid), "status"), "utf8").catch(() => "");
  return /^State:\s+[^ZX]/m.test(status);
}

async function freeBytes(folder: string): Promise<number | null> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
}
