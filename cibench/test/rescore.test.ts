import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { sha256 } from "../src/canonical-json.ts";
import { mergeRuns, type RawRun } from "../src/rescore.ts";
import { itemLines, type Run, runTool } from "../src/run.ts";
import { RunOutput } from "../src/schema/cli-output.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import { CompareOutput, RescoreOutput, VerifyOutput } from "../src/schema/rescore.ts";
import { commandsOn } from "./support/cli.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";
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

function withoutMemory(usage: Report["corpora"][number]["usage"]): object | null {
  if (usage === null) return null;
  const { memory: _, ...rest } = usage;
  return rest;
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

  test("regenerates reports of version 1, which say neither limits nor memory", async () => {
    const now = JSON.parse(readFileSync(files["grep"] as string, "utf8")) as Report;
    const { limits: _, ...rest } = now;
    const corpora = rest.corpora.map(({ usage, ...one }) => ({ ...one, usage: withoutMemory(usage) }));
    const path = join(folder, "runs", "version-1.json");
    writeFileSync(path, JSON.stringify({ ...rest, schemaVersion: 1, corpora }));
    expect(await cibench("rescore", path)).toMatchObject({ code: 0, stdout: expect.stringContaining("the same") });
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

describe("runs of parts", () => {
  test("put together are the run of the whole, whatever ran and what did not", async () => {
    const sites = [{ must: [0] }, { must: [1], file: "b.ts" }, { must: [2], stratum: "imported" as const }];
    const corpora = ["one", "two", "three"].map((id) => corpusOf(tinyTruth(sites, undefined, id)));
    const adapter: Contestant = {
      name: "x",
      role: "contestant",
      version: async () => "1",
      answer: async (task) => {
        if (task.corpus === "three") throw new Error("it is too large");
        const items = task.items.slice(0, task.corpus === "one" ? 2 : 3).map(({ id }) => {
          return { itemId: id, status: "certain", targets: [{ file: "a.ts", line: 1, column: 1, probability: 1 }] };
        });
        return { taskId: task.id, items: [...items, null], usage: { indexMs: 1, answerMs: 2 } };
      },
    };
    const options = { adapter, seed: 3, now: fixedNow };
    const raw = ({ report, ...rest }: Run): RawRun => {
      const lines = itemLines(rest)
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "");
      return { report, records: lines.map((line) => ItemRecord.parse(JSON.parse(line))) };
    };
    for (const count of [2, 3]) {
      const some = corpora.slice(0, count);
      const parts = await Promise.all(
        some.map(async (corpus) => raw(await runTool({ ...options, corpora: [corpus] }))),
      );
      expect(await mergeRuns(parts.toReversed(), some)).toEqual(await runTool({ ...options, corpora: some }));
      await expect(mergeRuns([...parts, parts[0] as RawRun], some)).rejects.toThrow("call-graph/one is in two of them");
      const older = { ...(parts[0] as RawRun), report: { ...(parts[0] as RawRun).report, seed: 4 } };
      await expect(mergeRuns([older, parts[1] as RawRun], some)).rejects.toThrow(
        "different tools, versions, profiles or seeds",
      );
    }
  });

  test("are named by part and number", async () => {
    const run = ["run", "--tool", "grep", "--corpus", "source", "--out", join(folder, "part"), "--shard"];
    const { code, stderr } = await cibench(...run, "1/2");
    expect(code).toBe(0);
    const part = /wrote (.*)/.exec(stderr)?.[1] as string;
    const merged = await cibench("merge", part, "--out", join(folder, "merged"), "--json");
    expect(RunOutput.parse(JSON.parse(merged.stdout)).reports).toEqual([JSON.parse(readFileSync(part, "utf8"))]);
    expect((await cibench(...run, "2/2")).stderr).toContain("NO_CORPORA");
    for (const wrong of ["0/2", "3/2", "1", "a/b"]) expect((await cibench(...run, wrong)).code).toBe(2);
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
    ["another suite", "suite", () => altered("made", ({ suite }) => (suite.hash = "x"))],
    ["our own name", "name", () => files["grep"] as string],
    ["a badge that it gives itself", "name", () => altered("made", (report) => (report.badge = "re-run by us"))],
    ["corpora for development", "corpora", () => altered("made", ({ corpora }) => (first(corpora).split = "fit"))],
    [
      "a corpus of its own, which is a path",
      "corpora",
      () => altered("made", ({ corpora }) => (first(corpora).id = "./x")),
    ],
    ["no corpus at all", "corpora", () => altered("made", (report) => (report.corpora = []))],
    ["evidence that is gone", "files", () => changed("2".repeat(64))],
    ["evidence elsewhere", "form", () => changed("../../../etc/passwd")],
    ["evidence with another hash", "evidence", () => hollow("{}\n")],
    ["items that unpack to too much", "evidence", () => hollow("0".repeat(300_000_000))],
    ["an end before the start", "form", () => altered("made", (report) => (report.endedAt = "2020-01-01T00:00:00Z"))],
    ["an end in the future", "form", () => altered("made", (report) => (report.endedAt = "2126-01-01T00:00:00Z"))],
    ["a text that is written backwards", "text", () => altered("made", ({ subject }) => (subject.version = "1\u202e"))],
    ["a text that moves the cursor", "text", () => altered("made", (report) => (report.reproduce = "x\u001b[2J"))],
    ["markup in a name", "text", () => altered("made", ({ subject }) => (subject.version = "<img src=x>"))],
    ["a text without end", "text", () => altered("made", ({ subject }) => (subject.version = "x".repeat(30_000)))],
    ["no report at all", "form", () => join(folder, "answers.jsonl")],
    ["a report of any depth", "form", () => written("[".repeat(200_000))],
    ["a report of any size", "files", () => written(" ".repeat(1_000_001))],
    ["a folder", "files", () => folder],
    ["a link", "files", () => linked(files["made"] as string)],
  ])("refuses %s", async (_what, check, file) => {
    expect(await verdict(file())).toEqual([1, [check]]);
  });

  test("says each finding with its place, in characters that can be seen", async () => {
    const many = altered("made", (report) => {
      report.subject.version = "\u001b[31m";
      first(report.corpora).split = "fit";
      for (const score of report.scores) if ("reason" in score) score.reason = "\u202e";
    });
    const { code, stdout } = await cibench("verify-submission", many);
    expect(code).toBe(1);
    expect(stdout).toContain("FAIL  text: report.subject.version holds the character U+001B\n");
    expect(stdout).toMatch(/FAIL {2}text: report\.scores\[\d+\]\.reason holds the character U\+202E\n/);
    expect(stdout).toContain("FAIL  corpora: source is of split fit");
    expect(stdout).toMatch(/It may not be shown/);
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });

  /** A report beside which the items are these. */
  function hollow(text: string): string {
    const path = altered("made", (report) => (report.itemsSha256 = "1".repeat(64)));
    writeFileSync(join(folder, "runs", `${"1".repeat(64)}.jsonl.gz`), gzipSync(text));
    return path;
  }

  /** A report that says its items are elsewhere. */
  function changed(itemsSha256: string): string {
    return written(JSON.stringify({ ...JSON.parse(readFileSync(files["made"] as string, "utf8")), itemsSha256 }));
  }

  function written(text: string): string {
    const path = join(folder, "written.json");
    writeFileSync(path, text);
    return path;
  }

  function linked(file: string): string {
    const path = join(folder, "runs", "link.json");
    symlinkSync(file, path);
    return path;
  }
});

function first<T>([one]: T[]): T {
  if (one === undefined) throw new Error("there is none");
  return one;
}
