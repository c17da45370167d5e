/** The command line: parses, calls, and says how to exit. */
import { Command, CommanderError } from "commander";
import { SUITE_VERSION } from "../run.ts";
import { addAgreementCommand } from "./commands/agreement.ts";
import { addCalibrationCommand } from "./commands/calibration.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addCorpusCommand } from "./commands/corpus.ts";
import { addCoverageCommand } from "./commands/coverage.ts";
import { addDisputeCommand } from "./commands/dispute.ts";
import { addFreeTextCommand } from "./commands/free-text.ts";
import { addItemsCommand } from "./commands/items.ts";
import { addListCommand } from "./commands/list.ts";
import { addRateCommands } from "./commands/rate.ts";
import { addReadingCommand } from "./commands/reading.ts";
import { addReportCommand } from "./commands/report.ts";
import { addRescoreCommand } from "./commands/rescore.ts";
import { addResolutionCommand } from "./commands/resolution.ts";
import { addRobustnessCommand } from "./commands/robustness.ts";
import { addRunCommand } from "./commands/run.ts";
import { addScoreCommand } from "./commands/score.ts";
import { addSeedProtocolCommand } from "./commands/seed-protocol.ts";
import { addSelfCheckCommand } from "./commands/selfcheck.ts";
import { addSuiteCommand } from "./commands/suite.ts";
import { addTasksCommand } from "./commands/tasks.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { addVerifyCommand } from "./commands/verify-submission.ts";
import { EXIT, type Io, reportFailure } from "./io.ts";

/**
 * Runs one command.
 *
 * @param argv without the names of node and script
 * @returns the exit code of style guide section 5; nothing is thrown
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.fine;
  const finish = (code: number) => (exitCode = code);
  const program = new Command("cibench")
    .description("CIBench: how well does a tool understand a codebase?")
    .version(SUITE_VERSION)
    // A command that has commands of its own leaves them their options.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  const commands = [
    addRunCommand,
    addListCommand,
    addCorpusCommand,
    addTasksCommand,
    addReportCommand,
    addValidateCommand,
    addScoreCommand,
    addRescoreCommand,
    addVerifyCommand,
    addCompareCommand,
    addSelfCheckCommand,
    addResolutionCommand,
    addRobustnessCommand,
    addCoverageCommand,
    addItemsCommand,
    addSeedProtocolCommand,
    addSuiteCommand,
    addCalibrationCommand,
    addReadingCommand,
    addRateCommands,
    addAgreementCommand,
    addFreeTextCommand,
    addDisputeCommand,
  ];
  for (const add of commands) add(program, io, finish);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.badArguments;
    return reportFailure(error, io);
  }
}
