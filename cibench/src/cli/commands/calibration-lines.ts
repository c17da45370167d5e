/** `cibench calibration --in`: the figures of confidences from anywhere. */
import { createReadStream } from "node:fs";
import { z } from "zod";
import { jsonLines, Unusable } from "../../adapters/json-lines.ts";
import { measureLines } from "../../calibration/lines/measure.ts";
import { drawTable } from "../../draw-table.ts";
import { CibenchError } from "../../errors.ts";
import { type CalibrationFigure, CalibrationLine, CalibrationLines } from "../../schema/calibration-lines.ts";
import { showEstimate } from "../../show.ts";
import { EXIT, type Io } from "../io.ts";

export async function measureFile(
  path: string,
  { seed, json }: { seed: number; json: boolean },
  io: Io,
): Promise<number> {
  const output = CalibrationLines.parse(measureLines(await readLines(path), seed));
  io.stdout(json ? `${JSON.stringify(output, null, 2)}\n` : describe(output));
  return EXIT.fine;
}

/** A line that is wrong would move every figure, so none is left out. */
async function readLines(path: string): Promise<CalibrationLine[]> {
  const lines: CalibrationLine[] = [];
  try {
    for await (const value of jsonLines(createReadStream(path))) {
      if (value instanceof Unusable) throw new Error(`line ${lines.length + 1} is ${value.kind}`);
      const line = CalibrationLine.safeParse(value);
      if (!line.success) throw new Error(`line ${lines.length + 1}: ${z.prettifyError(line.error)}`);
      lines.push(line.data);
    }
    if (lines.length === 0) throw new Error("there is no line in it");
  } catch (cause) {
    throw new CibenchError("LINES_UNREADABLE", `${path} cannot be measured: ${(cause as Error).message}`, {
      hint: 'Each line is like {"confidence": 0.8, "correct": true, "cluster": "a"}.',
      cause,
    });
  }
  return lines;
}

function describe(output: CalibrationLines): string {
  const { lines, correct, clusters, skill, skillReason, risk } = output;
  const figure = (value: number | null) => value?.toFixed(3) ?? "–";
  const row = (name: string, one: CalibrationFigure) => [
    name,
    one.reason === null ? showEstimate(one) : `not measured: ${one.reason}`,
    figure(one.floor),
  ];
  const rows = [
    row("Brier score", output.brier),
    row("bias (above 0: overconfident)", output.bias),
    row("ECE, 15 bins", output.ece),
    row("MCE, 15 bins", output.mce),
    row("smooth ECE", output.smoothEce),
    row("AUROC", output.auroc),
    row("area under risk-coverage", output.riskCoverage),
  ];
  const parts = [output.miscalibration, output.discrimination, output.uncertainty].map(figure);
  return [
    `${lines} lines in ${clusters} clusters, ${correct} correct`,
    drawTable(["figure", "value with 95 % interval", "floor"], rows),
    `Brier = ${parts[0]} miscalibration − ${parts[1]} discrimination + ${parts[2]} uncertainty`,
    `Skill against the share of correct lines: ${skill === null ? `not measured: ${skillReason ?? ""}` : figure(skill)}`,
    `Wrong among the most confident: ${risk.map((one) => `${one.coverage * 100} %: ${figure(one.risk)}`).join(", ")}`,
    "",
  ].join("\n");
}
