/**
 * JMH: `-rf json -rff <file>`. Iterations of all forks are the samples; a mode that counts per time is a rate. The unit is
 * read from `scoreUnit`, like `us/op` or `ops/ms`.
 */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { badOutput, caseIdOf, type IngestedCase, TIME_UNITS } from "./record.ts";

const Jmh = z.array(
  z.looseObject({
    benchmark: z.string().min(1),
    mode: z.string(),
    params: z.record(z.string(), z.string()).optional(),
    primaryMetric: z.looseObject({
      score: z.union([z.number(), z.literal("NaN")]),
      scoreUnit: z.string(),
      rawData: z.array(z.array(z.number().nonnegative())).optional(),
      rawDataHistogram: z.unknown().optional(),
    }),
  }),
);

export function parseJmh(source: Source): IngestedCase[] {
  return readJsonAs(source, Jmh).map(({ benchmark, mode, params = {}, primaryMetric }) => {
    const { score, scoreUnit, rawData = [] } = primaryMetric;
    const line = source.text.slice(0, source.text.indexOf(JSON.stringify(benchmark))).split("\n").length;
    const kind = kindOf(scoreUnit);
    if (kind === undefined) throw badOutput(source.name, line, `${benchmark}: the unit "${scoreUnit}" is not known`);
    const raw = rawData.flat();
    const samples = raw.length > 0 ? raw : [score].filter((value) => typeof value === "number");
    if (samples.length === 0) throw badOutput(source.name, line, `${benchmark}: it has no value`);
    const named = Object.entries(params).map(([key, value]) => `${key}=${value}`);
    // Two modes of one benchmark are two cases, and so are two settings of its parameters.
    const name = [benchmark, mode === "avgt" ? "" : mode, ...named].filter(Boolean).join("/");
    const { factor, ...rest } = kind;
    return {
      ...{ caseId: caseIdOf(name), name, ...rest },
      samples: samples.map((value) => value * factor),
      summaryOnly: raw.length === 0,
    };
  });
}

function kindOf(unit: string): (Pick<IngestedCase, "metric" | "unit" | "direction"> & { factor: number }) | undefined {
  const [, time] = /^(\S+)\/op$/.exec(unit) ?? [];
  const perOperation = TIME_UNITS[time ?? ""];
  if (perOperation !== undefined) return { metric: "time", unit: "ns", direction: "lower", factor: perOperation };
  const [, per] = /^ops\/(\S+)$/.exec(unit) ?? [];
  const ns = TIME_UNITS[per ?? ""];
  return ns === undefined ? undefined : { metric: "rate", unit: "per-second", direction: "higher", factor: 1e9 / ns };
}
