/** The options of `drift-bench gate` and `run`, and the page that `--help` ends with. */
import { type Command, InvalidArgumentError } from "commander";
import type { Answer } from "../drift-bench.ts";
import type { CommandContext } from "./context.ts";
import { gateCommand, type GateFlags, runCommand, type RunFlags } from "./gate.ts";

export function addGate(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  root
    .command("gate")
    .description("Say which cases became slower from one commit to another, measured side by side on this machine.")
    .option("--base <ref>", "what to compare with; built in a work tree of its own")
    .option("--head <ref>", "what may have become slower; built the same way")
    .option("--base-dir <folder>", "instead of --base: a checkout that is built already")
    .option("--head-dir <folder>", "instead of --head: a checkout that is built already")
    .option("--config <file>", "configuration for both sides (default: drift-bench.json of each)")
    .option("--case <pattern>", "only cases and scores whose id matches this regular expression", parsePattern)
    .option("--budget <time>", "time for measuring, like 90s or 10m (default: 10m)", parseDuration)
    .option("--margin <share>", "worsening that does not count (default: 0.02)", parseShare)
    .option("--q <share>", "share of wrong reds among the reds (default: 0.05)", parseShare)
    .option(
      "--unchanged-within <share>",
      "change within which a case may be called unchanged (default: 0.05)",
      parseShare,
    )
    .option("--screen-pairs <n>", "pairs of the first stage, at least (default: 12)", parsePositive)
    .option("--confirm-pairs <n>", "fresh pairs for each suspect, at least (default: 20)", parsePositive)
    .option("--most-pairs <n>", "pairs that a stage may grow to (default: 60)", parsePositive)
    .option("--score-fall <share>", "fall of a score that does not count (default: 0.003)", parseShare)
    .option("--seed <n>", "seed of coins and orders (default: 1)", parseSeed)
    .option("--independent-builds", "build one commit twice when both sides are the same", false)
    .option("--fail-on-noise", "exit with 4 when nothing regressed but a case could not be told", false)
    .option("--cache <folder>", "work trees and noise of this machine (default: drift-bench in the user's caches)")
    .option("--json", "print the whole report, with every pair, as JSON", false)
    .addHelpText("after", GATE_HELP)
    .action(async (flags: GateFlags) => answer(await gateCommand(flags, context)));
  root
    .command("run")
    .description("Measure the cases of drift-bench.json in this folder; values, no verdict.")
    .option("--config <file>", "configuration (default: drift-bench.json here)")
    .option("--case <pattern>", "only cases whose id matches this regular expression", parsePattern)
    .option("--processes <n>", "processes of each case", parsePositive, 5)
    .option("--json", "print as JSON", false)
    .addHelpText("after", "\nExit code: 0 measured, 2 the configuration is wrong, 3 a case failed.")
    .action(async (flags: RunFlags) => answer(await runCommand(flags, context)));
}

const GATE_HELP = `
A repository says in drift-bench.json what is built and measured:

  {
    "build": ["npm ci", ["npm", "run", "build"]],
    "cases": [
      { "id": "cli/start", "command": ["node", "dist/cli.js", "--version"], "metrics": ["wall", "peak-memory"] },
      { "id": "bench", "command": "node bench.mjs", "output": { "format": "tinybench", "file": "bench.json" } },
      { "id": "cli/work", "command": ["./dist/tool", "input.txt"], "counts": ["instructions"] }
    ],
    "scores": [
      { "id": "scores/mine", "command": ["npx", "cibench", "run", "--tool", "mine", "--out", "{out}"], "keep": "keep.json" }
    ],
    "gate": { "margin": 0.03 }
  }

A command is a list (no shell) or a line for sh; it runs in the work tree. A case with "metrics" (wall, cpu, peak-memory,
page-faults; "repeat" for short ones) is a whole process; one with "output" measures itself in a format that ingest reads,
each of its benchmarks a case; one with "counts" (instructions, allocations, bytes-written) is counted. "gate" holds
defaults of the flags.
An entry with "over": {"size": ["10", "1000"]} is one case for each value, with {size} filled in: "id": "index/{size}".

"scores" are runs of CIBench on both sides; {out} is an empty folder. When two runs of each side are identical, a category
that falls by more than 0.3 points of 100 ("scoreFall": 0.003) is red, and so is an item of the keep list that is lost.
Otherwise each side runs "repeats" times (3 or more) and the runs are relabelled: red is a fall beyond that, at "q" over all
such categories. \`scores accept\` takes a loss for granted.

Exit code: 0 nothing regressed (look for inconclusive ones), 1 a case or score regressed, 2 arguments or configuration are wrong,
3 a case failed, or nothing was measured, 4 too noisy to tell (with --fail-on-noise).`;

export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 1))
    throw new InvalidArgumentError("It must be a number between 0 and 1.");
  return value;
}

export function parseSeed(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 0x7fffffff)
    throw new InvalidArgumentError("It must be a whole number from 0 to 2147483647.");
  return value;
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 1_000_000)
    throw new InvalidArgumentError("It must be a whole number from 1 to 1000000.");
  return value;
}

/** @returns milliseconds */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const value = Number(digits) * ({ ms: 1, s: 1e3, m: 6e4, h: 3.6e6 }[unit ?? ""] ?? NaN);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a time like 90s or 10m.");
  return value;
}

export function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError("It must be a regular expression.");
  }
}
