/** How much memory this process takes while a tool works in it. */
import { writeFileSync } from "node:fs";
import { residentPeak } from "./adapters/process-memory.ts";
import type { MemoryPeak } from "./schema/answer.ts";

/** Counts from each beginning on. */
export interface MemoryMeter {
  begin: () => void;
  /** Since the last beginning. */
  peak: () => MemoryPeak;
}

/** Of this process, with all that it holds already. Only Linux can count anew; elsewhere it is the peak since the process began. */
export function processMemory(): MemoryMeter {
  let isAnew = false;
  return {
    begin: () => {
      isAnew = resetPeak();
    },
    peak: () =>
      isAnew
        ? { peakBytes: residentPeak("self"), of: "process" }
        : { peakBytes: process.resourceUsage().maxRSS * 1024, of: "process-so-far" },
  };
}

/** Sets VmHWM to what is resident now (proc_pid_clear_refs(5)). */
function resetPeak(): boolean {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}
