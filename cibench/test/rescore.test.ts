import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../src/canonical-json.ts";
import { Report } from "../src/schema/report.ts";
import { CompareOutput, RescoreOutput, VerifyOutput } from "../src/schema/rescore.ts";
import { commandsOn } from "./support/cli.ts";
import { writeSources } from "./support/source-corpus.ts";

let folder: string;
let root: string;
const cibench = commandsOn(() => root);
const files: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  root = join(folder, "source");
  writeSources(root);
  const answers = join(folder, "answers.jsonl");
  const { stdout } = await cibench("tasks", "--corpus", "source");
  const asked = stdout
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line));
  const said = asked.map(({ taskId, item }) => ({ taskId, itemId: item.id, status: "external", targets: [] }));
  writeFileSync(answers, said.map((line) => JSON.stringify(line)).join("\n"));
  const runs = {
    grep: ["--tool", "grep"],
    gold: ["--tool", "gold"],
    made: ["--predictions", answers, "--name", "made"],
    absent: ["--command", "exit 3", "--name", "absent"],
  };
  for (const [name, flags] of Object.entries(runs)) {
    const { stderr } = await cibench("run", ...flags, "--corpus", "source", "--out", join(folder, "runs"), "--json");
    files[name] = /wrote (.*)/.exec(stderr)?.[1] as string;
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of a run whose first answer is another one, with the hash that this gives. */
function altered(name: string, change: (report: Report) => void = () => undefined): string {
  const report = Report.parse(JSON.parse(readFileSync(files[name] as string, "utf8")));
  const items = join(folder, "runs", `${report.itemsSha256}.jsonl.gz`);
  const text = gunzipSync(readFileSync(items))
    .toString()
    .replace('"status":"external","targets":[]', '"status":"unknown","targets":[]');
  report.itemsSha256 = sha256(text);
  change(report);
  const path = join(folder, "runs", "altered.json");
  writeFileSync(join(folder, "runs", `${report.itemsSha256}.jsonl.gz`), gzipSync(text));
  writeFileSync(path, JSON.stringify(report));
  return path;
}

describe("cibench rescore", () => {
  test("regenerates every report from its raw answers, those of tools that did not run too", async () => {
    const all = ["grep", "gold", "made", "absent"].map((name) => files[name] as string);
    const out = join(folder, "again");
    const { code, stdout } = await cibench("rescore", ...all, "--out", out, "--json");
    expect(RescoreOutput.parse(JSON.parse(stdout)).runs.map(({ state }) => state)).toEqual([
      "same",
      "same",
      "same",
      "same",
    ]);
    expect(code).toBe(0);
    for (const file of all) {
      const name = file.split("/").at(-1) as string;
      expect(readFileSync(join(out, name), "utf8")).toBe(readFileSync(file, "utf8"));
    }
  });

  test("says no to answers or scores that do not belong together", async () => {
    const { code, stdout } = await cibench("rescore", altered("made"));
    expect([code, stdout]).toEqual([1, expect.stringContaining("NOT THE SAME")]);
    const better = altered("made", ({ scores }) => {
      for (const score of scores) if (score.state === "scored") score.score.value = 0.99;
    });
    expect((await cibench("rescore", better)).stdout).toMatch(/call-graph, synthetic: 0\.9900 is -?\d/);
    const judgedElsewhere = altered("made", ({ suite }) => (suite.hash = "x"));
    expect((await cibench("rescore", judgedElsewhere)).stdout).toContain("other truth or rules");
  });
});

describe("cibench compare", () => {
  test("gives paired differences, the largest first, and the items behind them", async () => {
    const { code, stdout } = await cibench("compare", files["grep"] as string, files["made"] as string, "--json");
    expect(code).toBe(0);
    const { figures, items } = CompareOutput.parse(JSON.parse(stdout));
    expect(figures.map(({ corpus }) => corpus)).toEqual([null, "source"]);
    const [all] = figures;
    expect(all?.difference.value).toBeCloseTo((all?.a ?? 0) - (all?.b ?? 0), 12);
    expect(all?.difference.value).toBeGreaterThan(0);
    expect(all).toMatchObject({ aBetter: 7, bBetter: 0 });
    expect(items).toHaveLength(7);
    expect(items[0]).toMatchObject({ corpus: "source", a: 1, b: 0 });
    expect((await cibench("compare", files["grep"] as string, files["grep"] as string)).stdout).toContain(
      "0.000 [0.000, 0.000]",
    );
  });

  test("refuses runs that have nothing in common", async () => {
    for (const other of [files["absent"] as string, altered("made", ({ suite }) => (suite.hash = "x"))]) {
      const { code, stderr } = await cibench("compare", files["grep"] as string, other);
      expect([code, stderr]).toEqual([3, expect.stringContaining("NOT_COMPARABLE")]);
    }
  });
});

describe("cibench verify-submission", () => {
  async function verdict(file: string): Promise<[code: number, failed: string[]]> {
    const { code, stdout } = await cibench("verify-submission", file, "--json");
    const { checks } = VerifyOutput.parse(JSON.parse(stdout));
    return [code, checks.filter(({ passed }) => !passed).map(({ check }) => check)];
  }

  test("takes a run whose scores follow from its answers", async () => {
    expect(await verdict(files["made"] as string)).toEqual([0, []]);
    expect((await cibench("verify-submission", files["made"] as string)).stdout).toContain(
      "ok    scores: the same bit for bit",
    );
  });

  test.each([
    ["another answer than scored", "scores", () => altered("made")],
    ["another seed", "scores", () => altered("made", (report) => (report.seed = 2))],
    ["our own name", "name", () => files["grep"] as string],
    [
      "corpora for development",
      "corpora",
      () => altered("made", ({ corpora }) => ((corpora[0] as { split: string }).split = "fit")),
    ],
    ["evidence that is gone", "readable", () => altered("made", (report) => (report.itemsSha256 = "0".repeat(64)))],
    ["no report at all", "readable", () => join(folder, "answers.jsonl")],
  ])("refuses %s", async (_what, check, file) => {
    expect(await verdict(file())).toEqual([1, [check]]);
  });
});
