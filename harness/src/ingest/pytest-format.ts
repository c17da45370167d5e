/**
 * pytest-benchmark: `--benchmark-json=<file>`, times in s. With `--benchmark-save-data` it holds the samples; without, the
 * median stands alone.
 */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { type IngestedCase, timed } from "./record.ts";

const Pytest = z.looseObject({
  benchmarks: z.array(
    z.looseObject({
      fullname: z.string().min(1),
      stats: z.looseObject({
        data: z.array(z.number().nonnegative()).min(1).optional(),
        median: z.number().nonnegative(),
      }),
    }),
  ),
});

export function parsePytest(source: Source): IngestedCase[] {
  return readJsonAs(source, Pytest).benchmarks.map(({ fullname, stats: { data, median } }) =>
    timed(
      fullname,
      (data ?? [median]).map((seconds) => seconds * 1e9),
      data === undefined,
    ),
  );
}
