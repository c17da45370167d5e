/** What every reader of another tool's output makes of it. */
import { DriftError } from "@drift/engine";
import * as z from "zod";
import { type Metric, SeriesKey } from "../gate/schema.ts";

/** One benchmark of another tool: its samples in the series' unit, in the order taken. */
export const IngestedCase = SeriesKey.extend({
  /** As the tool called it. */
  name: z.string().min(1),
  /** At least one; a tool that keeps only a summary gives its central value alone. */
  samples: z.array(z.number().nonnegative()).min(1),
  /** Whether the tool gave its samples, or only what it made of them. */
  summaryOnly: z.boolean(),
  /** True when the tool says that warming up ended at its cap. */
  warmupCapped: z.literal(true).optional(),
});
export type IngestedCase = z.infer<typeof IngestedCase>;

/** What is wrong with a file, and where. Lines count from 1. */
export function badOutput(file: string, line: number, what: string): DriftError {
  return new DriftError("INPUT_INVALID", `${file}:${line}: ${what}`, {
    hint: "Look whether the benchmark ended well and wrote the whole file.",
  });
}

/** A time of a series whose values are in ns. */
export function timed(name: string, samples: number[], summaryOnly = false): IngestedCase {
  return { caseId: caseIdOf(name), name, metric: "time", unit: "ns", direction: "lower", samples, summaryOnly };
}

/** A case id from any name: lower case, `::`, `.` between words and spaces made safe. */
export function caseIdOf(name: string): string {
  const parts = name
    .toLowerCase()
    .replaceAll("::", "/")
    .split("/")
    .map((part) => part.replaceAll(/[^a-z0-9._-]+/g, "-").replaceAll(/^[-._]+|-+$/g, ""))
    .filter(Boolean);
  return parts.join("/") || "case";
}

/** Gives cases whose ids became equal a number, in the order of the file. */
export function distinctIds(cases: readonly IngestedCase[]): IngestedCase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const key = `${one.caseId} ${one.metric}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? one : { ...one, caseId: `${one.caseId}-${count}` };
  });
}

/** What a unit's name means: factor to the series' unit, and the metric that such a value is of. */
export function unitOf(
  text: string,
): { factor: number; unit: SeriesKey["unit"]; metric: Metric; direction: SeriesKey["direction"] } | undefined {
  const time = TIME_UNITS[text];
  if (time !== undefined) return { factor: time, unit: "ns", metric: "time", direction: "lower" };
  const bytes = BYTE_UNITS[text];
  if (bytes !== undefined) return { factor: bytes, unit: "bytes", metric: "value", direction: "lower" };
  if (/^(\w+\/s|per-second|hz)$/i.test(text))
    return { factor: 1, unit: "per-second", metric: "rate", direction: "higher" };
  if (text === "count") return { factor: 1, unit: "count", metric: "value", direction: "lower" };
  return undefined;
}

export const TIME_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 6e10,
};

const BYTE_UNITS: Readonly<Record<string, number>> = {
  bytes: 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
