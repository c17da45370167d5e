/** `cibench suite run`: a suite of another author, read from its own checkout. */
import { Argument, type Command } from "commander";
import { driftCallGraph } from "../../adapters/drift.ts";
import { drawTable } from "../../draw-table.ts";
import { type EdgeScore, SuiteFormat, SuiteOutput } from "../../schema/suite.ts";
import { readCases, readErrata } from "../../suites/cases.ts";
import { runSuite } from "../../suites/run.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { jsonOption } from "../options.ts";

export function addSuiteCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const suite = program.command("suite").description("Suites of other authors, run from a checkout of theirs.");
  suite
    .command("run")
    .description("Score drift on every case: edges by caller and callee, with and without built-ins.")
    .addArgument(new Argument("<format>", "how its labels are written").choices(SuiteFormat.options))
    .argument("<dir>", "the folder that holds its categories")
    .option("--errata <file>", "labels that executions show to be wrong: the audited score stands beside the published")
    .addOption(jsonOption())
    .action(async (format: SuiteFormat, dir: string, flags: { errata?: string; json: boolean }) => {
      const cases = readCases(dir);
      const errata = flags.errata === undefined ? null : readErrata(flags.errata, format);
      const show = progressPrinter(io);
      const onProgress = (done: number, total: number): void => show(format, done, total);
      const output = await runSuite({ suite: format, cases, tool: await driftCallGraph(), errata, onProgress });
      io.stdout(flags.json ? `${JSON.stringify(SuiteOutput.parse(output), null, 2)}\n` : tables(output));
      finish(EXIT.fine);
    });
  for (const command of suite.commands) command.copyInheritedSettings(program);
}

function tables(output: SuiteOutput): string {
  const figure = (value: number | null): string => value?.toFixed(3) ?? "–";
  const row = (name: string, score: EdgeScore): (string | number)[] => [
    name,
    score.cases,
    score.edges,
    figure(score.precision),
    figure(score.recall),
    figure(score.f1),
    score.complete,
    score.sound,
  ];
  const rows = [
    ...Object.entries(output.noBuiltins.categories).map(([name, score]) => row(name, score)),
    row("all", output.noBuiltins),
    row("with built-ins", output),
    ...(output.audited === null
      ? []
      : [
          row(`audited, ${output.audited.errata} errata`, output.audited.noBuiltins),
          row("the same with built-ins", output.audited),
        ]),
  ];
  const header = ["category", "cases", "edges", "precision", "recall", "F1", "complete", "sound"];
  return `${output.suite}, ${output.tool.name} ${output.tool.version}\n${drawTable(header, rows)}\n`;
}
