import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { findSandbox } from "@drift/corpora/tracing";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../src/canonical-json.ts";
import { progressPrinter, reportFailure } from "../src/cli/io.ts";
import { ListOutput, RunOutput } from "../src/schema/cli-output.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { SelfCheckResult } from "../src/schema/self-check.ts";
import { SuiteAuditOutput, SuiteOutput } from "../src/schema/suite.ts";
import { ToolRequest } from "../src/schema/protocol.ts";
import { commandsOn } from "./support/cli.ts";
import { ValidateOutput } from "../src/schema/validate.ts";
import { initReport, sourceTruth, writeSources } from "./support/source-corpus.ts";

let folder: string;
let root: string;
let out: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  root = join(folder, "source");
  out = join(folder, "runs");
  writeSources(root);
});
afterAll(() => rmSync(folder, { recursive: true }));

const cibench = commandsOn(() => root);

describe("cibench dispute", () => {
  test("says which corpus is unknown, and that nothing is stored under a name", async () => {
    expect(await cibench("dispute", "nowhere/a.js:1:1-1:2")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("names no corpus"),
    });
    const unknown = await cibench("dispute", "call-graph/source/src/main.ts:1:1-1:2", "--offline");
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('"src/main.ts:1:1-1:2"')]);
  });
});

describe("cibench run", () => {
  test("prints the record, writes report and items, and keeps progress off standard output", async () => {
    const { code, stdout, stderr } = await cibench(
      "run",
      "--tool",
      "grep",
      "--corpus",
      "source",
      "--out",
      out,
      "--json",
    );
    expect(code).toBe(0);
    const { reports, rankings, files } = RunOutput.parse(JSON.parse(stdout));
    expect(reports[0]).toMatchObject({ subject: { name: "grep", role: "contestant" }, measuredWeight: 0 });
    expect(rankings).toMatchObject([{ kind: "synthetic", ranked: [{ tool: "grep", rank: 1 }] }]);
    expect(stderr).toContain("grep on source: search …");
    expect(JSON.parse(readFileSync(files[0] as string, "utf8"))).toEqual(reports[0]);
    const items = gunzipSync(readFileSync(join(out, `${reports[0]?.itemsSha256}.jsonl.gz`))).toString();
    expect(sha256(items)).toBe(reports[0]?.itemsSha256);
    const records = items
      .trimEnd()
      .split("\n")
      .map((line) => ItemRecord.parse(JSON.parse(line)));
    expect(records).toHaveLength(9);
    expect(readdirSync(out).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("shows a table, with gold at 1 and nothing at 0", async () => {
    const gold = await cibench("run", "--adapter", "gold", "--corpus", "synthetic", "--out", out);
    expect(gold.code).toBe(0);
    expect(gold.stdout).toMatch(/gold 1\s+│ 1\.000 \[1\.000, 1\.000\]/);
    expect((await cibench("run", "--tool", "null", "--corpus", "source", "--out", out)).stdout).toMatch(
      /null 1\s+│ 0\.000/,
    );
  });

  test("of all goes without what cannot be had and without what tuning may see", async () => {
    const { code, stderr } = await cibench("run", "--tool", "gold", "--corpus", "all", "--offline", "--out", out);
    expect(code).toBe(0);
    expect(stderr).toContain("warning: without missing: missing is not in the cache");
    expect(stderr).toContain('note: without tuning: it is of split "fit"');
  });

  test.each([
    [2, ["run", "--tool", "nothing"]],
    [2, ["run", "--corpus", "nowhere"]],
    [2, ["run", "--seed", "1.5"]],
    [2, ["run", "--timeout", "-1"]],
    [2, ["run", "--colour"]],
    [2, ["dance"]],
    [2, []],
    [2, ["report"]],
    [3, ["run", "--tool", "null", "--corpus", "missing"]],
    [3, ["run", "--tool", "null", "--corpus", "real"]],
    [3, ["run", "--tool", "null", "--corpus", "python"]],
    [3, ["run", "--tool", "null", "--corpus", "java"]],
    [3, ["report", "no-such-file.json"]],
    [0, ["--help"]],
    [0, ["run", "--help"]],
    [0, ["--version"]],
  ])("exits %i on %j", async (code, argv) => {
    const result = await cibench(...argv);
    expect([result.code, result.stdout === ""]).toEqual([code, code !== 0]);
  });

  test("exits 3 where its output cannot be written", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const { code, stderr } = await cibench("run", "--tool", "null", "--corpus", "source", "--out", join(file, "runs"));
    expect([code, stderr]).toEqual([3, expect.stringContaining("OUTPUT_UNWRITABLE")]);
  });
});

test("cibench list says what is measured, with weights", async () => {
  const { categories, corpora, tools } = ListOutput.parse(JSON.parse((await cibench("list", "--json")).stdout));
  expect(categories.filter((one) => one.state === "measured").map((one) => [one.category, one.weight])).toEqual([
    ["pattern-recognition", 10],
    ["call-graph", 10],
    ["data-flow", 10],
    ["architectural-intent", 12],
    ["causal-reasoning", 15],
    ["uncertainty-calibration", 8],
    ["token-efficiency", 8],
    ["compositional-reasoning", 7],
    ["negative-knowledge", 6],
    ["iterative-refinement", 4],
  ]);
  expect(categories.reduce((sum, one) => sum + one.weight, 0)).toBe(100);
  expect(corpora.map((one) => one.id)).toEqual(["source", "missing", "tuning"]);
  expect(tools.map((one) => one.name)).toEqual([
    "drift",
    "grep",
    "imports",
    "null",
    "gold",
    "typescript-language-server",
    "pyright",
  ]);
  const { stdout } = await cibench("list");
  expect(stdout).toContain("Measured: 90 of 90 points");
  expect(stdout).toContain("Apart: corpora in go, java are in no total");
});

test("answers made elsewhere are scored with a corpus and with nothing but truth", async () => {
  const lines = (await cibench("tasks", "--corpus", "source")).stdout.trimEnd().split("\n");
  const asked = lines.map((line) => ToolRequest.parse(JSON.parse(line))).filter((request) => request.type === "ask");
  expect([lines.length, asked.length]).toEqual([10, 9]);
  const [answers, truth, wrong] = ["answers.jsonl", "truth.json", "wrong.jsonl"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const said = asked.map(({ taskId, item }) => ({ taskId, itemId: item.id, status: "external", targets: [] }));
  writeFileSync(answers, said.map((line) => JSON.stringify(line)).join("\n"));
  writeFileSync(truth, JSON.stringify(sourceTruth()));
  const ran = await cibench("run", "--predictions", answers, "--corpus", "source", "--out", out, "--json");
  const scored = await cibench("score", "--answers", answers, "--truth", truth, "--json");
  const [report, alone] = [ran, scored].map(({ stdout }) => RunOutput.parse(JSON.parse(stdout)).reports[0]);
  expect(alone?.scores).toEqual(report?.scores);
  expect(report?.reproduce).toContain(`run --predictions "${answers}" --name predictions --corpus source`);
  expect(report?.scores.find(({ state }) => state === "scored")).toMatchObject({ raw: { value: 0.25 } });
  expect(await cibench("validate", answers, "--corpus", "source")).toMatchObject({ code: 0 });
  writeFileSync(wrong, `${JSON.stringify({ ...said[0], status: "sure" })}\nNaN\n`);
  const validated = await cibench("validate", wrong, "--corpus", "source", "--json");
  const kinds = { "not-json": 1, "wrong-form": 1 };
  expect(ValidateOutput.parse(JSON.parse(validated.stdout)).corpora).toEqual([
    {
      category: "call-graph",
      corpus: "source",
      items: 9,
      problems: { malformed: 2, unasked: 0, repeated: 0, unanswered: 9, kinds },
      notRun: null,
    },
  ]);
  expect([validated.code, (await cibench("validate", wrong, "--corpus", "source")).stdout]).toEqual([
    1,
    expect.stringContaining("1 wrong-form, 1 not-json"),
  ]);
  expect((await cibench("validate", truth, "--corpus", "source")).stdout).toContain("the file has no line");
  expect((await cibench("score", "--answers", answers, "--truth", truth)).stdout).toContain("predictions unknown");
  expect((await cibench("score", "--answers", answers, "--truth", answers)).stderr).toContain("TRUTH_UNREADABLE");
  expect((await cibench("score", "--answers", truth, "--truth", truth)).code).toBe(3);
  for (const name of ["drift", "A/B", ""]) {
    expect((await cibench("run", "--predictions", answers, "--name", name)).code).toBe(2);
  }
});

describe("cibench report", () => {
  test("shows runs side by side, in Markdown too", async () => {
    const runs = ["grep", "gold"].map(
      async (tool) =>
        RunOutput.parse(
          JSON.parse((await cibench("run", "--tool", tool, "--corpus", "source", "--out", out, "--json")).stdout),
        ).files[0] as string,
    );
    const files = await Promise.all(runs);
    const table = await cibench("report", ...files);
    expect([table.code, table.stderr]).toEqual([0, ""]);
    expect(table.stdout).toMatch(/│ 1\s+│ grep 2/);
    expect((await cibench("report", "--markdown", ...files)).stdout).toContain("| 1 | grep 2 |");
    expect(
      RunOutput.parse(JSON.parse((await cibench("report", "--json", ...files)).stdout)).rankings[0]?.notRanked[0]?.tool,
    ).toBe("gold");
  });

  test("shows but does not rank a run whose items are altered or gone", async () => {
    const alone = join(folder, "alone");
    const { stdout } = await cibench("run", "--tool", "grep", "--corpus", "source", "--out", alone, "--json");
    const { files, reports } = RunOutput.parse(JSON.parse(stdout));
    const items = join(alone, `${reports[0]?.itemsSha256}.jsonl.gz`);
    writeFileSync(items, gzipSync("{}\n"));
    const altered = await cibench("report", ...files);
    expect([altered.code, altered.stderr]).toEqual([0, expect.stringContaining("warning: not ranked")]);
    rmSync(items);
    expect((await cibench("report", ...files)).stdout).toMatch(/│ –\s+│ grep 2/);
  });

  test("refuses what is no report", async () => {
    const file = join(folder, "broken.json");
    for (const text of ["{}", "[", "null"]) {
      writeFileSync(file, text);
      expect(await cibench("report", file)).toMatchObject({
        code: 3,
        stdout: "",
        stderr: expect.stringContaining("REPORT_UNREADABLE"),
      });
    }
    mkdirSync(join(folder, "folder.json"));
    expect((await cibench("report", join(folder, "folder.json"))).code).toBe(3);
  });
});

test("cibench selfcheck passes, and prints its record", async () => {
  const { code, stdout } = await cibench("selfcheck", "--json");
  expect(SelfCheckResult.parse(JSON.parse(stdout))).toMatchObject({ passed: true });
  expect(code).toBe(0);
  expect((await cibench("selfcheck")).stdout).toContain("The scorer holds.");
});

test("progress rewrites one line on a terminal, with the time left", () => {
  let [text, time] = ["", 0];
  const show = progressPrinter({ stderr: (part) => (text += part), isTerminal: true, clock: () => (time += 1000) });
  show("index", 1, 4);
  show("index", 4, 4);
  show("write", 0, 0);
  show("check", 1, 2);
  expect(text.replaceAll("\r\u001b[K", "<")).toBe("<index 1/4, 3 s left<index 4/4\n<write \n<check 1/2, 1 s left");
});

describe("cibench corpus init", () => {
  test("says in words, or as a record, what was found and what was not", async () => {
    const told = await cibench("corpus", "init", "mine");
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect(told.stdout).toBe(
      "Wrote mine/.cibench/corpus.json\n\nFound\n  - The code is 3 lines.\n\nCould not\n  - There are no tests.\n",
    );
    const record = await cibench("corpus", "init", "mine", "--json");
    expect(JSON.parse(record.stdout)).toEqual(initReport("mine"));
  });

  test("exits 3 when there is nothing to measure by, and 2 without a folder", async () => {
    const nothing = await cibench("corpus", "init", "empty");
    expect(nothing.code).toBe(3);
    expect(nothing.stdout).toMatch(/^Nothing was written\.\n/);
    expect((await cibench("corpus", "init")).code).toBe(2);
    expect((await cibench("corpus", "init", "--help")).stdout).toContain("Exit code: 0");
  });

  test("a folder is a corpus wherever an id is", async () => {
    const { code, stdout } = await cibench("run", "--tool", "gold", "--corpus", root, "--out", out, "--json");
    expect(code).toBe(0);
    expect(RunOutput.parse(JSON.parse(stdout)).reports[0]?.corpora[0]?.items).toBeGreaterThan(0);
  });
});

test("a bug is called a bug", () => {
  let text = "";
  expect(reportFailure(new TypeError("x is not a function"), { stderr: (part) => (text += part) })).toBe(70);
  expect(text).toMatch(/^This is a bug in Drift: TypeError: x is not a function\n {4}at /);
  expect(reportFailure("thrown text", { stderr: () => undefined })).toBe(70);
});

describe("the process itself", () => {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  // An empty cache of its own, and an empty one for npm's client, which would otherwise find real corpora in its own.
  const start = (...argv: string[]) => {
    const env = { DRIFT_CACHE_DIR: join(folder, "cache"), npm_config_cache: join(folder, "npm") };
    return execa(process.execPath, [main, ...argv], { reject: false, cwd: folder, env });
  };

  test("lists", async () => {
    const { exitCode, stdout } = await start("list", "--json");
    expect([exitCode, ListOutput.parse(JSON.parse(stdout)).suite.name]).toEqual([0, "cibench"]);
  });

  test("runs on a generated corpus without network", async () => {
    const once = await start("run", "--tool", "grep", "--corpus", "calls-small", "--offline", "--json");
    expect(once.exitCode).toBe(0);
    const { reports, files } = RunOutput.parse(JSON.parse(once.stdout));
    expect(files).toEqual([join(".drift", "cibench", `${reports[0]?.runId}.json`)]);
    expect(reports[0]?.corpora[0]?.items).toBeGreaterThan(400);
  });

  test("exits 2 on bad arguments and 3 on a corpus that is not there, with nothing on standard output", async () => {
    const wrong = await start("run", "--tool", "x");
    expect([wrong.exitCode, wrong.stdout]).toEqual([2, ""]);
    const missing = await start("run", "--tool", "null", "--corpus", "zod", "--offline");
    expect([missing.exitCode, missing.stdout]).toEqual([3, ""]);
    expect(missing.stderr).toContain("CORPUS_OFFLINE");
  });
});

describe("cibench suite run", () => {
  test("scores drift on a folder of labelled programs, as record or table", async () => {
    const suite = join(folder, "suite");
    mkdirSync(join(suite, "calls", "plain"), { recursive: true });
    writeFileSync(join(suite, "calls", "plain", "main.js"), "function f() {}\nf();\n");
    writeFileSync(join(suite, "calls", "plain", "callgraph.json"), '{ "main": ["main.f"] }');
    const errata = join(folder, "errata.json");
    const header = { schemaVersion: 2, suite: "swarm-js", commit: "c", command: "audit" };
    writeFileSync(errata, JSON.stringify({ ...header, errata: [] }));
    const { code, stdout } = await cibench("suite", "run", "swarm-js", suite, "--errata", errata, "--json");
    expect(code).toBe(0);
    expect(SuiteOutput.parse(JSON.parse(stdout))).toMatchObject({ cases: 1, f1: 1, audited: { errata: 0, f1: 1 } });
    const table = await cibench("suite", "run", "swarm-js", suite, "--errata", errata);
    expect(table.stdout).toMatch(/calls .* 1\.000 .*\n.*all/);
    expect(table.stdout).toContain("audited, 0 errata");
  });

  test("an unknown format is a bad argument, a folder without cases an error with a next step", async () => {
    expect((await cibench("suite", "run", "other", folder)).code).toBe(2);
    const { code, stderr } = await cibench("suite", "run", "pycg", join(folder, "nothing"));
    expect(code).toBe(3);
    expect(stderr).toContain("SUITE_UNREADABLE");
  });
});

describe("cibench suite audit", () => {
  test("runs the programs, and says no to an erratum that the run does not show", async ({ skip }) => {
    if ((await findSandbox()) === null) skip("neither bwrap nor unshare works on this computer");
    const suite = join(folder, "audited");
    for (const name of ["one", "two"]) {
      mkdirSync(join(suite, "calls", name), { recursive: true });
      writeFileSync(join(suite, "calls", name, "main.js"), "function f() {}\nf();\n");
      writeFileSync(join(suite, "calls", name, "callgraph.json"), '{ "main": ["main.f"] }');
    }
    const errata = join(folder, "unproven.json");
    const header = { schemaVersion: 2, suite: "swarm-js", commit: "c", command: "audit" };
    const wrong = { case: "calls/one", edge: ["main", "main.f"], decision: "remove", observed: "x", reason: "x" };
    writeFileSync(errata, JSON.stringify({ ...header, errata: [wrong] }));
    const record = await cibench("suite", "audit", "swarm-js", suite, "--errata", errata, "--json");
    expect(record.code).toBe(1);
    expect(SuiteAuditOutput.parse(JSON.parse(record.stdout))).toMatchObject({
      totals: { cases: 2, ended: 2, confirmed: 2 },
      errata: { proven: 0, unproven: [{ case: "calls/one" }] },
    });
    const one = await cibench("suite", "audit", "swarm-js", suite, "--case", "calls/two");
    expect([one.code, one.stdout]).toEqual([0, expect.stringContaining("swarm-js: 1 cases, 1 ended")]);
    expect((await cibench("suite", "audit", "swarm-js", suite, "--case", "gone")).code).toBe(3);
  });
});
