/** `cibench score`: answers made elsewhere against truth from files, in every category; no corpus is needed. */
import type { Command } from "commander";
import { predictionsAdapter } from "../../adapters/predictions.ts";
import { terminalReport } from "../../report.ts";
import { runTool } from "../../run.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import { EXIT, type Io } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";
import { mergeTruth, readTruth } from "../read-truth.ts";
import { nameArgument } from "../tools.ts";

interface ScoreFlags {
  answers: string;
  truth: string[];
  layeredId: string;
  name: string;
  seed: number;
  json: boolean;
}

export function addScoreCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("score")
    .description("Score answers that were made elsewhere; nothing is written.")
    .requiredOption("--answers <file>", "one prediction a line, as for run --predictions")
    .requiredOption(
      "--truth <files...>",
      "truth about calls, changes or rules (JSON, or as corpora stores it), or the truth.jsonl of a layered project",
    )
    .option("--layered-id <id>", "what the answers call that project", "layered")
    .option("--name <name>", "what to call the tool", nameArgument, "predictions")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: ScoreFlags) => {
      finish(await score(flags, io));
    });
}

async function score({ answers, truth: files, layeredId, name, seed, json }: ScoreFlags, io: Io): Promise<number> {
  const found = mergeTruth(await Promise.all(files.map((file) => readTruth(file, layeredId))));
  const corpora = found.map(({ corpus, version, truth }) => {
    const known = io.corpora.list().find(({ id }) => id === corpus);
    // What the list does not know counts for nobody's total.
    const { kind = "synthetic", split = "report" } = known ?? {};
    return { fetched: { spec: { id: corpus, version, kind, split }, root: "" }, truth: null, ...truth };
  });
  const { report } = await runTool({
    adapter: predictionsAdapter({ name, file: answers, version: "unknown" }),
    corpora,
    seed,
    now: io.now,
    clock: io.clock,
  });
  const output: RunOutput = { schemaVersion: 1, reports: [report], rankings: [], files: [] };
  io.stdout(json ? `${JSON.stringify(RunOutput.parse(output), null, 2)}\n` : terminalReport([report]));
  return report.scores.some(({ state }) => state === "scored") ? EXIT.fine : EXIT.nothingMeasured;
}
