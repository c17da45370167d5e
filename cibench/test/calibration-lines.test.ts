import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { measureLines } from "../src/calibration/lines/measure.ts";
import { auroc, riskCoverageArea } from "../src/calibration/lines/ordered.ts";
import { type CalibrationLine, CalibrationLines } from "../src/schema/calibration-lines.ts";
import { commandsOn } from "./support/cli.ts";

/** `count` lines of 20 clusters from a linear congruential generator; the more certain, the more overconfident. */
function drawn(count: number, chance: (confidence: number) => number): CalibrationLine[] {
  let state = 12_345;
  const next = () => (state = (1_103_515 * state + 12_345) % 2 ** 31) / 2 ** 31;
  return Array.from({ length: count }, (_, index) => {
    const confidence = Math.round(100 * next()) / 100;
    return { confidence, correct: next() < chance(confidence), cluster: `c${index % 20}` };
  });
}

const lines = drawn(400, (confidence) => confidence ** 1.5);

describe("calibration of lines", () => {
  const measured = measureLines(lines, 1);

  test("agrees with scikit-learn 1.9.1 (Brier, AUROC), relplot 1.0.3 (smooth ECE) and the definition of ECE and MCE", () => {
    const {
      brier,
      auroc: area,
      smoothEce,
      ece,
      mce,
      miscalibration,
      discrimination,
      uncertainty,
    } = measureLines(lines, 1);
    expect(brier.value).toBeCloseTo(0.149594, 12);
    expect(area.value).toBeCloseTo(0.8826400679117148, 12);
    expect(smoothEce.value).toBeCloseTo(0.1084773, 3);
    expect(ece.value).toBeCloseTo(0.11575, 12);
    expect(mce.value).toBeCloseTo(0.20740740740740732, 12);
    expect(miscalibration - discrimination + uncertainty).toBeCloseTo(brier.value ?? 0, 12);
  });

  test("has an interval around each value, and a floor that overconfidence is above", () => {
    const { brier, bias, ece, smoothEce, auroc: area, riskCoverage, skill } = measured;
    for (const { value, low, high } of [brier, bias, ece, smoothEce, area, riskCoverage]) {
      expect(low).toBeLessThanOrEqual(value ?? 0);
      expect(high).toBeGreaterThanOrEqual(value ?? 0);
    }
    expect(bias.low).toBeGreaterThan(0);
    expect(ece.low).toBeGreaterThan(ece.floor ?? 1);
    expect(smoothEce.low).toBeGreaterThan(smoothEce.floor ?? 1);
    expect(skill).toBeCloseTo(0.365, 3);
  });

  test("a calibrated tool lands on the floor", () => {
    const { ece, smoothEce, bias } = measureLines(
      drawn(1000, (confidence) => confidence),
      1,
    );
    expect(Math.abs((ece.value ?? 1) - (ece.floor ?? 0))).toBeLessThan(0.015);
    expect(Math.abs((smoothEce.value ?? 1) - (smoothEce.floor ?? 0))).toBeLessThan(0.015);
    expect(bias.low).toBeLessThan(0);
    expect(bias.high).toBeGreaterThan(0);
  });

  test("certainty counts: all wrong at 1 is the worst there is, and tells nothing apart", () => {
    const certain = Array.from({ length: 200 }, (): CalibrationLine => ({
      confidence: 1,
      correct: false,
      cluster: "a",
    }));
    const worst = measureLines(certain, 1);
    expect([worst.ece.value, worst.mce.value, worst.brier.value, worst.bias.value]).toEqual([1, 1, 1, 1]);
    expect(worst.smoothEce.value).toBeGreaterThan(0.99);
    expect(worst.auroc).toMatchObject({ value: null, floor: null, reason: "all are wrong" });
    expect([worst.skill, worst.skillReason, worst.brier.low]).toEqual([null, "all are wrong", null]);
  });

  test("few lines have no ECE, and one confidence for all is the share of correct ones", () => {
    const few = lines.slice(0, 199).map((line) => ({ ...line, confidence: 0.5 }));
    const { ece, mce, smoothEce, auroc: area, riskCoverage, skill, correct } = measureLines(few, 1);
    for (const one of [ece, mce, smoothEce]) expect(one).toMatchObject({ value: null, reason: "fewer than 200 lines" });
    expect(area.value).toBe(0.5);
    expect(riskCoverage.value).toBeCloseTo(1 - correct / 199, 12);
    expect(riskCoverage.value).toBeCloseTo(riskCoverage.floor ?? 0, 12);
    expect(skill).toBeLessThanOrEqual(0);
  });
});

test("order is worth what it tells apart", () => {
  const perfect = [
    { correct: 2, wrong: 0 },
    { correct: 0, wrong: 2 },
  ];
  expect(auroc(perfect)).toBe(1);
  expect(auroc(perfect.toReversed())).toBe(0);
  // Risks of the 1, 2, 3, 4 most confident: 0, 0, 1/3, 1/2, and in the other order 1, 1, 2/3, 1/2.
  expect(riskCoverageArea(perfect)).toBeCloseTo((1 / 3 + 1 / 2) / 4, 12);
  expect(riskCoverageArea(perfect.toReversed())).toBeCloseTo((1 + 1 + 2 / 3 + 1 / 2) / 4, 12);
});

describe("cibench calibration --in", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "cibench-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const cibench = commandsOn(() => folder);

  test("prints the record or tables", async () => {
    const file = join(folder, "lines.jsonl");
    writeFileSync(
      file,
      lines
        .slice(0, 20)
        .map((line) => JSON.stringify(line))
        .join("\n"),
    );
    const { code, stdout } = await cibench("calibration", "--in", file, "--json");
    expect([code, CalibrationLines.parse(JSON.parse(stdout)).lines]).toEqual([0, 20]);
    expect((await cibench("calibration", "--in", file)).stdout).toContain("not measured: fewer than 200 lines");
    expect((await cibench("calibration")).code).toBe(2);
  });

  test.each([
    ['{"confidence": NaN, "correct": true, "cluster": "a"}', "line 1 is not-json"],
    ['{"confidence": 1.01, "correct": true, "cluster": "a"}', "line 1: "],
    ['{"confidence": 0.5, "correct": "no", "cluster": "a"}', "line 1: "],
    ["", "there is no line in it"],
  ])("refuses %j", async (text, message) => {
    const file = join(folder, "wrong.jsonl");
    writeFileSync(file, text);
    const { code, stdout, stderr } = await cibench("calibration", "--in", file);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("LINES_UNREADABLE");
    expect(stderr).toContain(message);
  });
});
