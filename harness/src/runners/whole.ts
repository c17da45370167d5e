/** A whole process as a measurement: wall time, processor time, peak memory, page faults. */
import { DriftError } from "@drift/engine";
import { median } from "simple-statistics";
import type { ProcessCase } from "../gate/config.ts";
import type { Metric, MetricUnit } from "../gate/schema.ts";
import { argumentsOf, runCommand } from "./command.ts";
import { childrenUsage, peakMemoryOf } from "./process.ts";
import { type Place, type Reading, valueOf } from "./reading.ts";
import { starterOf } from "./usage.ts";

const UNITS: Record<ProcessCase["metrics"][number], MetricUnit> = {
  wall: "ns",
  cpu: "ns",
  "peak-memory": "bytes",
  "page-faults": "count",
};

/**
 * Runs the command as often as the case says. All metrics are of the same processes, exactly, where there is a starter;
 * elsewhere Linux's sums of finished children are read, and peak memory while processes of their own run.
 *
 * @throws DriftError `PROCESS_FAILED`, `TOOL_MISSING` where the system does not tell a metric
 */
export async function runWhole(config: ProcessCase, place: Place): Promise<Reading[]> {
  const { id, repeat, metrics } = config;
  const values = new Map<Metric, number[]>(metrics.map((metric) => [metric, []]));
  // Wall time alone needs nobody in between.
  const starter = metrics.every((metric) => metric === "wall") ? null : starterOf();
  for (let i = 0; i < repeat; i++) {
    const costs = starter === null ? await costsBySums(config, place) : await costsByStarter(config, place, starter);
    for (const metric of metrics) {
      const value = costs[metric];
      if (value !== null) values.get(metric)?.push(value);
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

type Costs = Record<ProcessCase["metrics"][number], number | null>;

async function costsByStarter(config: ProcessCase, place: Place, starter: string): Promise<Costs> {
  const { usage } = await runCommand({ ...runOf(config, place), starter });
  if (usage === null) throw new DriftError("PROCESS_FAILED", `nothing is known of what "${config.id}" used`);
  const { wallNs, userNs, systemNs, peakBytes, pageFaults } = usage;
  return { wall: wallNs, cpu: userNs + systemNs, "peak-memory": peakBytes, "page-faults": pageFaults };
}

async function costsBySums(config: ProcessCase, place: Place): Promise<Costs> {
  const costs: Costs = { wall: null, cpu: null, "peak-memory": null, "page-faults": null };
  if (config.metrics.some((metric) => metric !== "peak-memory")) {
    const before = childrenUsage();
    costs.wall = (await runCommand(runOf(config, place))).wallNs;
    const after = childrenUsage();
    if (before !== null && after !== null) {
      costs.cpu = after.cpuNs - before.cpuNs;
      costs["page-faults"] = after.pageFaults - before.pageFaults;
    }
  }
  if (config.metrics.includes("peak-memory")) {
    const [file, ...args] = argumentsOf(config.command);
    const { folder, env } = place;
    costs["peak-memory"] = await peakMemoryOf({ tool: config.id, file, args, cwd: folder, env });
  }
  return costs;
}

function runOf({ command, timeoutSeconds }: ProcessCase, { folder, env }: Place) {
  return { command, folder, env, timeoutMs: timeoutSeconds * 1000, keepOutput: false };
}
