/** The commands of `drift-bench` that look at many commits. */
import { type Command, Option } from "commander";
import { bisectCommand, type BisectFlags } from "./commands/bisect.ts";
import { changePointsCommand, type ChangePointFlags } from "./commands/change-points.ts";
import type { CommandContext } from "./commands/context.ts";
import {
  addCommand,
  alertsCommand,
  exportCommand,
  type HistoryFlags,
  importCommand,
  judgeCommand,
  listSeriesCommand,
  pruneCommand,
  recordCommand,
  type RecordFlags,
  scanCommand,
  showSeriesCommand,
} from "./commands/history.ts";
import { REPORT_FORMATS, reportCommand, type ReportFlags } from "./commands/report.ts";
import type { Answer } from "./drift-bench.ts";
import { stressCommand, type StressFlags } from "./commands/history-stress.ts";
import { parseDuration, parsePattern, parsePositive, parseSeed, parseShare } from "./commands/gate-options.ts";
import { CHANGE_POINT_DEFAULTS } from "./stats/change-point.ts";

export function addHistoryCommands(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  root
    .command("changepoints")
    .description("Where the level of a series changed; or, with --evaluate, how good such answers are.")
    .option("--in <file>", 'the values in order of time: {"values": [...]}')
    .option("--alpha <share>", "p above which a step is none", parseShare, CHANGE_POINT_DEFAULTS.alpha)
    .option("--minimum-effect <share>", "least change of level", parseShare, CHANGE_POINT_DEFAULTS.minimumEffect)
    .option("--evaluate", "score the detector beside Otava and asv, on noise and on planted steps", false)
    .addOption(new Option("--data <folder>", "with tcpd/, labelled series for --evaluate").env("DRIFT_DATA_DIR"))
    .option("--without-rivals", "leave Otava and asv out of --evaluate", false)
    .option("--series <n>", "simulated series of each kind for --evaluate", parsePositive, 1_000)
    .option("--seed <n>", "seed of everything simulated", parseSeed, 1)
    .option("--save", "replace results/long/change-points.json with what --evaluate finds", false)
    .option("--table <draws>", "simulate the table of p-values anew, from so many series for each cell", parsePositive)
    .option("--json", "print as JSON", false)
    .addHelpText(
      "after",
      `
Each change point has index (0-based: the first value after the change), p, and effect (level after / level before - 1;
the difference of levels where values reach 0 or below).

Exit code: 0 with or without change points, 2 the file is wrong, 3 it cannot be read, or --evaluate lacks what it needs.`,
    )
    .action((flags: ChangePointFlags) => changePointsCommand(flags, context));
  addHistory(root, context);
  addReport(root, context, answer);
  addBisect(root, context, answer);
}

function addBisect(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  root
    .command("bisect")
    .description("Find the commit that made a case worse; the paired gate convicts it against the commit before it.")
    .option("--good <ref>", "the older end, which is as it should be")
    .option("--bad <ref>", "the newer end, which is worse")
    .option("--nominated", "the range that the history nominates; a conviction opens an alert", false)
    .option("--case <pattern>", "only cases whose id matches this regular expression", parsePattern)
    .option("--config <file>", "configuration for all commits (default: drift-bench.json of each)")
    .option("--budget <time>", "time for measuring, for each gate", parseDuration)
    .option("--seed <n>", "seed of coins and orders", parseSeed)
    .option("--cache <folder>", "work trees and noise of this machine (default: drift-bench in the user's caches)")
    .addOption(new Option("--store <url>", "history in a PostgreSQL").env("DRIFT_HISTORY_URL"))
    .option("--json", "print as JSON", false)
    .addHelpText(
      "after",
      `
Exit code: 0 the range is no regression, 1 a commit is convicted (or the range came in small steps), 2 a wrong argument,
3 commits around the change cannot be built or measured, or nothing is nominated.`,
    )
    .action(async (flags: BisectFlags) =>
      answer(await bisectCommand(flags, context, { env: process.env, cwd: process.cwd() })),
    );
}

function addReport(root: Command, context: CommandContext, answer: (code: Answer) => void): void {
  root
    .command("report")
    .description("Show what a gate found in the form that somebody reads, or publish it on GitHub.")
    .requiredOption("--in <file...>", "reports of `gate --json`; several are shards of one gate, and judged together")
    .addOption(new Option("--format <name>", "what is printed").choices(REPORT_FORMATS).default("table"))
    .option("--out <file>", "write it there instead of printing it")
    .option("--name <name>", "of the check and the comment", "drift-bench")
    .option("--link <url>", "where the whole report is")
    .option("--config <file>", "configuration whose lines regressions are shown at (default: drift-bench.json)")
    .option("--github", "write the check run and the comment of the event's commit, and the job's summary", false)
    .option(
      "--hostile",
      "with --github: the reports come from untrusted code; check them and judge their pairs anew",
      false,
    )
    .option(
      "--sarif <file>",
      "with --github: write the SARIF of what is published there, and its ref and commit as outputs of the step (pull requests that are no fork's)",
    )
    .option("--comment-always", "with --github: comment on a first run without any change, too", false)
    .option("--json", "print as JSON", false)
    .addHelpText(
      "after",
      `
--github reads GITHUB_TOKEN (checks: write, pull-requests: write), GITHUB_EVENT_PATH, GITHUB_API_URL and
GITHUB_STEP_SUMMARY and GITHUB_OUTPUT (sarif-ref, sarif-sha) from the environment.

Exit code: that of the gate (0, 1, or 3 when nothing was measured); with --github 0 once it is published: the check tells
the rest. 2 a wrong argument or file, 3 GitHub refuses.`,
    )
    .action(async (flags: ReportFlags) => answer(await reportCommand(flags, context, process.env)));
}

function addHistory(root: Command, context: CommandContext): void {
  const history = root
    .command("history")
    .description("What was measured commit by commit, where its level changed, and what people say of that.")
    .addHelpText(
      "after",
      `
Entries and events are files of results/history/, which never change; the database is made from them. With --store they
go into a PostgreSQL instead, which many machines may write to at once.

Exit code: 0 done, 2 a wrong argument or file, 3 something needed is missing.`,
    );
  const verb = (usage: string, description: string): Command =>
    history
      .command(usage)
      .description(description)
      .addOption(new Option("--store <url>", "a PostgreSQL instead of this checkout's store").env("DRIFT_HISTORY_URL"))
      .option("--json", "print as JSON", false);
  verb("add <report>", "Store what a gate measured of its head beside its base, the pinned reference build.").action(
    (file: string, flags: HistoryFlags) => addCommand(file, flags, context),
  );
  verb("record", "Measure a commit beside the pinned reference build, and store it.")
    .option("--head <ref>", "the commit", "HEAD")
    .option("--reference <ref>", 'the reference build (default: "reference" of drift-bench.json)')
    .option("--config <file>", "configuration for both sides (default: drift-bench.json of each)")
    .option("--case <pattern>", "only cases whose id matches this regular expression", parsePattern)
    .option("--budget <time>", "time for measuring, like 90s or 10m (default: 10m)", parseDuration)
    .option("--seed <n>", "seed of coins and orders (default: 1)", parseSeed)
    .option("--cache <folder>", "work trees and noise of this machine (default: drift-bench in the user's caches)")
    .action((flags: RecordFlags) => recordCommand(flags, context));
  verb("list", "All series.").action((flags: HistoryFlags) => listSeriesCommand(flags, context));
  verb("show <series>", "All values of one series.").action((id: string, flags: HistoryFlags) =>
    showSeriesCommand(parsePositive(id), flags, context),
  );
  verb("scan", "Changes of level that nobody has judged yet, corrected for the number of series.").action(
    (flags: HistoryFlags) => scanCommand(flags, context),
  );
  verb("alerts", "Commits that the paired gate convicted, and what people say of them.").action((flags: HistoryFlags) =>
    alertsCommand(flags, context),
  );
  const judgements = [
    ["ack", "acknowledged", "Somebody looks into the alert."],
    ["invalid", "invalid", "There was no change: the level goes on."],
    ["fixed", "fixed", "The level came back."],
  ] as const;
  for (const [name, kind, description] of judgements) {
    verb(`${name} <alert>`, description)
      .option("--reason <text>", "why")
      .action((id: string, flags: HistoryFlags & { reason?: string }) => judgeCommand(id, kind, flags, context));
  }
  verb("accept <alert>", "The new level is wanted: it starts a segment of its own.")
    .requiredOption("--reason <text>", "why")
    .action((id: string, flags: HistoryFlags & { reason: string }) => judgeCommand(id, "accepted", flags, context));
  verb("export [file]", "The whole history, one JSON value per line.").action(
    (file: string | undefined, flags: HistoryFlags) => exportCommand(file, flags, context),
  );
  verb("import <file>", "Read lines of an export; what is there already stays as it is.").action(
    (file: string, flags: HistoryFlags) => importCommand(file, flags, context),
  );
  verb("prune", "Drop samples older than 90 days; process medians stay.").action((flags: HistoryFlags) =>
    pruneCommand(flags, context),
  );
  history
    .command("stress")
    .description("Kill writers of a made-up history, and read series out of a large one; results/ stays as it is.")
    .option("--writes <n>", "published records until the killing ends", parsePositive, 1_000)
    .option("--measurements <n>", "values in the large one", parsePositive, 1_000_000)
    .option("--seed <n>", "seed of when a writer is killed", parseSeed, 1)
    .option("--save", "replace results/long/history-store.json", false)
    .option("--json", "print as JSON", false)
    .action((flags: StressFlags) => stressCommand(flags, context));
}
