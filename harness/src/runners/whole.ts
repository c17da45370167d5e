/** A whole process as a measurement: wall time, processor time, peak memory, page faults. */
import { DriftError } from "@drift/engine";
import { median } from "simple-statistics";
import type { ProcessCase } from "../gate/config.ts";
import type { Metric, MetricUnit } from "../gate/schema.ts";
import { argumentsOf, runCommand } from "./command.ts";
import { childrenUsage, peakMemoryOf } from "./process.ts";
import { type Place, type Reading, valueOf } from "./reading.ts";

const UNITS: Record<ProcessCase["metrics"][number], MetricUnit> = {
  wall: "ns",
  cpu: "ns",
  "peak-memory": "bytes",
  "page-faults": "count",
};

/**
 * Runs the command as often as the case says. Peak memory is read while processes of their own run, which would disturb
 * the timing of the others.
 *
 * @throws DriftError `PROCESS_FAILED`, `TOOL_MISSING` where the system does not tell a metric
 */
export async function runWhole(config: ProcessCase, { folder, env }: Place): Promise<Reading[]> {
  const { id, command, timeoutSeconds, repeat, metrics } = config;
  const run = { command, folder, env, timeoutMs: timeoutSeconds * 1000, keepOutput: false };
  const values = new Map<Metric, number[]>(metrics.map((metric) => [metric, []]));
  for (let i = 0; i < repeat; i++) {
    if (metrics.some((metric) => metric !== "peak-memory")) {
      const before = childrenUsage();
      const { wallNs } = await runCommand(run);
      const after = childrenUsage();
      values.get("wall")?.push(wallNs);
      if (before !== null && after !== null) {
        values.get("cpu")?.push(after.cpuNs - before.cpuNs);
        values.get("page-faults")?.push(after.pageFaults - before.pageFaults);
      }
    }
    if (metrics.includes("peak-memory")) {
      const [file, ...args] = argumentsOf(command);
      const bytes = await peakMemoryOf({ tool: id, file, args, cwd: folder, env });
      if (bytes !== null) values.get("peak-memory")?.push(bytes);
    }
  }
  return metrics.map((metric) => {
    const samples = values.get(metric) ?? [];
    if (samples.length === 0)
      throw new DriftError("TOOL_MISSING", `this system does not tell the ${metric} of a process`, {
        hint: "Linux does; leave the metric out elsewhere.",
      });
    return {
      ...{ caseId: id, metric, unit: UNITS[metric], direction: "lower" as const },
      value: { ...valueOf(samples), value: median(samples) },
    };
  });
}
