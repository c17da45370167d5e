/**
 * BenchmarkDotNet: the JSON of `JsonExporter.Full` (`*-report-full.json`). Samples are the measurements of stage `Result`
 * of the actual workload, ns by operations; in a brief report the median stands alone.
 */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { badOutput, type IngestedCase, timed } from "./record.ts";

const Measurement = z.looseObject({
  IterationMode: z.string(),
  IterationStage: z.string(),
  Operations: z.number().positive(),
  Nanoseconds: z.number().nonnegative(),
});

const Dotnet = z.looseObject({
  Benchmarks: z.array(
    z.looseObject({
      FullName: z.string().min(1),
      Statistics: z.looseObject({ Median: z.number().nonnegative() }).nullable(),
      Measurements: z.array(Measurement).nullish(),
    }),
  ),
});

export function parseBenchmarkDotnet(source: Source): IngestedCase[] {
  return readJsonAs(source, Dotnet).Benchmarks.map(({ FullName: name, Statistics, Measurements }) => {
    const samples = (Measurements ?? [])
      .filter(({ IterationMode: mode, IterationStage: stage }) => mode === "Workload" && stage === "Result")
      .map(({ Nanoseconds: ns, Operations: operations }) => ns / operations);
    if (samples.length > 0) return timed(name, samples);
    if (Statistics !== null) return timed(name, [Statistics.Median], true);
    const line = source.text.slice(0, source.text.indexOf(JSON.stringify(name))).split("\n").length;
    throw badOutput(source.name, line, `${name} has no result: it failed`);
  });
}
