/** `drift-bench`: the gate's commands. Parse, call, exit. */
import type { Command } from "commander";
import { compareCommand, type CompareFlags } from "./commands/compare.ts";
import type { CommandContext } from "./commands/context.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addIngest } from "./commands/ingest.ts";
import { addScores } from "./commands/scores.ts";
import { addProve } from "./commands/prove-options.ts";
import { addGate, parseSeed, parseShare } from "./commands/gate-options.ts";
import { COMPARE_DEFAULTS } from "./gate/compare.ts";
import { addHistoryCommands } from "./drift-bench-history.ts";

/** 0 yes or cannot tell · 1 no: something regressed · 3 not everything could be measured · 4 too noisy to tell, on demand */
export type Answer = 0 | 1 | 3 | 4;

/** @param answer told the exit code when it is not 0 */
export function addDriftBench(program: Command, context: CommandContext, answer: (code: Answer) => void): void {
  const root = program
    .command("drift-bench")
    .description("Says whether something became slower, how sure that is, and what it could have seen.")
    .enablePositionalOptions();
  addGate(root, context, answer);
  addScores(root, context);
  addProve(root, context, answer);
  addIngest(root, context, answer);
  addDoctor(root, context, answer);
  root
    .command("compare")
    .description("A verdict for each case from paired raw values, corrected for the number of cases.")
    .requiredOption("--pairs <file>", "the values, as JSON")
    .option("--margin <share>", "worsening that does not count", parseShare, COMPARE_DEFAULTS.margin)
    .option("--q <share>", "share of wrong reds among the reds", parseShare, COMPARE_DEFAULTS.q)
    .option(
      "--unchanged-within <share>",
      "change within which a case may be called unchanged",
      parseShare,
      COMPARE_DEFAULTS.unchangedWithin,
    )
    .option("--seed <n>", "seed of the resamples", parseSeed, COMPARE_DEFAULTS.seed)
    .option("--json", "print the report as JSON", false)
    .addHelpText(
      "after",
      `
The file: {"cases": [{"id": "parse", "direction": "lower", "base": [1.2, 1.3], "head": [1.2, 1.4]}]}
base[i] and head[i] were measured back to back, all above 0; direction says which way is better (default: lower).

Exit code: 0 nothing regressed (look for inconclusive ones), 1 a case regressed, 2 the file is wrong, 3 it holds no case
or cannot be read.`,
    )
    .action((flags: CompareFlags) => answer(compareCommand(flags, context)));
  addHistoryCommands(root, context, answer);
}
