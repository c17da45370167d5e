/** What about this machine makes timings unsteady: read from the system, null where it does not tell. */
import * as fs from "node:fs";
import * as path from "node:path";

export interface Conditions {
  /** How the clock rate is chosen (`performance`, `powersave` …). */
  governor: string | null;
  /** Whether the clock may rise above its base rate for a while. */
  turbo: boolean | null;
  /** One-minute load, and cores to carry it. */
  load: number;
  cores: number;
  /** Cores' worth of time that a cgroup allows; null without a limit. */
  cpuLimit: number | null;
  /** Periods in which that limit stopped us so far. */
  throttled: number | null;
  memoryLimitBytes: number | null;
  /** Share of time that the hypervisor gave to others since the machine started. */
  stolen: number | null;
  virtual: boolean | null;
  /** Smallest step of the timer that was seen, in ns. */
  timerStepNs: number;
}

/** @param root where `/proc` and `/sys` are; another folder in tests */
export function readConditions(machine: {
  root: string;
  load: number;
  cores: number;
  clock: () => bigint;
}): Conditions {
  const { root, load, cores, clock } = machine;
  const read = (file: string): string | null => {
    try {
      return fs.readFileSync(path.join(root, file), "utf8").trim();
    } catch {
      return null; // The file is a courtesy of some systems; its absence is an answer.
    }
  };
  const number = (text: string | undefined | null): number | null =>
    text === undefined || text === null || !/^\d+$/.test(text) ? null : Number(text);
  const [quota, period] = read("sys/fs/cgroup/cpu.max")?.split(" ") ?? [];
  const limited = number(quota);
  const noTurbo = read("sys/devices/system/cpu/intel_pstate/no_turbo");
  const boost = read("sys/devices/system/cpu/cpufreq/boost");
  const cpu = /^cpu +(.+)$/m
    .exec(read("proc/stat") ?? "")?.[1]
    ?.split(/\s+/)
    .map(Number);
  // user nice system idle iowait irq softirq steal; guest time is part of user time.
  const total = cpu?.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
  const info = read("proc/cpuinfo");
  return {
    governor: read("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
    turbo: noTurbo !== null ? noTurbo === "0" : boost !== null ? boost === "1" : null,
    load,
    cores,
    cpuLimit: limited === null ? null : limited / Number(period ?? 100_000),
    throttled: number(/^nr_throttled (\d+)$/m.exec(read("sys/fs/cgroup/cpu.stat") ?? "")?.[1]),
    memoryLimitBytes: number(read("sys/fs/cgroup/memory.max")),
    stolen: cpu?.[7] === undefined || total === undefined || total === 0 ? null : cpu[7] / total,
    virtual: info === null ? null : /^flags\s*:.*\bhypervisor\b/m.test(info),
    timerStepNs: timerStep(clock),
  };
}

function timerStep(clock: () => bigint): number {
  let least = Infinity;
  for (let i = 0; i < 2000; i++) {
    const start = clock();
    let now = clock();
    while (now === start) now = clock();
    least = Math.min(least, Number(now - start));
  }
  return least;
}

/** What of it disturbs, in plain words, each with what to do; empty when nothing does. */
export function complaints(found: Conditions): string[] {
  const { governor, turbo, load, cores, cpuLimit, throttled, stolen, timerStepNs } = found;
  const said: (string | false)[] = [
    load > 0.5 * cores &&
      `Other programs keep this machine busy (load ${load.toFixed(1)} on ${cores} cores): stop them, or measure longer.`,
    governor !== null &&
      governor !== "performance" &&
      `The clock rate follows the load (governor ${governor}): \`cpupower frequency-set -g performance\` holds it.`,
    turbo === true &&
      "The clock may rise for a while (turbo) and falls when it gets hot: switch it off in the firmware or in /sys.",
    cpuLimit !== null &&
      `A cgroup allows ${cpuLimit.toFixed(2)} cores${(throttled ?? 0) > 0 ? ` and stopped us ${throttled} times` : ""}: raise the limit.`,
    stolen !== null &&
      stolen > 0.01 &&
      `The hypervisor gave ${(100 * stolen).toFixed(1)} % of the time to others: a machine of your own has none of that.`,
    timerStepNs > 1000 &&
      `The timer moves in steps of ${timerStepNs} ns: let a sample last at least ${timerStepNs / 1000} ms.`,
    cores < 2 && "There is one core: what measures and what is measured share it.",
  ];
  return said.filter((one) => one !== false);
}
