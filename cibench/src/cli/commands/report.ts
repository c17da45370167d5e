/** `cibench report`: shows stored runs side by side, ranked where a paired test separates them. */
import type { Command } from "commander";
import { readReport, readRun, type StoredRun } from "../../read-run.ts";
import { markdownReport, terminalReport } from "../../report.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import { rankings } from "../../scores/rank.ts";
import { EXIT, type Io, isExpected } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";

interface ReportFlags {
  markdown: boolean;
  seed: number;
  json: boolean;
}

export function addReportCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("report")
    .description("Show stored runs side by side, ranked where a paired test separates them.")
    .argument("<runs...>", "<runId>.json files, with their items beside them")
    .option("--markdown", "print Markdown", false)
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (files: string[], flags: ReportFlags) => {
      const reports = await Promise.all(files.map(readReport));
      const output: RunOutput = {
        schemaVersion: 1,
        reports,
        rankings: rankings(await runsOf(files, io), flags.seed),
        files,
      };
      if (flags.json) io.stdout(`${JSON.stringify(RunOutput.parse(output), null, 2)}\n`);
      else io.stdout((flags.markdown ? markdownReport : terminalReport)(reports, output.rankings));
      finish(EXIT.fine);
    });
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
