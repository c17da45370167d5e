/** The options of `drift-bench prove`. */
import { type Command, Option } from "commander";
import type { Answer } from "../drift-bench.ts";
import { PLANT_KINDS } from "../prove/plant.ts";
import type { CommandContext } from "./context.ts";
import { parseDuration, parsePattern, parsePositive, parseSeed, parseShare } from "./gate-options.ts";
import {
  type AllFlags,
  formCommand,
  type FormFlags,
  liveCommand,
  type LiveFlags,
  poolCommand,
  type PoolFlags,
  proveAllCommand,
  simulateCommand,
  type SimulateFlags,
} from "./prove.ts";

export function addProve(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  const prove = root
    .command("prove")
    .description("How often the gate is red without a reason, and what it finds: simulated, and from real pairs.")
    .enablePositionalOptions();
  prove
    .command("simulate")
    .description("Whole gates on made-up machines of every kind of noise, and the negative control.")
    .option("--gates <n>", "gates of identical code for each kind; the rest in proportion", parsePositive, 1000)
    .option("--seed <n>", "seed of everything random", parseSeed, 1)
    .option("--save", "put it into results/long/prove.json", false)
    .option("--json", "print as JSON", false)
    .addHelpText("after", "\nExit code: 0 at most 1 % red and the control fails as it should, 1 otherwise.")
    .action((flags: SimulateFlags) => answer(simulateCommand(flags, context)));
  prove
    .command("pool")
    .description("Real pairs of each case of drift-bench.json here, kept as they come; goes on where it was stopped.")
    .option("--pairs <n>", "pairs of each case that the pool shall have", parsePositive, 300)
    .option("--loaded", "keep one core busy meanwhile", false)
    .addOption(new Option("--plant <kind>", "make the head slower by work of this kind").choices(PLANT_KINDS))
    .option("--share <share>", "how much slower", parseShare, 0.05)
    .option("--builds <folder>", "an independent build of the same commit as the head")
    .option("--case <pattern>", "only cases whose id matches this regular expression", parsePattern)
    .option("--out <folder>", "where the pools lie (default: results/long/pools)")
    .option("--seed <n>", "seed of coins and orders", parseSeed, 1)
    .option("--json", "print as JSON", false)
    .action(async (flags: PoolFlags) => answer(await poolCommand(flags, context)));
  prove
    .command("gates")
    .description("Gates formed from the pools: false alarms, what is stated, what is found.")
    .option("--gates <n>", "gates of each kind", parsePositive, 1000)
    .option("--out <folder>", "where the pools lie (default: results/long/pools)")
    .option("--seed <n>", "seed of everything random", parseSeed, 1)
    .option("--save", "put it into results/long/prove.json", false)
    .option("--json", "print as JSON", false)
    .addHelpText("after", "\nExit code: 0 at most 1 % red without a change, 1 otherwise, 3 there is no pool.")
    .action((flags: FormFlags) => answer(formCommand(flags, context)));
  prove
    .command("live")
    .description("Whole gates of this checkout with itself, as anybody would run them.")
    .option("--count <n>", "gates", parsePositive, 5)
    .option("--loaded", "keep one core busy meanwhile", false)
    .option("--budget <time>", "time for measuring each, like 90s or 10m (default: 10m)", parseDuration)
    .option("--case <pattern>", "only cases whose id matches this regular expression", parsePattern)
    .option("--seed <n>", "seed of the first; each next one has the next", parseSeed, 1)
    .option("--save", "put it into results/long/prove.json", false)
    .option("--json", "print as JSON", false)
    .addHelpText("after", "\nExit code: 0 none was red, 1 one was.")
    .action(async (flags: LiveFlags) => answer(await liveCommand(flags, context)));
  addAll(prove.command("all"), context, answer);
}

/** `drift-bench prove all`, which is `npm run long:prove` too. */
export function addAll(command: Command, context: CommandContext, answer: (code: Answer) => void): void {
  command
    .description(
      "Simulation, pools of both conditions with and without planted work, live gates: hours; goes on where it was stopped.",
    )
    .option("--pairs <n>", "pairs of each pool of identical code; of planted ones a third", parsePositive, 300)
    .option("--gates <n>", "gates formed and simulated of each kind", parsePositive, 1000)
    .option("--live <n>", "whole gates of each condition", parseSeed, 5)
    .option("--builds <folder>", "an independent build of the same commit, for pools of two builds")
    .option("--case <pattern>", "only cases whose id matches this regular expression", parsePattern)
    .option("--seed <n>", "seed of everything random", parseSeed, 1)
    .addHelpText("after", "\nExit code: 0 the gate is as good as it says, 1 too often red.")
    .action(async (flags: AllFlags) => answer(await proveAllCommand(flags, context)));
}
