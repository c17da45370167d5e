/**
 * vitest bench. Version 5: `--reporter=json --outputFile=<file>`, the benchmarks of each test. Versions 1 to 4:
 * `--outputJson <file>`, groups of files. Samples are there where the benchmark kept them; else the median stands alone.
 */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { type IngestedCase, timed } from "./record.ts";
import { fromLatency, Latency } from "./tinybench-format.ts";

const Milliseconds = z.number().nonnegative();

const Grouped = z.looseObject({
  files: z.array(
    z.looseObject({
      groups: z.array(
        z.looseObject({
          fullName: z.string(),
          benchmarks: z.array(
            z.looseObject({ name: z.string().min(1), samples: z.array(Milliseconds), median: Milliseconds }),
          ),
        }),
      ),
    }),
  ),
});

const Tested = z.looseObject({
  testResults: z.array(
    z.looseObject({
      assertionResults: z.array(
        z.looseObject({
          fullName: z.string(),
          benchmarks: z
            .array(z.looseObject({ tasks: z.array(z.looseObject({ name: z.string().min(1), latency: Latency })) }))
            .optional(),
        }),
      ),
    }),
  ),
});

export function parseVitest(source: Source): IngestedCase[] {
  // The version is told apart before the whole is checked, so that a fault is reported where it is.
  if (/"testResults"\s*:/.test(source.text)) {
    return readJsonAs(source, Tested).testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ fullName, benchmarks = [] }) =>
        benchmarks.flatMap(({ tasks }) =>
          tasks.map(({ name, latency }) => fromLatency(`${fullName}/${name}`, latency)),
        ),
      ),
    );
  }
  return readJsonAs(source, Grouped).files.flatMap(({ groups }) =>
    groups.flatMap(({ fullName, benchmarks }) =>
      benchmarks.map(({ name, samples, median }) => {
        const given = samples.length > 0 ? samples : [median];
        // The name begins with the file's path; ids stay when the repository is moved.
        return timed(
          [...fullName.split(" > ").slice(1), name].join("/"),
          given.map((ms) => ms * 1e6),
          samples.length === 0,
        );
      }),
    ),
  );
}
