import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeLayered } from "@drift/corpora";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRun } from "../src/read-run.ts";
import { csvReport } from "../src/report-csv.ts";
import { htmlReport } from "../src/report-html.ts";
import { RunOutput } from "../src/schema/cli-output.ts";
import { proposalId } from "../src/tasks/understanding/rules.ts";
import { commandsOn } from "./support/cli.ts";
import { writeSources } from "./support/source-corpus.ts";
import { tinyChanges } from "./support/tiny-changes.ts";
import { tinyRules } from "./support/tiny-rules.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  writeSources(join(folder, "source"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const cibench = commandsOn(() => join(folder, "source"));

test("answers are scored in every category with truth from files", async () => {
  const [changes, rules] = [tinyChanges([{ executed: [0], broken: [0] }, {}]), tinyRules([{ said: ["E1"] }, {}])];
  const [changeFile, ruleFile, answers, layered] = ["changes.json.gz", "rules.json", "answers.jsonl", "layered"].map(
    (name) => join(folder, name),
  ) as [string, string, string, string];
  writeFileSync(changeFile, gzipSync(JSON.stringify(changes.truth)));
  writeFileSync(ruleFile, JSON.stringify(rules));
  await writeLayered(layered, { language: "typescript", files: 60, seed: 1 });
  const about = ["pattern-recognition", "data-flow", "compositional-reasoning", "negative-knowledge"];
  const lines = [
    { taskId: "causal-reasoning/tiny", itemId: changes.truth.items[0]?.id, status: "certain", breaks: [] },
    {
      taskId: "architectural-intent/tiny",
      itemId: proposalId({ id: rules.items[1]?.id ?? "" }),
      verdict: "allowed",
      rules: [],
    },
    ...about.map((category) => ({ taskId: `${category}/mine`, itemId: "none", status: "certain", chosen: [] })),
  ];
  writeFileSync(answers, lines.map((line) => JSON.stringify(line)).join("\n"));
  const truths = [changeFile, ruleFile, join(layered, "truth.jsonl")];
  const ended = await cibench(
    ...["score", "--answers", answers, "--layered-id", "mine", "--json", "--truth", ...truths],
  );
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  const [report] = RunOutput.parse(JSON.parse(ended.stdout)).reports;
  expect(report?.corpora.map(({ taskId }) => taskId)).toEqual([
    "pattern-recognition/mine",
    "data-flow/mine",
    "architectural-intent/tiny",
    "causal-reasoning/tiny",
    "uncertainty-calibration/mine",
    "compositional-reasoning/mine",
    "negative-knowledge/mine",
  ]);
  expect(report?.scores.filter(({ state }) => state === "scored")).toHaveLength(6); // Nothing was said about runs.
  const rule = report?.scores.find(({ category }) => category === "architectural-intent");
  expect(rule).toMatchObject({ raw: { value: 0.5 } });
});

describe("cibench report", () => {
  test("prints tables for spreadsheets, and a page that runs nothing", async () => {
    const files: string[] = [];
    for (const tool of ["grep", "gold"]) {
      const { stdout } = await cibench("run", "--tool", tool, "--corpus", "source", "--out", folder, "--json");
      files.push(...RunOutput.parse(JSON.parse(stdout)).files);
    }
    expect((await cibench("report", "--format", "pdf", ...files)).code).toBe(2);
    const csv = (await cibench("report", "--format", "csv", ...files)).stdout.trimEnd().split("\r\n");
    const [header = [], ...rows] = csv.map((line) => line.split(","));
    const cell = (row: string[], column: string): string | undefined => row[header.indexOf(column)];
    const gold = rows.filter((row) => cell(row, "tool") === "gold" && cell(row, "state") === "scored");
    expect(gold.map((row) => [cell(row, "category"), cell(row, "corpus"), cell(row, "score")])).toContainEqual([
      "call-graph",
      "",
      "1",
    ]);
    const html = (await cibench("report", "--format", "html", ...files)).stdout;
    expect(html).toContain("<td>1</td><td>grep 2</td>");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain("<script");
    expect(html).toMatch(/<details><summary>Call graph, source: 9 items<\/summary>/);
    expect(html).toMatch(/<td>right<\/td><td>src\/main\.ts:4:3<\/td>/);
    const run = await readRun(files[0] as string);
    const forecasts = [0.1, 0.75, 1].map((probability) => ({ probability, isTrue: probability > 0.5 }));
    const stated = run.items.slice(0, 3).map((item, index) => ({ ...item, forecast: forecasts[index] }));
    const diagram = htmlReport([{ report: run.report, items: stated }]);
    expect(diagram).toContain("Reliability: grep");
    expect(diagram).toContain("1 statements: said 0.75, true 1.00");
    run.report.subject.version = '=1+1,"<script>&';
    run.report.badge = "self-reported";
    expect(htmlReport([run])).toContain("=1+1,&quot;&lt;script&gt;&amp;");
    expect(htmlReport([run])).toContain("self-reported");
    expect(htmlReport([{ report: run.report, items: [] }])).toContain("are not here");
    const [, hostile = ""] = csvReport([run.report]).split("\r\n");
    expect(hostile).toContain(`,"'=1+1,""<script>&",self-reported,`);
  });
});
