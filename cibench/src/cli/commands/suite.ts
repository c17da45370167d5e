/** `cibench suite`: suites of other authors, read from their own checkouts. */
import { findSandbox } from "@drift/corpora/tracing";
import { Argument, type Command } from "commander";
import { driftCallGraph } from "../../adapters/drift.ts";
import { drawTable } from "../../draw-table.ts";
import { CibenchError } from "../../errors.ts";
import { type EdgeScore, SuiteAuditOutput, SuiteFormat, SuiteOutput } from "../../schema/suite.ts";
import { auditSuite } from "../../suites/audit/audit.ts";
import { describeAudit } from "../../suites/audit/describe.ts";
import { readCases, readErrata, type SuiteCase } from "../../suites/cases.ts";
import { runSuite } from "../../suites/run.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { jsonOption } from "../options.ts";

export function addSuiteCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const suite = program.command("suite").description("Suites of other authors, run from a checkout of theirs.");
  const progress = (format: string): ((done: number, total: number) => void) => {
    const show = progressPrinter(io);
    return (done, total) => show(format, done, total);
  };
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
      const tool = await driftCallGraph();
      const output = await runSuite({ suite: format, cases, tool, errata, onProgress: progress(format) });
      io.stdout(flags.json ? `${JSON.stringify(SuiteOutput.parse(output), null, 2)}\n` : tables(output));
      finish(EXIT.fine);
    });
  suite
    .command("audit")
    .description("Run every case in a sandbox under the trace oracle, and hold its labels against what was seen.")
    .addArgument(new Argument("<format>", "how its labels are written").choices(SuiteFormat.options))
    .argument("<dir>", "the folder that holds its categories")
    .option("--errata <file>", "verify each of these; exit code 1 when one is not proven")
    .option("--case <id>", "this case only")
    .addOption(jsonOption())
    .action(async (format: SuiteFormat, dir: string, flags: { errata?: string; case?: string; json: boolean }) => {
      const cases = chosen(readCases(dir), flags.case);
      const errata = flags.errata === undefined ? null : readErrata(flags.errata, format);
      const sandbox = await findSandbox();
      if (sandbox === null) throw noSandbox();
      const output = await auditSuite({ suite: format, cases, sandbox, errata, onProgress: progress(format) });
      io.stdout(flags.json ? `${JSON.stringify(SuiteAuditOutput.parse(output), null, 2)}\n` : describeAudit(output));
      finish((output.errata?.unproven.length ?? 0) > 0 ? EXIT.no : EXIT.fine);
    });
  for (const command of suite.commands) command.copyInheritedSettings(program);
}

function chosen(cases: SuiteCase[], id: string | undefined): SuiteCase[] {
  const some = id === undefined ? cases : cases.filter((one) => one.id === id);
  if (some.length > 0) return some;
  throw new CibenchError("SUITE_UNREADABLE", `the suite has no case ${id}`, {
    hint: "Cases are called category/case.",
  });
}

function noSandbox(): CibenchError {
  return new CibenchError("NO_SANDBOX", "neither bwrap nor unshare works on this computer", {
    hint: "The programs of a suite run in a sandbox only: install bubblewrap.",
  });
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
