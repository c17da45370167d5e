/** `cibench resolution`: how small a difference the benchmark tells apart. */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { CibenchError } from "../../errors.ts";
import { newestRun } from "../../newest-run.ts";
import { readRecords, readReport } from "../../read-run.ts";
import { resolutionMarkdown, resolutionText } from "../../resolution/describe.ts";
import { type AnswersTo, goldAnswers, LEVEL, measureResolution, NEEDED } from "../../resolution/measure.ts";
import { SUITE_VERSION } from "../../run.ts";
import { type ResolutionEntry, ResolutionOutput } from "../../schema/resolution.ts";
import type { Category } from "../../schema/task.ts";
import { MEASURED } from "../../scores/scoring.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { corpusOption, countArgument, jsonOption, offlineOption, seedOption } from "../options.ts";
import { writeOutput, writeReadme } from "../output.ts";

interface ResolutionFlags {
  corpus: string;
  category?: Category[];
  of: string;
  seeds: number;
  seed: number;
  commit?: string;
  published: string;
  out?: string;
  offline: boolean;
  json: boolean;
}

export function addResolutionCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const resolution = program
    .command("resolution")
    .description("Damage answers in known doses and say which dose the paired test of ranks tells apart, per category.")
    .addOption(corpusOption("all"))
    .addOption(new Option("--category <name...>", "these alone").choices(MEASURED))
    .option(
      "--of <answers>",
      "gold, drift (its newest stored run), or the <runId>.json of any run; several by commas",
      "gold,drift",
    )
    .option("--seeds <n>", "how often answers are damaged, each time with another seed", countArgument, 200)
    .option("--commit <hash>", "of the code that scores, to be written down")
    .option("--published <dir>", "where runs are stored", "results/published/cibench")
    .option("--out <file>", "write the record here, too")
    .addOption(seedOption())
    .addOption(offlineOption())
    .addOption(jsonOption())
    .action(async (flags: ResolutionFlags) => {
      const output = await measure(flags, io);
      const text = `${JSON.stringify(output, null, 2)}\n`;
      if (flags.out !== undefined) await writeOutput(flags.out, text);
      io.stdout(flags.json ? text : resolutionText(output));
      finish(output.entries.length === 0 ? EXIT.nothingMeasured : EXIT.fine);
    });
  resolution
    .command("show")
    .description("The tables of a record that --out wrote.")
    .argument("[file]", "the record", "results/long/resolution.json")
    .option("--readme <file>", "write the table between the markers of this file")
    .action(async (file: string, { readme }: { readme?: string }) => {
      const output = await readResolution(file);
      if (readme !== undefined) await writeReadme(readme, "resolution", resolutionMarkdown(output));
      io.stdout(resolutionText(output));
      finish(EXIT.fine);
    });
}

async function measure(flags: ResolutionFlags, io: Io): Promise<ResolutionOutput> {
  const corpora = await loadCorpora(flags.corpus, flags.offline, io);
  const categories = MEASURED.filter((category) => flags.category?.includes(category) ?? true);
  const entries: ResolutionEntry[] = [];
  const runs: string[] = [];
  const show = progressPrinter(io);
  const given: Given[] = [];
  for (const of of flags.of.split(",")) {
    const stored = of === "gold" ? null : await storedAnswers(of, flags.published);
    if (stored !== null) runs.push(stored.runId);
    given.push(stored ?? { name: of, answersTo: goldAnswers });
  }
  for (const category of categories) {
    for (const { name, answersTo } of given) {
      const onProgress = (done: number, total: number) => show(`${category} of ${name}`, done, total);
      const { seed, seeds } = flags;
      entries.push(...(await measureResolution({ category, corpora, of: name, answersTo, seed, seeds, onProgress })));
    }
  }
  const { seed, seeds, commit = null } = flags;
  const only = flags.category === undefined ? "" : ` --category ${flags.category.join(" ")}`;
  return ResolutionOutput.parse({
    schemaVersion: 1,
    command: `npm run --silent cibench -- resolution --of ${flags.of} --corpus ${flags.corpus}${only} --seeds ${seeds} --seed ${seed}`,
    commit,
    suiteVersion: SUITE_VERSION,
    runs,
    seed,
    seeds,
    level: LEVEL,
    needed: NEEDED,
    entries,
  });
}

interface Given {
  name: string;
  answersTo: AnswersTo;
}

/** What a stored run said to each task; what it was not asked, or did not answer, is left out. */
async function storedAnswers(of: string, published: string): Promise<Given & { runId: string }> {
  const file = await newestRun(of, published);
  const report = await readReport(file);
  const said = Map.groupBy(await readRecords(file, report), ({ outcome }) => `${outcome.category}/${outcome.corpus}`);
  return {
    name: report.subject.name,
    runId: report.runId,
    answersTo: async ({ task }) => {
      const answers = said.get(task.id)?.flatMap(({ answer }) => (answer === null ? [] : [answer])) ?? [];
      return answers.length === 0 ? null : answers;
    },
  };
}

/** @throws CibenchError `REPORT_UNREADABLE` */
async function readResolution(file: string): Promise<ResolutionOutput> {
  try {
    return ResolutionOutput.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new CibenchError("REPORT_UNREADABLE", `${file} is no record of the resolution`, {
      hint: 'Make one with "cibench resolution --out <file>".',
      cause,
    });
  }
}
