/** `cibench items`: how hard items are, how well they tell tools apart, and which look wrong. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { CibenchError } from "../../errors.ts";
import { analyseItems } from "../../items/analyse.ts";
import { itemsText } from "../../items/describe.ts";
import { keyOf } from "../../items/item-key.ts";
import { mayRetire, RULE } from "../../items/rule.ts";
import { readReport, readRun, type StoredRun } from "../../read-run.ts";
import { ItemsOutput } from "../../schema/items.ts";
import { EXIT, type Io } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";
import { writeOutput } from "../output.ts";

interface ItemsFlags {
  published: string;
  before?: string;
  out?: string;
  seed: number;
  json: boolean;
}

export function addItemsCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("items")
    .description(
      "Difficulty and discrimination of the items over the tools of the board, and which look wrong (RETIREMENT.md).",
    )
    .argument("[runs...]", "runs of one suite; by default the newest of each tool of --published")
    .option("--published <dir>", "where runs are stored", "results/published/cibench")
    .option("--before <file>", "what this command printed for the suite version before, with --json")
    .option("--out <file>", "write the record here, too")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (files: string[], flags: ItemsFlags) => {
      const runs = await Promise.all((files.length > 0 ? files : await newestRuns(flags.published)).map(readRun));
      const output = await analyse(runs, flags, io);
      const text = `${JSON.stringify(output, null, 2)}\n`;
      if (flags.out !== undefined) await writeOutput(flags.out, text);
      io.stdout(flags.json ? text : itemsText(output));
      finish(EXIT.fine);
    });
}

/** @throws CibenchError `NOT_COMPARABLE` when the runs are of different suites, or two of one tool */
async function analyse(runs: readonly StoredRun[], flags: ItemsFlags, io: Io): Promise<ItemsOutput> {
  const suites = new Map(runs.map(({ report: { suite } }) => [suite.hash, suite]));
  const tools = new Set(runs.map(({ report: { subject } }) => subject.name));
  const [suite, other] = [...suites.values()];
  if (suite === undefined || other !== undefined || tools.size < runs.length) {
    throw new CibenchError("NOT_COMPARABLE", "these are not one run of each tool, judged on one suite", {
      hint: "Name the <runId>.json of runs that were asked the same, one of each tool.",
    });
  }
  const languages = new Map(io.corpora.list().map(({ id, language }) => [id, language]));
  const analysis = analyseItems(runs, (corpus) => languages.get(corpus), flags.seed);
  const before = flags.before === undefined ? null : await flaggedBefore(flags.before);
  return ItemsOutput.parse({
    schemaVersion: 1,
    command: `npm run --silent cibench -- items --seed ${flags.seed}`,
    suiteHash: suite.hash,
    suiteVersion: suite.version,
    runs: runs.map(({ report }) => report.runId),
    rule: RULE,
    ...analysis,
    ...mayRetire(analysis, before),
  });
}

/** The newest run of each tool that was judged on the suite of the newest run of all. */
async function newestRuns(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
  const runs = await Promise.all(files.map(async (file) => ({ file, report: await readReport(file) })));
  const newest = runs.toSorted((a, b) => (a.report.startedAt < b.report.startedAt ? 1 : -1));
  const ofSuite = newest.filter(({ report }) => report.suite.hash === newest[0]?.report.suite.hash);
  const byTool = Map.groupBy(ofSuite, ({ report }) => report.subject.name);
  if (byTool.size > 0) return [...byTool.values()].flatMap(([first]) => first?.file ?? []).toSorted();
  throw new CibenchError("REPORT_UNREADABLE", `there are no runs in ${folder}`, {
    hint: "Name the <runId>.json of runs of several tools.",
  });
}

/** @throws CibenchError `REPORT_UNREADABLE` */
async function flaggedBefore(file: string): Promise<Set<string>> {
  try {
    const { flagged } = ItemsOutput.parse(JSON.parse(await readFile(file, "utf8")));
    return new Set(flagged.filter(({ flag }) => flag === "negative").map(keyOf));
  } catch (cause) {
    throw new CibenchError("REPORT_UNREADABLE", `${file} is no record of items`, {
      hint: 'Make one with "cibench items --out <file>".',
      cause,
    });
  }
}
