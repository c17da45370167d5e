/** `cibench compare`: two stored runs, item by item. */
import type { Command } from "commander";
import { compareRuns } from "../../compare.ts";
import { drawTable } from "../../draw-table.ts";
import { readRun } from "../../read-run.ts";
import { showEstimate } from "../../show.ts";
import { CompareOutput } from "../../schema/rescore.ts";
import { EXIT, type Io } from "../io.ts";
import { jsonOption, seedOption } from "../options.ts";

export function addCompareCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("compare")
    .description("Say how two stored runs differ: paired differences with intervals, the largest first.")
    .argument("<a>", "a <runId>.json, with its items beside it")
    .argument("<b>", "another one of the same suite")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (a: string, b: string, { seed, json }: { seed: number; json: boolean }) => {
      const output = CompareOutput.parse(compareRuns(await readRun(a), await readRun(b), seed));
      io.stdout(json ? `${JSON.stringify(output, null, 2)}\n` : describe(output));
      finish(EXIT.fine);
    });
}

function describe({ a, b, figures }: CompareOutput): string {
  const figure = (value: number | null) => value?.toFixed(3) ?? "–";
  const rows = figures.map((one) => [
    one.category,
    one.corpus ?? `all ${one.kind}`,
    figure(one.a),
    figure(one.b),
    showEstimate(one.difference),
    one.aBetter,
    one.bBetter,
  ]);
  const header = ["category", "corpus", "a", "b", "a − b", "items better in a", "in b"];
  return `a: ${a}\nb: ${b}\n${drawTable(header, rows)}\n`;
}
