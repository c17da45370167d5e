/** The command line of this package: parses, calls a command, and says how to exit. */
import { Command, CommanderError } from "commander";
import { CorpusError, type CorpusErrorCode } from "../errors.ts";
import { addAddCommand } from "./commands/add.ts";
import { addDeriveCommand } from "./commands/derive.ts";
import { addFetchCommand } from "./commands/fetch.ts";
import { addGenerateCommand } from "./commands/generate.ts";
import { addListCommand } from "./commands/list.ts";
import { addLintCommand } from "./commands/lint.ts";
import { addReadingCommand } from "./commands/reading.ts";
import { addStatsCommand } from "./commands/stats.ts";
import { addVariantsCommand } from "./commands/variants.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { type CliWorld, describeError, EXIT, type Finish } from "./world.ts";

/** One file each; the order is that of `--help`. */
const COMMANDS: readonly ((program: Command, world: CliWorld, finish: Finish) => void)[] = [
  addListCommand,
  addFetchCommand,
  addVerifyCommand,
  addAddCommand,
  addDeriveCommand,
  addGenerateCommand,
  addVariantsCommand,
  addLintCommand,
  addStatsCommand,
  addReadingCommand,
];

/** Expected failures that lie in what was typed. */
const BAD_ARGUMENTS: ReadonlySet<CorpusErrorCode> = new Set(["CORPUS_UNKNOWN", "CORPUS_COORDINATE", "CORPUS_EXISTS"]);

const EXAMPLES = `
Examples:
  corpora list                           what there is, in which language and under which licence
  corpora fetch zod qs                   bring two of them onto this computer
  corpora stats zod                      what is known about its calls
  corpora add npm:nanoid@5.1.5           pin another package
  corpora derive nanoid --write          run its tests in a sandbox and store the truth about its calls
  corpora derive --sample --seed 7       derive a random sample of what is stored again
  corpora generate --language go --files 1000 --seed 7 --out layered
                                         write a project in which facts are planted
  corpora variants qs --kind misleading --out variant --check
                                         write it under other names, and run its tests
  corpora reading show corpora/readings  how many items were read by hand, and how many of them are wrong

Results go to standard output, progress to standard error; every command takes --json.
Exit codes: 0 fine, 1 the answer is no, 2 bad arguments, 3 something is missing, 70 a bug in Drift.`;

/** Runs one command; returns the exit code of style guide section 5 and throws nothing. */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<number> {
  const program = new Command("corpora")
    .description("Pinned codebases, and ground truth about them derived by machines.")
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .configureOutput({ writeOut: world.stdout, writeErr: world.stderr });
  let exitCode: number = EXIT.fine;
  for (const add of COMMANDS) add(program, world, (code) => (exitCode = code));
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.badArguments;
    if (!(error instanceof CorpusError)) {
      world.stderr(
        `This is a bug in Drift: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      return EXIT.bug;
    }
    world.stderr(describeError(error));
    return BAD_ARGUMENTS.has(error.code) ? EXIT.badArguments : EXIT.missing;
  }
}
