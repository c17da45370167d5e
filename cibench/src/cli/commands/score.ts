/** `cibench score`: answers made elsewhere against truth from a file; no corpus is needed. */
import { readFile } from "node:fs/promises";
import { CallGraphTruth, decodeTruth } from "@drift/corpora";
import type { Command } from "commander";
import { z } from "zod";
import { predictionsAdapter } from "../../adapters/predictions.ts";
import { CibenchError } from "../../errors.ts";
import { terminalReport } from "../../report.ts";
import { runTool } from "../../run.ts";
import { RunOutput } from "../../schema/cli-output.ts";
import { EXIT, type Io } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";
import { nameArgument } from "../tools.ts";

interface ScoreFlags {
  answers: string;
  truth: string;
  name: string;
  seed: number;
  json: boolean;
}

export function addScoreCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("score")
    .description("Score answers that were made elsewhere; nothing is written.")
    .requiredOption("--answers <file>", "one prediction a line, as for run --predictions")
    .requiredOption("--truth <file>", "truth about calls: JSON, or a call-graph.json.gz of corpora")
    .option("--name <name>", "what to call the tool", nameArgument, "predictions")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (flags: ScoreFlags) => {
      finish(await score(flags, io));
    });
}

async function score({ answers, truth: truthFile, name, seed, json }: ScoreFlags, io: Io): Promise<number> {
  const truth = await readTruth(truthFile);
  const known = io.corpora.list().find(({ id }) => id === truth.corpus);
  // What the list does not know counts for nobody's total.
  const { kind = "synthetic", split = "report" } = known ?? {};
  const spec = { id: truth.corpus, version: truth.corpusVersion, kind, split };
  const { report } = await runTool({
    adapter: predictionsAdapter({ name, file: answers, version: "unknown" }),
    corpora: [{ fetched: { spec, root: "" }, truth }],
    seed,
    now: io.now,
    clock: io.clock,
  });
  const output: RunOutput = { schemaVersion: 1, reports: [report], rankings: [], files: [] };
  io.stdout(json ? `${JSON.stringify(RunOutput.parse(output), null, 2)}\n` : terminalReport([report]));
  return report.scores.some(({ state }) => state === "scored") ? EXIT.fine : EXIT.nothingMeasured;
}

async function readTruth(path: string): Promise<CallGraphTruth> {
  try {
    const bytes = await readFile(path);
    return isGzip(bytes) ? decodeTruth(bytes) : CallGraphTruth.parse(JSON.parse(bytes.toString("utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new CibenchError("TRUTH_UNREADABLE", `${path} is no truth about calls: ${why}`, {
      hint: 'Those of real corpora are "corpora/real/<id>/truth/call-graph.json.gz".',
      cause,
    });
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
