/** `cibench report`: shows stored runs side by side, ranked where a paired test separates them. */
import { type Command, Option } from "commander";
import { readReport, readRun, type StoredRun } from "../../read-run.ts";
import { csvReport } from "../../report-csv.ts";
import { htmlReport } from "../../report-html.ts";
import { markdownReport, terminalReport } from "../../report.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import { rankings } from "../../scores/rank.ts";
import { readAgreement } from "../../validation/ratings-file.ts";
import { EXIT, type Io, isExpected } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";

const FORMATS = ["table", "markdown", "html", "csv", "json"] as const;

interface ReportFlags {
  format: (typeof FORMATS)[number];
  markdown: boolean;
  agreement: string[];
  seed: number;
  json: boolean;
}

export function addReportCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("report")
    .description("Show stored runs side by side, ranked where a paired test separates them.")
    .argument("<runs...>", "<runId>.json files, with their items beside them")
    .addOption(new Option("--format <name>", "how it is printed").choices(FORMATS).default("table"))
    .option("--markdown", "the same as --format markdown", false)
    .option("--agreement <files...>", "what agreement --json printed, shown as level 4", [])
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (files: string[], flags: ReportFlags) => {
      const reports = await Promise.all(files.map(readReport));
      const runs = await runsOf(files, io);
      const output: RunOutput = { schemaVersion: 1, reports, rankings: rankings(runs, flags.seed), files };
      if (flags.agreement.length > 0) output.agreements = await Promise.all(flags.agreement.map(readAgreement));
      io.stdout(printed(output, runs, formatOf(flags)));
      finish(EXIT.fine);
    });
}

function formatOf({ format, markdown, json }: ReportFlags): ReportFlags["format"] {
  return json ? "json" : markdown ? "markdown" : format;
}

function printed(output: RunOutput, runs: readonly StoredRun[], format: ReportFlags["format"]): string {
  const { reports, rankings: ranked, agreements = [] } = output;
  if (format === "json") return `${JSON.stringify(RunOutput.parse(output), null, 2)}\n`;
  if (format === "csv") return csvReport(reports, agreements);
  if (format !== "html") return (format === "markdown" ? markdownReport : terminalReport)(reports, ranked, agreements);
  const itemsOf = new Map(runs.map(({ report, items }) => [report.runId, items]));
  return htmlReport(
    reports.map((report) => ({ report, items: itemsOf.get(report.runId) ?? [] })),
    ranked,
    agreements,
  );
}

/** Without its items a run is shown but not ranked. */
async function runsOf(files: readonly string[], io: Io): Promise<StoredRun[]> {
  const runs: StoredRun[] = [];
  for (const file of files) {
    try {
      runs.push(await readRun(file));
    } catch (error) {
      if (!isExpected(error)) throw error;
      io.stderr(`warning: not ranked: ${error.message}\n`);
    }
  }
  return runs;
}
