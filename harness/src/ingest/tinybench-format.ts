/**
 * tinybench: `JSON.stringify(bench.tasks.map(({ name, result }) => ({ name, result })))`, times in ms. Samples are there
 * with `retainSamples: true` (sorted by tinybench, so that their order is lost); without them the median stands alone.
 */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { type IngestedCase, timed } from "./record.ts";

const Milliseconds = z.number().nonnegative();

/** What tinybench 3 and later say of the time of one call. */
export const Latency = z.looseObject({
  samples: z.array(Milliseconds).min(1).nullish(),
  p50: Milliseconds,
});

const Task = z.looseObject({
  name: z.string().min(1),
  result: z.looseObject({ state: z.literal("completed").optional(), latency: Latency }),
});

export function parseTinybench(source: Source): IngestedCase[] {
  return readJsonAs(source, z.array(Task)).map(({ name, result }) => fromLatency(name, result.latency));
}

export function fromLatency(name: string, { samples, p50 }: z.infer<typeof Latency>): IngestedCase {
  const given = samples ?? [p50];
  return timed(
    name,
    given.map((ms) => ms * 1e6),
    samples == null,
  );
}
