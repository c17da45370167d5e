/** hyperfine: `--export-json <file>`, times in s. A run that failed (`--ignore-failure`) makes the command no benchmark. */
import * as z from "zod";
import { readJsonAs } from "./json-source.ts";
import type { Source } from "./read.ts";
import { badOutput, type IngestedCase, timed } from "./record.ts";

const Hyperfine = z.looseObject({
  results: z.array(
    z.looseObject({
      command: z.string().min(1),
      times: z.array(z.number().nonnegative()).min(1),
      exit_codes: z.array(z.int().nullable()).optional(),
    }),
  ),
});

export function parseHyperfine(source: Source): IngestedCase[] {
  return readJsonAs(source, Hyperfine).results.map(({ command, times, exit_codes: codes = [] }) => {
    const failed = codes.findIndex((code) => code !== 0);
    if (failed >= 0) {
      const line = source.text.slice(0, source.text.indexOf(JSON.stringify(command))).split("\n").length;
      throw badOutput(source.name, line, `run ${failed + 1} of "${command}" ended with ${codes[failed] ?? "a signal"}`);
    }
    return timed(
      command,
      times.map((seconds) => seconds * 1e9),
    );
  });
}
