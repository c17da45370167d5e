/** `drift-bench scores`: which items must not be lost, and which losses are accepted. */
import * as path from "node:path";
import { DriftError } from "@drift/engine";
import type { Command } from "commander";
import { CONFIG_FILE, readBenchConfig } from "../gate/config.ts";
import { readKeepList, withAccepted, withKept, writeKeepList } from "../gate/scores/keep-list.ts";
import { readScoreRun } from "../gate/scores/read-run.ts";
import { type CommandContext, print } from "./context.ts";
import { readGateReport } from "./history.ts";

interface ScoreFlags {
  config?: string;
  item?: string[];
  json: boolean;
}

export function addScores(root: Command, context: CommandContext): void {
  const scores = root
    .command("scores")
    .description("Which items of a benchmark must not be lost, and which losses are accepted.")
    .addHelpText(
      "after",
      `
An entry of "scores" in drift-bench.json names its keep list in "keep": a JSON file that is committed. The gate is red when
every run of the base gets an item of it right and no run of the head, unless the loss is accepted, and the head's list counts.

Exit code: 0 written, 2 a wrong argument or file, 3 something cannot be read.`,
    );
  const verb = (name: string, description: string): Command =>
    scores
      .command(name)
      .argument("<entry>", "id of an entry of scores")
      .description(description)
      .option("--config <file>", "configuration (default: drift-bench.json here)")
      .option("--item <name...>", "these alone, as corpus:item")
      .option("--json", "print the keep list as JSON", false);
  verb("keep", "Keep what a run of `cibench run --out <folder>` got right.")
    .option("--run <folder>", "folder of the run")
    .action(async (id: string, flags: ScoreFlags & { run?: string }) => keepCommand(id, flags, context));
  verb("accept", "Accept that items are lost: all that a gate lists, or those that are named.")
    .option("--in <file>", "report of `gate --json`")
    .requiredOption("--reason <text>", "why")
    .action((id: string, flags: ScoreFlags & { in?: string; reason: string }) => acceptCommand(id, flags, context));
}

async function keepCommand(id: string, flags: ScoreFlags & { run?: string }, context: CommandContext): Promise<void> {
  if (flags.run === undefined && flags.item === undefined) throw nothingNamed("--run <folder>");
  const right =
    flags.run === undefined
      ? []
      : [...(await readScoreRun(path.resolve(context.cwd, flags.run))).items]
          .filter(([, { credit }]) => credit === 1)
          .map(([name]) => name);
  const chosen = flags.run === undefined ? (flags.item ?? []) : chosenOf(right, flags.item);
  change(id, flags, context, (list) => withKept(list, chosen));
}

function acceptCommand(id: string, flags: ScoreFlags & { in?: string; reason: string }, context: CommandContext): void {
  if (flags.in === undefined && flags.item === undefined) throw nothingNamed("--in <file>");
  const lost =
    flags.in === undefined
      ? []
      : (
          readGateReport(path.resolve(context.cwd, flags.in)).scores.find((one) => one.id === id)?.lost.listed ?? []
        ).map(({ item }) => item);
  const chosen = flags.in === undefined ? (flags.item ?? []) : chosenOf(lost, flags.item);
  change(id, flags, context, (list) => withAccepted(list, chosen, flags.reason));
}

/** @throws DriftError `INPUT_INVALID` naming an item that is not there, or when there is none */
function chosenOf(found: readonly string[], wanted: readonly string[] | undefined): string[] {
  const missing = wanted?.find((item) => !found.includes(item));
  const chosen = wanted ?? found;
  if (missing !== undefined || chosen.length === 0)
    throw new DriftError(
      "INPUT_INVALID",
      missing === undefined ? "there is no such item" : `"${missing}" is not there`,
      {
        hint: "Look at what the file lists for this entry.",
      },
    );
  return [...chosen];
}

function change(
  id: string,
  { config, json }: ScoreFlags,
  context: CommandContext,
  by: (list: ReturnType<typeof readKeepList>) => ReturnType<typeof readKeepList>,
): void {
  const file = path.resolve(context.cwd, config ?? CONFIG_FILE);
  const entry = readBenchConfig(file).scores.find((one) => one.id === id);
  if (entry?.keep === undefined)
    throw new DriftError(
      "INPUT_INVALID",
      entry === undefined ? `${file} has no scores "${id}"` : `the scores "${id}" have no keep list`,
      { hint: 'Name a file in its "keep".' },
    );
  const at = path.join(path.dirname(file), entry.keep);
  const list = by(readKeepList(at));
  writeKeepList(at, list);
  const accepted = list.accepted.reduce((sum, { items }) => sum + items.length, 0);
  print(context, json, list, () => `${at}: ${list.keep.length} items are kept, ${accepted} losses are accepted`);
}

function nothingNamed(option: string): DriftError {
  return new DriftError("INPUT_INVALID", `give ${option} or --item <name...>`, {
    hint: "`drift-bench scores --help` says more.",
  });
}
