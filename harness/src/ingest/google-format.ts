/**
 * Google Benchmark: `--benchmark_out=<file> --benchmark_out_format=json`. Repetitions are the samples of the wall time
 * (`real_time`); where only aggregates were kept, their median.
 */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { badOutput, type IngestedCase, timed, TIME_UNITS } from "./record.ts";

const Google = z.looseObject({
  benchmarks: z.array(
    z.looseObject({
      name: z.string().min(1),
      run_name: z.string().optional(),
      run_type: z.enum(["iteration", "aggregate"]).default("iteration"),
      aggregate_name: z.string().optional(),
      error_occurred: z.boolean().optional(),
      error_message: z.string().optional(),
      real_time: z.number().nonnegative().optional(),
      time_unit: z.enum(["ns", "us", "ms", "s"]).default("ns"),
    }),
  ),
});

export function parseGoogle(source: Source): IngestedCase[] {
  const samples = new Map<string, number[]>();
  const medians = new Map<string, number>();
  for (const one of readJsonAs(source, Google).benchmarks) {
    const { name, run_name: runName = name, run_type: type, real_time: time, time_unit: unit } = one;
    const line = source.text.slice(0, source.text.indexOf(JSON.stringify(name))).split("\n").length;
    if (one.error_occurred === true)
      throw badOutput(source.name, line, `${name} failed: ${one.error_message ?? "it did not say why"}`);
    const factor = TIME_UNITS[unit] as number;
    if (type === "aggregate") {
      if (one.aggregate_name === "median" && time !== undefined) medians.set(runName, time * factor);
      continue;
    }
    if (time === undefined) throw badOutput(source.name, line, `${name} has no time`);
    samples.set(runName, [...(samples.get(runName) ?? []), time * factor]);
  }
  return [
    ...[...samples].map(([name, times]) => timed(name, times)),
    ...[...medians].filter(([name]) => !samples.has(name)).map(([name, median]) => timed(name, [median], true)),
  ];
}
