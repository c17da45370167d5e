import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RuleTruth } from "@drift/corpora";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Adapter } from "../src/adapters/adapter.ts";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { importsAdapter } from "../src/adapters/imports.ts";
import { nullAdapter } from "../src/adapters/null.ts";
import { exportsReader, NOT_EXPORTED } from "../src/adapters/package-exports.ts";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { judgeRules, type Said } from "../src/evaluators/rules.ts";
import { rescore } from "../src/rescore.ts";
import { itemLines, type Run, runTool } from "../src/run.ts";
import type { ProposalAnswer } from "../src/schema/answer.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import { RuleTask } from "../src/schema/task.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { itemCredit } from "../src/scores/item-credit.ts";
import { goldVerdicts, proposalAnswers, ruleExpectations } from "../src/scores/rule-floor.ts";
import { selfCheck } from "../src/self-check.ts";
import { ruleTask } from "../src/tasks/understanding/rules.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { type TinyProposal, tinyRules } from "./support/tiny-rules.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const corpusWith = (rules: RuleTruth) => ({ ...corpusOf(tinyTruth([{ must: [0] }]), "real", folder), rules });

/** What is said of one change: `outcome credit`. */
function check(change: TinyProposal, said: Said | null): string {
  const truth = tinyRules([change]);
  const [outcome] = judgeRules(proposalAnswers(truth, said === null ? [] : [said]), truth);
  return outcome === undefined ? "nothing" : `${outcome.outcome} ${itemCredit(outcome)?.toFixed(2)}`;
}

describe("one change", () => {
  const rejected = { said: ["A1", "B2"] };
  test("that is rejected is worth the F1 of the rules that are named", () => {
    expect(check(rejected, { verdict: "violates", rules: ["A1", "B2"] })).toBe("right 1.00");
    expect(check(rejected, { verdict: "violates", rules: ["A1", "A1"] })).toBe("partly 0.67");
    expect(check(rejected, { verdict: "violates", rules: ["A1", "C3", "D4"] })).toBe("partly 0.40");
    expect(check(rejected, { verdict: "violates", rules: [] })).toBe("wrong 0.00");
    expect(check(rejected, { verdict: "allowed", rules: ["A1", "B2"] })).toBe("wrong 0.00");
  });
  test("that is allowed is right when that is said, which silence does not", () => {
    expect(check({}, { verdict: "allowed", rules: [] })).toBe("right 1.00");
    expect(check({}, { verdict: "violates", rules: ["A1"] })).toBe("wrong 0.00");
    expect(check({}, { verdict: "unknown", rules: [] })).toBe("abstained 0.00");
    expect(check(rejected, null)).toBe("abstained 0.00");
  });
  test("is worth at least as much with a true rule more, and at most as much with a false one more", () => {
    const rules = fc.uniqueArray(fc.constantFrom("A1", "B2", "C3", "D4"));
    fc.assert(
      fc.property(rules, (named) => {
        const creditOf = (some: string[]) =>
          Number(check(rejected, { verdict: "violates", rules: some }).split(" ")[1]);
        expect(creditOf([...named, "A1"])).toBeGreaterThanOrEqual(creditOf(named));
        expect(creditOf([...named, "Z9"])).toBeLessThanOrEqual(creditOf(named));
      }),
    );
  });
  test("and another, of which one is rejected, are right together when both verdicts are, whatever the rules", () => {
    const truth = tinyRules([{ said: ["A1"] }, {}], [[0, 1, "place"]]);
    const pair = (...said: Said[]) => {
      const found = judgeRules(proposalAnswers(truth, said), truth).at(-1);
      return `${found?.stratum} ${found?.outcome}`;
    };
    const [no, yes]: Said[] = [
      { verdict: "violates", rules: ["Z9"] },
      { verdict: "allowed", rules: [] },
    ];
    expect(pair(no as Said, yes as Said)).toBe("rule-pair right");
    expect(pair(no as Said, no as Said)).toBe("rule-pair wrong");
    expect(pair(yes as Said, yes as Said)).toBe("rule-pair wrong");
    expect(pair()).toBe("rule-pair abstained");
  });
});

/** Ten rejected by one rule, ten allowed, in pairs. */
const twenty = tinyRules(
  Array.from({ length: 20 }, (_, index) =>
    index < 10 ? { said: ["A1"], file: `${index}.py` } : { file: `${index}.py` },
  ),
  Array.from({ length: 10 }, (_, index) => [index, index + 10, "place"]),
);

test("the worked example of the README", () => {
  const said = twenty.items.map((_, index): Said => {
    if (index < 6) return { verdict: "violates", rules: ["A1"] };
    if (index < 8) return { verdict: "violates", rules: ["A1", "B2"] };
    return index < 18 ? { verdict: "allowed", rules: [] } : { verdict: "violates", rules: ["A1"] };
  });
  const outcomes = judgeRules(proposalAnswers(twenty, said), twenty);
  const corpora = [{ id: "tiny", kind: "real" as const, outcomes }];
  const { raw, floor, floorBy, score } = categoryScore("architectural-intent", corpora, ruleExpectations([twenty], 1), {
    seed: 1,
  });
  expect(raw.value).toBeCloseTo((22 / 30 + 0.8 + 0.8) / 3, 10);
  expect([floor, floorBy]).toEqual([expect.closeTo((0.5 + 0.5 + 5 / 19) / 3, 2), "shuffled-gold"]);
  expect(score.value).toBeCloseTo(0.616, 2);
});

test("the task tells nothing of what is known", () => {
  const truth = tinyRules([{ said: ["A1"] }, {}, { reach: "tiny/inner", said: [NOT_EXPORTED] }], [[0, 1, "form"]]);
  const task = RuleTask.parse(ruleTask(truth));
  expect(task.items).toHaveLength(3);
  expect(task.files).toEqual(["a.py"]);
  expect(JSON.stringify(task)).not.toMatch(/A1|violates|verdict|form|checker|0 a\.py/);
  expect(ruleTask({ ...truth, items: truth.items.toReversed() })).toEqual(ruleTask(truth));
});

describe("trivial answers", () => {
  test("land where selfcheck expects them, and gold on 1", async () => {
    const other = tinyRules([{ said: ["B2"] }, {}, { said: ["B2", "C3"] }, {}], [[0, 1, "form"]], "other");
    const { entries } = await selfCheck({ corpora: [corpusWith(twenty), corpusWith(other)], seed: 3 });
    const own = entries.filter(({ category }) => category === "architectural-intent");
    expect(own.filter(({ passed }) => !passed)).toEqual([]);
    expect(own.map(({ baseline }) => baseline)).toEqual([
      "gold",
      "null",
      "all-allowed",
      "all-rejected",
      "commonest-rule",
      "list-everything",
      "random",
      "shuffled-gold",
    ]);
    expect(own[0]).toMatchObject({ raw: 1, score: 1 });
  });
  test("that are the same everywhere in a corpus do not beat the floor, chosen in hindsight", () => {
    const all = [
      twenty,
      tinyRules(
        Array.from({ length: 30 }, () => ({ said: ["B2"] })),
        [],
        "other",
      ),
    ];
    const expected = new Map(ruleExpectations(all, 1).map(({ name, raw }) => [name, raw]));
    for (const name of ["all-allowed", "all-rejected", "commonest-rule"]) {
      expect(expected.get("constant")).toBeGreaterThanOrEqual(expected.get(name) ?? 1);
    }
    expect(goldVerdicts(twenty)[0]).toEqual({ verdict: "violates", rules: ["A1"] });
  });
});

function runOf(adapter: Adapter, rules: RuleTruth): Promise<Run> {
  return runTool({ adapter, corpora: [corpusWith(rules)], seed: 1, now: fixedNow });
}

const scoreIn = ({ report }: Run) => report.scores.find(({ category }) => category === "architectural-intent");

describe("a run", () => {
  test("of gold and null, stored and scored again, is the same", async () => {
    for (const [adapter, raw] of [
      [goldAdapter, 1],
      [nullAdapter, 0],
    ] as const) {
      const run = await runOf(adapter, twenty);
      expect(scoreIn(run)).toMatchObject({ state: "scored", raw: { value: raw } });
      const stored = Report.parse(JSON.parse(JSON.stringify(run.report)));
      const lines = itemLines(run).trimEnd().split("\n");
      const records = lines.map((line) => ItemRecord.parse(JSON.parse(line)));
      expect((await rescore(stored, records, [corpusWith(twenty)])).report).toEqual(run.report);
    }
  });
  test("of a text search says that it cannot, which is 0 and counts", async () => {
    const { report } = await runOf(grepAdapter, twenty);
    expect(report.scores.find(({ category }) => category === "architectural-intent")?.state).toBe("unsupported");
  });
  test("of Drift reads what a package lets in, and does not know what a linter minds", async () => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "p", exports: "./main.js" }));
    const reach = (id: string, specifier: string) => ({
      id,
      change: { kind: "reach", by: "import", specifier } as const,
    });
    const append = { id: "c", change: { kind: "append", file: "a.py", text: "x = 1" } as const };
    const items = [reach("a", "p"), reach("b", "p/inner"), append];
    const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };
    const asked = await driftAdapter.rules?.({ ...ruleTask(twenty), items }, folder, context);
    expect((asked as { items: { verdict: string }[] }).items.map(({ verdict }) => verdict)).toEqual([
      "allowed",
      "violates",
      "unknown",
    ]);
  });
  test("of a file of answers counts what is malformed", async () => {
    const { id: taskId, items } = ruleTask(twenty);
    const lines = [
      { taskId, itemId: items[0]?.id, verdict: "maybe", rules: [] },
      { taskId, itemId: items[1]?.id, verdict: "allowed" },
      { taskId, itemId: items[2]?.id, verdict: "allowed", rules: [], reason: "why not" },
    ];
    const file = join(folder, "answers.jsonl");
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const { report } = await runOf(predictionsAdapter({ name: "made", file, version: "1" }), twenty);
    const about = report.corpora.find(({ category }) => category === "architectural-intent");
    expect(about?.problems).toMatchObject({ malformed: 2, unanswered: 19, kinds: { "wrong-form": 2 } });
  });
});

describe("what a package lets in", () => {
  const read = (exports: unknown, specifier: string, by: "import" | "require" = "import") =>
    exportsReader(JSON.stringify({ name: "p", exports }))(specifier, by);
  test.each([
    ["one way for all", "./main.js", "p", true],
    ["one way for all, not another", "./main.js", "p/inner", false],
    ["conditions without ways", { import: "./a.js", default: "./b.js" }, "p", true],
    ["a condition that does not hold", { ".": { require: "./a.cjs" } }, "p", false],
    ["a way by name", { "./a": "./lib/a.js" }, "p/a", true],
    ["a way without its ending", { "./a.js": "./lib/a.js" }, "p/a", false],
    ["a pattern", { "./lib/*": "./lib/*.js" }, "p/lib/a/b", true],
    ["a pattern with an ending", { "./*.js": "./lib/*.js" }, "p/a.js", true],
    ["nothing for the star", { "./lib/*": "./lib/*.js" }, "p/lib/", false],
    ["a shut pattern, longer than an open one", { "./*": "./*", "./inner/*": null }, "p/inner/a", false],
    ["nested conditions", { ".": { node: { import: "./a.js" } } }, "p", true],
    ["a shut condition before an open one", { ".": { import: null, default: "./a.js" } }, "p", false],
    ["a list", { ".": [{ deno: "./a.js" }, "./b.js"] }, "p", true],
    ["another package", { ".": "./a.js" }, "pq/a", null],
  ])("%s", (_what, exports, specifier, expected) => {
    expect(read(exports, specifier)).toBe(expected);
  });
  test("says nothing where the manifest does not, or is none", () => {
    expect(read(undefined, "p")).toBeNull();
    expect(exportsReader("{ not JSON")("p", "import")).toBeNull();
    expect(exportsReader("[]")("p", "import")).toBeNull();
  });
});

test("imports reads the ways in of a package, and knows no linter", async () => {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "p", exports: { ".": "./a.js" } }));
  const truth = tinyRules([{ reach: "p" }, { reach: "p/inner", said: [NOT_EXPORTED] }, { text: "print(1)" }]);
  const task = ruleTask(truth);
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };
  const answer = (await importsAdapter.rules?.(task, folder, context)) as { items: ProposalAnswer[] };
  const said = new Map(answer.items.map(({ itemId, verdict, rules }) => [itemId, `${verdict} ${rules.join()}`]));
  expect(
    task.items.map(({ id, change }) => [change.kind === "reach" ? change.specifier : "text", said.get(id)]),
  ).toEqual([
    ["p", "allowed "],
    ["p/inner", `violates ${NOT_EXPORTED}`],
    ["text", "unknown "],
  ]);
});
