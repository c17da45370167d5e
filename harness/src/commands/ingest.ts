/** `drift-bench ingest`: what another tool measured, as this one sees it. */
import * as path from "node:path";
import { drawTable } from "@drift/cibench/draw-table";
import { DriftError } from "@drift/engine";
import { type Command, Option } from "commander";
import { median } from "simple-statistics";
import type { Answer } from "../drift-bench.ts";
import { FORMATS, type Format } from "../ingest/formats.ts";
import { detectFormat, readOutput } from "../ingest/read.ts";
import type { IngestedCase } from "../ingest/record.ts";
import { type CommandContext, print } from "./context.ts";

interface IngestFlags {
  format?: Format;
  json: boolean;
}

/** What `ingest --json` prints. */
export interface IngestReport {
  schemaVersion: 1;
  format: Format;
  cases: IngestedCase[];
}

export function addIngest(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  root
    .command("ingest <file>")
    .description("Read what another tool measured: its benchmarks as cases, values in ns, bytes, counts or per second.")
    .addOption(new Option("--format <name>", "the tool (default: told from the file)").choices(FORMATS))
    .option("--json", "print every sample as JSON", false)
    .addHelpText(
      "after",
      `
criterion: the folder target/criterion. tinybench: JSON of its tasks' names and results. vitest: --outputJson up to
version 4, --reporter=json from 5 on. hyperfine: --export-json. pytest-benchmark: --benchmark-json, best with
--benchmark-save-data. go: the text of go test -bench, or -json. jmh: -rf json. google-benchmark: --benchmark_out.
benchmarkdotnet: JsonExporter.Full. drift, for everything else:
  {"cases": [{"id": "parse", "unit": "ms", "direction": "lower", "samples": [1.2, 1.3]}]}
unit: ns us ms s, bytes kB MB KiB MiB, ops/s and the like, count. direction: lower or higher is better.

Exit code: 0 read, 2 the file is wrong (its line is named), 3 it cannot be read or holds no benchmark.`,
    )
    .action((file: string, flags: IngestFlags) => {
      ingestCommand(path.resolve(context.cwd, file), flags, context);
      answer(0);
    });
}

function ingestCommand(file: string, flags: IngestFlags, context: CommandContext): void {
  const format = flags.format ?? detectFormat(file);
  if (format === undefined)
    throw new DriftError("INPUT_INVALID", `${file}: no tool is known that writes this`, {
      hint: `Say which with --format: ${FORMATS.join(", ")}.`,
    });
  const report: IngestReport = { schemaVersion: 1, format, cases: readOutput(format, { path: file }) };
  print(context, flags.json, report, renderIngest);
}

function renderIngest({ format, cases }: IngestReport): string {
  const rows = cases.map(({ caseId, metric, unit, direction, samples, summaryOnly }) => [
    caseId,
    metric,
    `${Number(median(samples).toPrecision(6))} ${unit}`,
    `${direction} is better`,
    summaryOnly ? "summary only" : samples.length,
  ]);
  return [
    drawTable(["case", "metric", "median", "direction", "samples"], rows),
    `${cases.length} cases of ${format}`,
  ].join("\n");
}
