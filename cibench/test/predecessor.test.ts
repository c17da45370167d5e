import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { measureLines } from "../src/calibration/lines/measure.ts";
import { scoreFreeText } from "../src/probes/free-text/score.ts";
import { itemLines, runTool } from "../src/run.ts";
import type { CalibrationLine } from "../src/schema/calibration-lines.ts";
import { FreeTextRubric } from "../src/schema/free-text.ts";
import type { Report } from "../src/schema/report.ts";
import { commandsOn } from "./support/cli.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { writeSources } from "./support/source-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

/** Every test is named for a fault that the predecessor of this benchmark had. */
let root: string;
const cibench = commandsOn(() => root);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "predecessor-"));
  writeSources(root);
});
afterAll(() => rmSync(root, { recursive: true }));

function stateOf(text: string, name: string): string | undefined {
  const rubric = FreeTextRubric.parse({ itemId: "1", required: [{ id: "c", names: [name] }] });
  return scoreFreeText(rubric, text).concepts[0]?.state;
}

describe("confidence 1.0 fell in no bin", () => {
  // 200 lines, the fewest of which ECE is said: half wrong at 1.0, half right at 0.95. It was said to be 0.025.
  const lines = Array.from({ length: 200 }, (_, at): CalibrationLine => {
    return { confidence: at % 2 === 0 ? 1 : 0.95, correct: at % 2 === 1, cluster: `${at % 20}` };
  });

  test("it is counted in the last bin, with what else is there", () => {
    // Both lie in the last of 15 bins: |0.5 − 0.975|.
    expect(measureLines(lines, 1).ece.value).toBeCloseTo(0.475, 12);
    expect(measureLines(lines, 1).mce.value).toBeCloseTo(0.475, 12);
    expect(measureLines(lines, 1).brier.value).toBeCloseTo((1 + 0.05 ** 2) / 2, 12);
  });

  test("it is counted alone, too", () => {
    const certain = lines.map((line) => ({ ...line, confidence: 1 }));
    expect(measureLines(certain, 1).ece.value).toBeCloseTo(0.5, 12);
  });
});

test("'no' was found in 'not', 'know' and 'nor'", () => {
  for (const text of ["It is not known.", "They know it.", "nor that", "nobody does", "a notion"]) {
    expect(stateOf(text, "no"), text).toBe("absent");
  }
  expect(stateOf("No.", "no")).toBe("affirmed");
});

describe("what was not answered was left out of the mean", () => {
  test("a question about code that is not answered is missed", async () => {
    const truth = tinyTruth(Array.from({ length: 20 }, (_, at) => ({ must: [at % 2], file: `${at % 4}.ts` })));
    const easy: Contestant = {
      name: "easy",
      role: "contestant",
      version: async () => "1",
      // Right about the only one that it answers.
      answer: async ({ id, items }) => ({
        taskId: id,
        usage: { indexMs: 0, answerMs: 0 },
        items: items.slice(0, 1).map((item) => {
          return {
            itemId: item.id,
            status: "certain",
            targets: [{ file: "a.ts", line: 1, column: 1, probability: 1 }],
          };
        }),
      }),
    };
    const { report } = await runTool({ adapter: easy, corpora: [corpusOf(truth, "real")], seed: 1, now: fixedNow });
    const score = callGraph(report);
    expect(score.corpora[0]).toMatchObject({ sites: 20, recall: { value: 1 / 20 }, precision: { value: 1 } });
    expect(score.score.value).toBeLessThan(0);
    expect(report.corpora[0]?.problems?.unanswered).toBe(19);
  });

  test("a question in words that is not answered is worth 0 and counts", async () => {
    const [rubrics, answers] = [join(root, "rubrics.jsonl"), join(root, "answers.jsonl")];
    const lines = ["1", "2"].map((itemId) => JSON.stringify({ itemId, required: [{ id: "a", names: ["save"] }] }));
    writeFileSync(rubrics, lines.join("\n"));
    writeFileSync(answers, JSON.stringify({ itemId: "1", text: "It calls save." }));
    const { stdout } = await cibench("free-text", "score", "--rubrics", rubrics, "--answers", answers, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ score: 0.5 });
  });
});

describe("a tool that does not exist scored 46 %", () => {
  test("its name is refused, with no report", async () => {
    const { code, stdout, stderr } = await cibench("run", "--tool", "foo", "--corpus", "source");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("'foo' is invalid");
  });

  test("a program that is not there has not run: it has no score", async () => {
    const truth = tinyTruth([{ must: [0] }, { must: [1], file: "b.ts" }]);
    const adapter = commandAdapter({
      name: "foo",
      command: join(root, "no-such-program"),
      itemLimits: { timeMs: 1000, tokens: null, costUsd: null },
    });
    const run = await runTool({ adapter, corpora: [corpusOf(truth, "real")], seed: 1, now: fixedNow });
    expect(run.report.scores.filter(({ state }) => state === "scored")).toEqual([]);
    expect(run.report.measuredWeight).toBe(0);
    expect(itemLines(run)).toBe("");
  });

  test("one that answers nothing scores 0 in every category, where gold scores 1", async () => {
    const { stdout } = await cibench(
      "run",
      "--tool",
      "null",
      "--corpus",
      "source",
      "--out",
      join(root, "out"),
      "--json",
    );
    const [report] = (JSON.parse(stdout) as { reports: Report[] }).reports;
    const scores = report?.scores.flatMap((score) => (score.state === "scored" ? [score.score.value ?? 0] : [])) ?? [];
    expect(scores.length).toBeGreaterThan(0);
    for (const score of scores) expect(score).toBeLessThanOrEqual(0);
    for (const { score } of report?.levels ?? []) expect(score.value).toBeLessThanOrEqual(0);
  });
});

test("a word of a name in common was a match", () => {
  // The predecessor took a pattern for found when one word of both names overlapped.
  for (const [text, name] of [
    ["The recall was bad.", "call"],
    ["It is called parser.", "Parser.run"],
    ["The error is thrown by the route.", "error middleware"],
    ["parsers are fun", "parse"],
  ] as const) {
    expect(stateOf(text, name), text).toBe("absent");
  }
  expect(stateOf("The error middleware catches it.", "error middleware")).toBe("affirmed");
});

function callGraph(report: Report) {
  const score = report.scores.find(({ category, state }) => category === "call-graph" && state === "scored");
  if (score?.state !== "scored") throw new Error("calls are not scored");
  return score;
}
