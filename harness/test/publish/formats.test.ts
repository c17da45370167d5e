import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addHistoryCommands } from "../../src/drift-bench-history.ts";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { checkOutput } from "../../src/publish/check-run.ts";
import { LARGEST_ARTEFACT_BYTES, readHostileReport } from "../../src/publish/hostile.ts";
import { COMMENT_LIMIT, renderComment } from "../../src/publish/markdown.ts";
import { renderSarif, sourceIn } from "../../src/publish/sarif.ts";
import { code } from "../../src/publish/text.ts";
import { contextOf, createLab } from "../e2e/lab.ts";
import { temporaryFolder } from "../fixtures.ts";
import { gateReport, pairsOf, scored, withCases, withScores } from "../gate-report.ts";

const OPTIONS = { name: "gate", link: null, wasRed: false, advisory: false };
const CONFIG =
  '{\n  "cases": [\n    { "id": "a", "command": ["x"] },\n    { "id": "b/slow", "command": ["y"] }\n  ]\n}';

describe("the comment", () => {
  test("shows what changed by effect, folds what did not, and says how to measure again", () => {
    const body = renderComment(gateReport({ "z/slow": 1.3, "a/slower": 1.6, "m/same": 1, "b/fast": 0.7 }), OPTIONS);
    expect(body.startsWith("<!-- drift-bench:gate -->\n")).toBe(true);
    const places = ["a/slower", "z/slow", "b/fast", "<summary>1 unchanged</summary>", "m/same"].map((one) =>
      body.indexOf(one),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(body).toContain("+60.0 %");
    expect(body).toContain("--seed 1");
  });

  test("fits, however many cases there are", () => {
    const ids = Array.from({ length: 900 }, (_, i) => `suite/case-${"x".repeat(60)}-${i}`);
    const body = renderComment(withCases(gateReport({ "a/b": 1 }), ids), OPTIONS);
    expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(body).toContain("<summary>900 unchanged</summary>");
  });

  test("lets nothing of others' text act", () => {
    expect(code("a`b|c\n@team <img src=x> [l](u) \u202E")).toBe("`aˋb¦c @team <img src=x> [l](u)`");
    const body = renderComment(
      gateReport({ "a/b": 1 }, { failed: ["a/c"], reproduce: "x`\n\n# @everyone `y" }),
      OPTIONS,
    );
    expect(body).not.toMatch(/^# /m);
    expect(body).toContain("`xˋ # @everyone ˋy`");
  });
});

describe("SARIF", () => {
  const multitool = createRequire(createRequire(import.meta.url).resolve("@microsoft/sarif-multitool/package.json"));
  const program = (() => {
    try {
      return multitool(`@microsoft/sarif-multitool-${process.platform}`) as string;
    } catch {
      return null; // There is none for this system.
    }
  })();

  test("is valid for the multitool, with a rule and a fingerprint for each case", { timeout: 120_000 }, (context) => {
    const speed = gateReport({ "a/slow": 1.3, "b/slow": 1.2, "a/same": 1 }, { failed: ["c/d"] });
    const report = withScores(speed, [scored("s/fallen", [0.84, 0.81])]);
    const log = renderSarif(report, { version: "0.1.0", source: sourceIn("drift-bench.json", CONFIG) });
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          results: [
            { ruleId: "a/slow", level: "error", locations: [{ physicalLocation: { region: { startLine: 3 } } }] },
            { ruleId: "b/slow", locations: [{ physicalLocation: { region: { startLine: 4 } } }] },
            { ruleId: "s/fallen", level: "error", kind: "fail" },
          ],
        },
      ],
    });
    if (program === null) {
      context.skip("not run: the multitool has no program for this system");
      return;
    }
    const [file, found] = ["gate.sarif", "found.sarif"].map((name) => join(temporaryFolder(), name)) as [
      string,
      string,
    ];
    writeFileSync(file, JSON.stringify(log));
    const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
    execFileSync(program, ["validate", file, "--output", found, "--level", "Error;Warning;Note"], {
      env,
      stdio: "pipe",
    });
    const validated = JSON.parse(readFileSync(found, "utf8").replace(/^\uFEFF/, "")) as {
      runs: { results?: { level?: string; ruleId: string }[] }[];
    };
    expect(validated.runs.flatMap(({ results }) => results ?? []).filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("a report that a stranger made", () => {
  const trusted = { settings: GATE_DEFAULTS, headCommit: "a".repeat(40), reproduce: "again" };
  const write = (content: unknown): string => {
    const path = join(temporaryFolder(), "report.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };

  test("is judged by its pairs, not by what it says", () => {
    const report = gateReport({ "a/slow": 1.3 });
    const lying = {
      ...report,
      verdict: "improved",
      cases: [],
      head: { ref: "x", commit: "e".repeat(40) },
      falseAlarms: { gates: 9, red: 0, high: 0 },
    };
    const read = readHostileReport(write(lying), trusted);
    expect([read.verdict, read.cases[0]?.verdict, read.head.commit, read.falseAlarms, read.reproduce]).toEqual([
      "regressed",
      "regressed",
      trusted.headCommit,
      null,
      "again",
    ]);
  });

  test.each([
    ["no JSON", "{", "not JSON"],
    ["another record", { schemaVersion: 1 }, "no report of a gate"],
    [
      "a name that is a path",
      { ...gateReport({}), samples: [pairsOf("../../etc", 1)] },
      "no report of a gate (at samples.0.caseId)",
    ],
    ["the same case twice", { ...gateReport({}), samples: [pairsOf("a/b", 1), pairsOf("a/b", 1)] }, "twice"],
  ])("of %s is refused", (_, content, said) => {
    expect(() => readHostileReport(write(content), trusted)).toThrow(said);
  });

  test("that is missing or huge is refused unread", () => {
    expect(() => readHostileReport("/nonexistent", trusted)).toThrow("not there");
    const path = write("{}");
    truncateSync(path, LARGEST_ARTEFACT_BYTES + 1);
    expect(() => readHostileReport(path, trusted)).toThrow("larger than");
  });
});

test("conclusions keep apart what regressed, what cannot be told, and what was not measured", () => {
  const source = sourceIn("drift-bench.json", CONFIG);
  const of = (...args: Parameters<typeof gateReport>) => checkOutput(gateReport(...args), source);
  expect(of({ "a/b": 1 })).toMatchObject({ conclusion: "success", title: "1 case: no change" });
  expect(of({ "a/b": 1.5 })).toMatchObject({ conclusion: "failure", annotations: [{ start_line: 3 }] });
  expect(of({})).toMatchObject({ conclusion: "action_required", title: "Nothing was measured" });
  expect(of({ "a/b": 1 }, { failed: ["a/c"] })).toMatchObject({
    conclusion: "action_required",
    title: expect.stringContaining("could not be measured") as string,
  });
  const few = gateReport({ "a/b": 1 });
  const inconclusive = {
    ...few,
    verdict: "inconclusive" as const,
    cases: few.cases.map((one) => ({ ...one, verdict: "inconclusive" as const })),
  };
  expect(checkOutput(inconclusive, source)).toMatchObject({ conclusion: "neutral" });
});

test("`report` prints every form, merges shards, and ends as the gate did", async () => {
  const folder = temporaryFolder();
  const [red, green, other] = [
    gateReport({ "a/slow": 1.3 }),
    gateReport({ "b/same": 1 }),
    gateReport({ "c/d": 1 }, { head: "9".repeat(40) }),
  ].map((report, i) => {
    const path = join(folder, `${i}.json`);
    writeFileSync(path, JSON.stringify(report));
    return path;
  }) as [string, string, string];
  let output = "";
  let code: number | null = null;
  const context = { ...contextOf(createLab()), stdout: { write: (text: string) => (output += text) } };
  const run = async (...args: string[]): Promise<string> => {
    output = "";
    const program = new Command().exitOverride();
    addHistoryCommands(program, context, (answer) => (code = answer));
    await program.parseAsync(["report", ...args], { from: "user" });
    return output;
  };
  expect(await run("--in", red)).toContain("regressed");
  expect(code).toBe(1);
  expect(await run("--in", green, "--format", "badge")).toContain("1 unchanged");
  expect(code).toBe(0);
  expect(await run("--in", red, green, "--format", "summary")).toMatch(/a\/slow[^]*b\/same/);
  expect(JSON.parse(await run("--in", red, "--format", "badge-json"))).toMatchObject({
    schemaVersion: 1,
    message: "1 of 1 regressed",
  });
  expect(JSON.parse(await run("--in", red, "--format", "check"))).toMatchObject({ conclusion: "failure" });
  expect(JSON.parse(await run("--in", red, "--format", "sarif"))).toMatchObject({ version: "2.1.0" });
  expect(JSON.parse(await run("--in", green, "--json"))).toMatchObject({ verdict: "unchanged" });
  await expect(run("--in", red, other)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  const out = join(folder, "comment.md");
  expect(await run("--in", red, "--format", "markdown", "--out", out)).toBe("");
  expect(readFileSync(out, "utf8")).toContain("drift-bench:drift-bench");
});
