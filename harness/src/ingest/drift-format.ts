/**
 * The documented JSON, for tools that no reader knows:
 * `{"cases": [{"id": "parse", "unit": "ms", "direction": "lower", "samples": [1.2, 1.3]}]}`.
 *
 * `unit` is a time (ns, us, ms, s), a size (bytes, kB, MB, KiB, MiB), a rate (`ops/s` and the like) or `count`; `direction`
 * defaults to lower, of rates to higher. Samples are in the order taken; the process's value is their median.
 */
import * as z from "zod";
import { Direction } from "../gate/schema.ts";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { caseIdOf, type IngestedCase, unitOf } from "./record.ts";

export const DriftFormat = z.strictObject({
  schemaVersion: z.literal(1).optional(),
  cases: z.array(
    z.strictObject({
      id: z.string().min(1),
      unit: z.string().refine((text) => unitOf(text) !== undefined, "no known unit"),
      direction: Direction.optional(),
      samples: z.array(z.number().nonnegative()).min(1),
      /** Whether warming up ended at its cap. */
      warmupCapped: z.boolean().optional(),
    }),
  ),
});

export function parseDrift(source: Source): IngestedCase[] {
  return readJsonAs(source, DriftFormat).cases.map(({ id, unit: text, direction, samples, warmupCapped }) => {
    const { factor, unit, metric, direction: usual } = unitOf(text) as NonNullable<ReturnType<typeof unitOf>>;
    return {
      ...{ caseId: caseIdOf(id), name: id, metric, unit, direction: direction ?? usual },
      samples: samples.map((value) => value * factor),
      summaryOnly: false,
      ...(warmupCapped === true && { warmupCapped }),
    };
  });
}
