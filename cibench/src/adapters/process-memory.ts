/** How much memory the processes of a tool take, as Linux counts it. */
import { readdirSync, readFileSync } from "node:fs";

/** Peaks of living processes are never missed; a process that ends sooner may be. */
const EVERY_MS = 200;

/** Looks at a process, its group and its descendants for as long as it is not stopped. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #peakBytes: number | null = null;

  /** @param pid of the first process, which leads its group */
  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
    this.#timer.unref();
  }

  /**
   * The greatest sum of the peaks (VmHWM) of all processes that lived at one time; pages that several share count in each.
   *
   * @returns null where there is no `/proc`, or the tool ended before it was looked at
   */
  peakBytes(): number | null {
    this.#look();
    return this.#peakBytes;
  }

  /** A last look, and none after it. */
  stop(): void {
    this.#look();
    clearInterval(this.#timer);
  }

  #look(): void {
    const sum = familyOf(this.#pid).reduce((bytes, pid) => bytes + residentPeak(pid), 0);
    if (sum > (this.#peakBytes ?? 0)) this.#peakBytes = sum;
  }
}

/** The peak resident set (VmHWM) of a process, in bytes; 0 for one that has ended. */
export function residentPeak(pid: number | "self"): number {
  const kib = /^VmHWM:\s*(\d+) kB$/m.exec(readProc(`${pid}/status`))?.[1];
  return Number(kib ?? 0) * 1024;
}

/** A process that leads its group, all of that group, and their descendants, also those in groups of their own. */
function familyOf(leader: number): number[] {
  const all = processes();
  const family = new Set<number>();
  for (let before = -1; before !== family.size;) {
    before = family.size;
    for (const { pid, parent, group } of all) {
      if (pid === leader || group === leader || family.has(parent)) family.add(pid);
    }
  }
  return [...family];
}

function processes(): { pid: number; parent: number; group: number }[] {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      // The name of the program stands in brackets, and may hold any.
      const fields = readProc(`${name}/stat`).split(") ").at(-1)?.split(" ") ?? [];
      const [, parent, group] = fields.map(Number);
      return parent === undefined || group === undefined ? [] : [{ pid: Number(name), parent, group }];
    });
}

/** Empty where the process has ended, or is none of ours. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return "";
  }
}
