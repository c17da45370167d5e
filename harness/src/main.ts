/** The commands of this package: parse, call, exit. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { PEERS } from "@drift/cibench";
import { checkpointHook } from "./checkpoint.ts";
import { benchCommand, benchIndexCommand } from "./commands/bench.ts";
import { fuzzCommand } from "./commands/fuzz.ts";
import { growthCommand, phasesCommand } from "./commands/growth.ts";
import { incrementalCommand } from "./commands/incremental.ts";
import { killCommand } from "./commands/kill.ts";
import { PEER_TOOLS, peersCommand } from "./commands/peers.ts";
import { scaleCommand } from "./commands/scale.ts";
import { acceptCommand } from "./commands/accept.ts";
import { listCommand, publishCommand, rebuildCommand, showCommand } from "./commands/results.ts";
import { startCommand } from "./commands/start.ts";
import { addAll } from "./commands/prove-options.ts";
import type { CommandContext } from "./commands/context.ts";
import { addDriftBench, type Answer } from "./drift-bench.ts";
import type { Peer } from "./run.ts";
import { runProgram } from "./run-program.ts";
import { readTestbed } from "./testbed.ts";
import { FuzzTarget } from "./store/long-file.ts";
import { resultPaths } from "./store/run-file.ts";

const DEFAULT_SEED = 1;
const HARNESS = JSON.parse(readFileSync(path.join(import.meta.dirname, "../package.json"), "utf8")) as {
  version: string;
};

const context = readContext();
process.exitCode = await runProgram(process.argv.slice(2), {
  program: (answer) => program(context, answer),
  stderr: context.stderr,
});

function readContext(): CommandContext {
  const { env } = process;
  const root = path.resolve(import.meta.dirname, "../..");
  const results = path.resolve(env["DRIFT_RESULTS_DIR"] ?? path.join(root, "results"));
  const engine = JSON.parse(readFileSync(path.join(root, "engine/package.json"), "utf8")) as { version: string };
  return {
    root,
    results: resultPaths(results),
    siteOut: path.resolve(env["DRIFT_SITE_DIR"] ?? path.join(root, "site/dist")),
    cacheDir: env["DRIFT_CACHE_DIR"] ?? null,
    testbed: () => readTestbed(root, engine.version),
    now: () => new Date(),
    clock: () => performance.now(),
    checkpoint: checkpointHook(env),
    stdout: process.stdout,
    stderr: process.stderr,
    version: HARNESS.version,
    cwd: process.cwd(),
    env,
  };
}

function program(context: CommandContext, answer: (code: Answer) => void): Command {
  const root = new Command("harness")
    .description("Measures everything, stores it, and runs the whole lab.")
    .exitOverride()
    .enablePositionalOptions()
    .configureHelp({ commandUsage: usageAsTyped });
  root
    .command("start")
    .description(
      "Fetch the corpora, derive truth, score every tool, run quick benches, store all of it and build the site.",
    )
    .option(
      "--offline",
      "ask the network for nothing; without cached corpora only the synthetic one is measured",
      false,
    )
    .option("--quick", "leave the benches in Rust out", false)
    .option("--corpus <ids>", "only these corpora, with commas between", parseList)
    .option(
      "--peers <names>",
      `score these language servers too, with commas between; they take minutes: ${Object.keys(PEERS).join(", ")}`,
      parsePeers,
    )
    .option("--seed <n>", "seed of everything random", parseCount, DEFAULT_SEED)
    .option("--json", "print the whole result as JSON", false)
    .action((options: StartFlags) => startCommand(options, context));

  const bench = root
    .command("bench")
    .description("Time the engine: its API with tinybench, its stages with criterion.")
    .enablePositionalOptions()
    .option("--quick", "fewer samples", false)
    .option(
      "--against <checkout>",
      "run the same cases in another built checkout too, in interleaved rounds, and print ratios",
    )
    .option("--rounds <n>", "rounds of --against (default: 12, or 5 with --quick)", parseCount)
    .option("--offline", "ask the network for nothing", false)
    .option("--corpus <ids>", "only these corpora, with commas between", parseList)
    .option("--seed <n>", "seed of everything random", parseCount, DEFAULT_SEED)
    .option("--json", "print the report as JSON", false)
    .action((options: BenchFlags) => benchCommand(options, context));
  bench
    .command("index <folder>")
    .description(
      "Index a whole folder beside ast-grep parsing it, in interleaved rounds, and count the calls that were stored.",
    )
    .option("--rounds <n>", "timed rounds", parseCount, 5)
    .option("--label <name>", "name of the folder in results (default: its last part)")
    .option("--seed <n>", "seed of everything random", parseCount, DEFAULT_SEED)
    .option("--json", "print the report as JSON", false)
    .action((folder: string, options: IndexFlags) => benchIndexCommand(folder, options, context));

  bench
    .command("growth")
    .description(
      "Index generated projects of growing size; fit the growth of processor time, solver and memory against n log n.",
    )
    .option("--sizes <n,n>", "files in each project", parseCounts, [1000, 2000, 5000, 10_000, 20_000])
    .option("--rounds <n>", "rounds for each size, of which the least counts", parseCount, 3)
    .option("--seed <n>", "seed of the projects", parseCount, DEFAULT_SEED)
    .option("--save", "replace results/long/growth.json", false)
    .option("--json", "print as JSON", false)
    .action((options: GrowthFlags) => growthCommand(options, context));
  bench
    .command("phases <folder>")
    .description("Index a folder, and say what each stage costs: with the solver and without.")
    .option("--rounds <n>", "rounds, of which the least counts", parseCount, 3)
    .option("--json", "print every round as JSON", false)
    .action((folder: string, options: PhasesFlags) => phasesCommand(folder, options, context));

  root
    .command("long:fuzz")
    .description(
      "Fuzz the front end and the solver, going on where the last call ended; adds to results/long/fuzz.json. Exit code 1: there are findings.",
    )
    .option("--minutes <n>", "processor time for each target", parseCount, 5)
    .addOption(new Option("--target <name>", "only this target").choices(FuzzTarget.options))
    .option("--seed <n>", "seed of every case, together with its number", parseCount, DEFAULT_SEED)
    .option("--json", "print as JSON", false)
    .action((options: FuzzFlags) => fuzzCommand(options, context));

  addAll(root.command("long:prove"), context, answer);
  root
    .command("bench:peers <folder>")
    .description(
      "Index a folder beside other tools that read code, on the same files, in alternating rounds. Tools from the npm " +
        "registry are installed into the cache at exact versions when they are first asked for.",
    )
    .option("--tools <names>", `only these, with commas between: ${PEER_TOOLS.join(", ")}`, parseList)
    .option("--rounds <n>", "timed rounds", parseCount, 3)
    .option("--json", "print the report as JSON", false)
    .action((folder: string, options: PeersFlags) => peersCommand(folder, options, context));
  root
    .command("bench:incremental <folder>")
    .description(
      "What an edit, a start from the command line and a question cost once a folder is indexed; on a copy of it. Edited " +
        "states are compared with a cold index. Exit code 1: one differs.",
    )
    .option("--edits <n>", "edits that only move code", parseCount, 200)
    .option("--solves <n>", "edits of each kind that are solved again", parseCount, 5)
    .option("--starts <n>", "starts from the command line of each sort", parseCount, 10)
    .option("--queries <n>", "questions of each kind", parseCount, 1000)
    .option("--checks <n>", "states of each kind of edit that are compared with a cold index", parseCount, 2)
    .option("--seed <n>", "seed of what is edited and asked", parseCount, DEFAULT_SEED)
    .option("--json", "print the report as JSON", false)
    .action((folder: string, options: IncrementalFlags) => incrementalCommand(folder, options, context));
  root
    .command("long:kill")
    .description(
      "Kill indexing at random moments, on from where the last call ended; adds to results/long/kill.json. Exit code 1: " +
        "an index was neither the old nor the new one.",
    )
    .option("--times <n>", "runs to kill", parseCount, 500)
    .option("--files <n>", "files of the generated project", parseCount, 300)
    .option("--seed <n>", "seed of project and moments", parseCount, DEFAULT_SEED)
    .option("--json", "print as JSON", false)
    .action((options: KillFlags) => killCommand(options, context));
  root
    .command("long:scale")
    .description(
      "Index generated projects of 1,000 to 100,000 files, one of 1,000 packages, and one with a second language; adds " +
        "to results/long/scale.json as it goes. Exit code 1: the cost for a file grows by more than 15 %.",
    )
    .option("--sizes <n,n>", "files in each project", parseCounts, [1000, 5000, 10_000, 50_000, 100_000])
    .option("--packages <n>", "packages of the project of packages; 0 leaves it out", parseCount, 1000)
    .option("--seed <n>", "seed of the projects", parseCount, DEFAULT_SEED)
    .option("--json", "print as JSON", false)
    .action((options: ScaleFlags) => scaleCommand(options, context));

  const results = root.command("results").description("List, show and publish runs; make the store again from files.");
  results
    .command("list")
    .description("All runs, newest first.")
    .option("--json", "print as JSON", false)
    .action((options: { json: boolean }) => listCommand(options, context));
  results
    .command("show <run>")
    .description("Every figure of one run.")
    .option("--json", "print as JSON", false)
    .action((run: string, options: { json: boolean }) => showCommand(run, options, context));
  results
    .command("publish <run>")
    .description("Copy a run to results/published/, where it never changes again.")
    .option("--json", "print as JSON", false)
    .action((run: string, options: { json: boolean }) => publishCommand(run, options, context));
  results
    .command("accept <file>")
    .description("Verify a run that somebody handed in, and store it with its badge; publish it then.")
    .option("--rerun <file>", "our own run of the tool: with the same answers the badge is re-run by us")
    .option("--json", "print as JSON", false)
    .action((file: string, options: { rerun?: string; json: boolean }) => acceptCommand(file, options, context));
  results
    .command("rebuild")
    .description("Make results/history.db again from published and local files, the performance history included.")
    .option("--json", "print as JSON", false)
    .action((options: { json: boolean }) => rebuildCommand(options, context));
  addDriftBench(root, context, answer);
  return root;
}

/** The line that people type: `npm run bench -- index [options] <folder>`. */
function usageAsTyped(command: Command): string {
  const path: string[] = [];
  for (let one: Command | null = command; one?.parent; one = one.parent) path.unshift(one.name());
  const [job, ...rest] = path;
  return [job === "start" ? "npm start" : `npm run ${job ?? "<job>"}`, "--", ...rest, command.usage()].join(" ");
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 0x7fffffff)
    throw new InvalidArgumentError("It must be a whole number from 0 to 2147483647.");
  return value;
}

function parseCounts(text: string): number[] {
  return parseList(text).map(parseCount);
}

function parsePeers(text: string): Peer[] {
  const known = (name: string): name is Peer => name in PEERS;
  return parseList(text).map((name) => {
    if (!known(name)) throw new InvalidArgumentError(`There are ${Object.keys(PEERS).join(", ")}.`);
    return name;
  });
}

function parseList(text: string): string[] {
  return text.split(",").filter(Boolean);
}

type StartFlags = Parameters<typeof startCommand>[0];
type BenchFlags = Parameters<typeof benchCommand>[0];
type FuzzFlags = Parameters<typeof fuzzCommand>[0];
type PeersFlags = Parameters<typeof peersCommand>[1];
type IncrementalFlags = Parameters<typeof incrementalCommand>[1];
type KillFlags = Parameters<typeof killCommand>[0];
type ScaleFlags = Parameters<typeof scaleCommand>[0];
type GrowthFlags = Parameters<typeof growthCommand>[0];
type PhasesFlags = Parameters<typeof phasesCommand>[1];
type IndexFlags = Parameters<typeof benchIndexCommand>[1];
