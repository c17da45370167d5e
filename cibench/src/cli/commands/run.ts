/** `cibench run`: asks tools, scores what they say, writes and shows the reports. */
import { type Command, Option } from "commander";
import { DEFAULT_LIMITS } from "../../budget.ts";
import { CibenchError } from "../../errors.ts";
import { freshGapReport, terminalReport } from "../../report.ts";
import { Journals } from "../../journal.ts";
import { type Run, type RunOptions, runTool } from "../../run.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import { Profile, type Report } from "../../schema/report.ts";
import type { FreshGap, FreshRecord } from "../../schema/fresh.ts";
import { freshGaps } from "../../scores/fresh-gap.ts";
import { rankings } from "../../scores/rank.ts";
import { writeRun } from "../../write-run.ts";
import { addToRecord } from "../fresh-record.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { loadCorpora, type Shard } from "../load-corpora.ts";
import {
  corpusOption,
  countArgument,
  freshSeedArgument,
  jsonOption,
  offlineOption,
  secondsArgument,
  seedOption,
  shardArgument,
  usdArgument,
} from "../options.ts";
import { addToolOptions, type ToolFlags, toolsOf } from "../tools.ts";

interface RunFlags extends ToolFlags {
  corpus: string;
  out: string;
  seed: number;
  profile: Profile;
  timeout: number;
  runTimeout?: number;
  runTokens?: number;
  runCost?: number;
  restart: boolean;
  shard?: Shard;
  fresh?: number;
  gaps?: string;
  offline: boolean;
  json: boolean;
}

export function addRunCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  addToolOptions(program.command("run"))
    .description(
      "Ask tools about corpora and score what they say. A run that was interrupted, or in which a tool failed, goes on where it stopped when it is called again.",
    )
    .addOption(corpusOption("all"))
    .option("--out <dir>", "folder for <runId>.json and its items", ".drift/cibench")
    .addOption(seedOption())
    .addOption(
      new Option("--profile <name>", "quick asks a sample of each corpus; it is ranked with quick runs only")
        .choices(Profile.options)
        .default("full"),
    )
    .option(
      "--timeout <seconds>",
      "per tool, corpus and category; after that the tool has not run on it",
      secondsArgument,
      DEFAULT_LIMITS.corpusTimeMs / 1000,
    )
    .option(
      "--run-timeout <seconds>",
      "per tool, with the time before interruptions; what is not answered then is not measured",
      secondsArgument,
    )
    .option("--run-tokens <n>", "the same in tokens, as a program says them", countArgument)
    .option("--run-cost <usd>", "the same in US dollars, as a program says them", usdArgument)
    .option("--restart", "use nothing of an interrupted run", false)
    .option("--shard <i/n>", "only every n-th corpus, from the i-th on; merge puts the runs together", shardArgument)
    .option(
      "--fresh <seed>",
      "ask about the layered projects of the selection and about such as are made anew from this seed, and show the gap",
      freshSeedArgument,
    )
    .option("--gaps <file>", "with --fresh: add the gaps to the record in this file")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (flags: RunFlags) => {
      finish(await run(flags, io));
    });
}

async function run(flags: RunFlags, io: Io): Promise<number> {
  if (flags.gaps !== undefined && flags.fresh === undefined) {
    throw new CibenchError("BAD_OPTION", "--gaps without --fresh: there are no gaps to add", {
      hint: "Give --fresh <seed> as well.",
    });
  }
  const sets = await loadSets(flags, io);
  const show = progressPrinter(io);
  const journals = new Journals(flags.out, {
    ...{ goOn: !flags.restart, code: io.code() },
    note: (text) => io.stderr(`note: ${text}\n`),
  });
  const runs: Run[] = [];
  const gaps: FreshGap[] = [];
  const files: string[] = [];
  for (const adapter of toolsOf(flags)) {
    const own: Run[] = [];
    for (const corpora of sets) {
      const done = await runTool({
        adapter,
        corpora,
        seed: flags.seed,
        profile: flags.profile,
        now: io.now,
        clock: io.clock,
        ...(io.memory !== undefined && { memory: io.memory }),
        limits: limitsOf(flags),
        journals,
        onProgress: (corpus, phase, part, total) => show(`${adapter.name} on ${corpus}: ${phase}`, part, total),
      });
      own.push(done);
      files.push(await writeRun(flags.out, done));
      io.stderr(`wrote ${files.at(-1)}\n`);
    }
    const [published, fresh] = own;
    if (published !== undefined && fresh !== undefined) {
      const found = freshGaps(published, fresh, flags.seed);
      if (flags.gaps !== undefined) await addToRecord(flags.gaps, [entryOf(fresh, flags, found)]);
      gaps.push(...found);
    }
    runs.push(...own);
  }
  for (const done of runs) leave(done, io);
  const output: RunOutput = {
    schemaVersion: 1,
    reports: runs.map((one) => one.report),
    rankings: rankings(runs, flags.seed),
    files,
    ...(flags.fresh !== undefined && { gaps }),
  };
  io.stdout(flags.json ? `${JSON.stringify(RunOutput.parse(output), null, 2)}\n` : shown(output));
  return output.reports.some(isScored) ? EXIT.fine : EXIT.nothingMeasured;
}

function limitsOf({ timeout, runTimeout, runTokens, runCost }: RunFlags): typeof DEFAULT_LIMITS {
  return {
    corpusTimeMs: timeout * 1000,
    runTimeMs: runTimeout === undefined ? null : runTimeout * 1000,
    runTokens: runTokens ?? null,
    runCostUsd: runCost ?? null,
  };
}

/** Once all runs are on disk. What has not run can be asked again by the same command. */
function leave({ report, journal }: Run, io: Io): void {
  if (report.corpora.every(({ notRun }) => notRun === null)) journal?.remove();
  else if (journal !== null) {
    journal.close();
    io.stderr(`note: not all of ${report.subject.name} has run: the same command goes on with the rest\n`);
  }
}

function entryOf({ report }: Run, flags: RunFlags, gaps: FreshGap[]): FreshRecord["entries"][number] {
  const { name, version } = report.subject;
  const profile = flags.profile === "full" ? "" : ` --profile ${flags.profile}`;
  return {
    tool: name,
    toolVersion: version,
    seed: flags.fresh ?? 0,
    command: `npm run --silent cibench -- run --adapter ${name} --corpus ${flags.corpus}${profile} --seed ${flags.seed} --fresh ${flags.fresh}`,
    suiteVersion: report.suite.version,
    startedAt: report.startedAt,
    gaps,
  };
}

function shown({ reports, rankings: ranked, gaps }: RunOutput): string {
  return gaps === undefined ? terminalReport(reports, ranked) : freshGapReport(gaps);
}

/** The corpora that are asked about; with a fresh seed what was planted in them alone, and then the same made anew. */
async function loadSets(flags: RunFlags, io: Io): Promise<RunOptions["corpora"][]> {
  const corpora = await loadCorpora(flags.corpus, flags.offline, io, flags.shard);
  if (flags.fresh === undefined) return [corpora];
  const planted = corpora.filter((corpus) => corpus.planted != null);
  if (planted.length === 0) {
    throw new CibenchError("NO_CORPORA", `no corpus of "${flags.corpus}" can be made anew`, {
      hint: "Only the layered projects can: --corpus synthetic, or layered-<language>.",
    });
  }
  const ids = planted.map(({ fetched }) => `${fetched.spec.id}-fresh-${flags.fresh}`);
  return [planted, await loadCorpora(ids.join(","), flags.offline, io)];
}

function isScored(report: Report): boolean {
  return report.scores.some((score) => score.state === "scored");
}
