/** `cibench coverage`: how often intervals hold what is true. */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { CibenchError } from "../../errors.ts";
import { coverageMarkdown, coverageText } from "../../interval-coverage/describe.ts";
import { CORPORA, KEPT, measureCoverage, NOMINAL, SIMULATED } from "../../interval-coverage/measure.ts";
import { CoverageOutput } from "../../schema/coverage.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { countArgument, jsonOption, seedOption } from "../options.ts";
import { writeOutput, writeReadme } from "../output.ts";

interface CoverageFlags {
  category?: (typeof SIMULATED)[number][];
  corpora?: number[];
  repeats: number;
  seed: number;
  commit?: string;
  out?: string;
  json: boolean;
}

export function addCoverageCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const coverage = program
    .command("coverage")
    .description(
      "Make corpora of which the truth is known and count how often intervals hold it; exit 1 where not in 93 to 97 %.",
    )
    .addOption(new Option("--category <name...>", "these formulas alone").choices(SIMULATED))
    .option(
      "--corpora <n...>",
      "how many corpora there are, instead of 3, 5, 10 and 20",
      (text: string, others: number[] | undefined) => [...(others ?? []), countArgument(text)],
    )
    .option("--repeats <n>", "how often corpora are made", countArgument, 1_000)
    .option("--commit <hash>", "of the code that makes the intervals, to be written down")
    .option("--out <file>", "write the record here, too")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: CoverageFlags) => {
      const output = measure(flags, io);
      const text = `${JSON.stringify(output, null, 2)}\n`;
      if (flags.out !== undefined) await writeOutput(flags.out, text);
      io.stdout(flags.json ? text : coverageText(output));
      finish(isKept(output) ? EXIT.fine : EXIT.no);
    });
  coverage
    .command("show")
    .description("The table of a record that --out wrote.")
    .argument("[file]", "the record", "results/long/coverage.json")
    .option("--readme <file>", "write the table between the markers of this file")
    .action(async (file: string, { readme }: { readme?: string }) => {
      const output = await readCoverage(file);
      if (readme !== undefined) await writeReadme(readme, "coverage", coverageMarkdown(output));
      io.stdout(coverageText(output));
      finish(EXIT.fine);
    });
}

function measure(flags: CoverageFlags, io: Io): CoverageOutput {
  const { repeats, seed, commit = null, category: categories = [...SIMULATED], corpora: counts = [...CORPORA] } = flags;
  const show = progressPrinter(io);
  const entries = categories.flatMap((category) =>
    counts.map((corpora) => {
      const onProgress = (done: number, total: number) => show(`${category}, ${corpora} corpora`, done, total);
      return measureCoverage({ category, corpora, repeats, seed, onProgress });
    }),
  );
  const only = flags.category === undefined ? "" : ` --category ${categories.join(" ")}`;
  const some = flags.corpora === undefined ? "" : ` --corpora ${counts.join(" ")}`;
  return CoverageOutput.parse({
    schemaVersion: 1,
    command: `npm run --silent cibench -- coverage${only}${some} --repeats ${repeats} --seed ${seed}`,
    commit,
    seed,
    repeats,
    nominal: NOMINAL,
    kept: KEPT,
    entries,
  });
}

function isKept({ entries, kept }: CoverageOutput): boolean {
  return entries
    .flatMap(({ onThese, newCorpora }) => [onThese, newCorpora])
    .every((held) => held === null || (held.coverage >= kept.from && held.coverage <= kept.to));
}

/** @throws CibenchError `REPORT_UNREADABLE` */
async function readCoverage(file: string): Promise<CoverageOutput> {
  try {
    return CoverageOutput.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new CibenchError("REPORT_UNREADABLE", `${file} is no record of the coverage of intervals`, {
      hint: 'Make one with "cibench coverage --out <file>".',
      cause,
    });
  }
}
