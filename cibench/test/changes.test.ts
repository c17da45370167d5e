import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ChangeTruth } from "@drift/corpora";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { readItems } from "../src/adapters/read-items.ts";
import { RelevantTests } from "../src/adapters/drift-relevant-tests.ts";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { importsAdapter } from "../src/adapters/imports.ts";
import { nullAdapter } from "../src/adapters/null.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { causalReasoning } from "../src/categories/causal-reasoning.ts";
import { judgeChanges } from "../src/evaluators/changes.ts";
import { terminalReport } from "../src/report.ts";
import { itemLines, runTool } from "../src/run.ts";
import { ChangeAnswer } from "../src/schema/answer.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import type { ChangeTask } from "../src/schema/task.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { changeAnswers, changeExpectations, goldBreaks } from "../src/scores/change-floor.ts";
import { itemCredit } from "../src/scores/item-credit.ts";
import { selfCheck } from "../src/self-check.ts";
import { changeTask } from "../src/tasks/understanding/changes.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { type TinyChange, tinyChanges } from "./support/tiny-changes.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

/** What is said to break: a number is a test file, a text a file that does not compile. */
type Said = (number | string)[] | "unknown" | null;

function answers(about: ChangeTruth, said: readonly Said[]): ChangeAnswer[] {
  return about.truth.items.flatMap(({ id }, index): ChangeAnswer[] => {
    const one = said[index];
    if (one == null) return [];
    if (one === "unknown") return [{ itemId: id, status: "unknown", breaks: [] }];
    const breaks = one.map((what): ChangeAnswer["breaks"][number] =>
      typeof what === "number"
        ? { what: "test", file: `test/${what}.test.ts`, probability: 1 }
        : { what: "compile", file: what, probability: 1 },
    );
    return [{ itemId: id, status: "certain", breaks }];
  });
}

/** Judges one answer to one change: `outcome credit`. */
function check(change: TinyChange, said: Said): string {
  const about = tinyChanges([change]);
  const [outcome] = judgeChanges(answers(about, [said]), about);
  return outcome === undefined ? "nothing" : `${outcome.outcome} ${(itemCredit(outcome) ?? Number.NaN).toFixed(2)}`;
}

describe("one change", () => {
  const breaking = { executed: [0, 1], broken: [0] };
  test("is right when exactly the broken test files are named", () => expect(check(breaking, [0])).toBe("right 1.00"));
  test("that breaks one of two named is half right", () => expect(check(breaking, [0, 1])).toBe("partly 0.67"));
  test("cannot break a test file that does not run its line", () =>
    expect(check(breaking, [0, 2])).toBe("partly 0.67"));
  test("may break one that was not run with it", () =>
    expect(check({ executed: [0, 1], ran: [0], broken: [0] }, [0, 1])).toBe("right 1.00"));
  test("to an export may show where its line is not run", () =>
    expect(check({ ...breaking, operator: "remove-export" }, [0, 2])).toBe("right 1.00"));
  test("that compiles breaks no file's compilation", () => expect(check(breaking, [0, "a.ts"])).toBe("partly 0.67"));
  test("that does not compile says nothing about tests", () => {
    expect(check({ executed: [0], compile: ["b.ts"] }, [0, "b.ts"])).toBe("right 1.00");
    expect(check({ executed: [0], compile: ["b.ts"] }, ["a.ts", "b.ts"])).toBe("partly 0.67");
    expect(check({ executed: [0], compile: ["b.ts"] }, [0])).toBe("wrong 0.00");
  });
  test("may make a test file not compile, which nobody looked at", () => {
    expect(check({ executed: [0], compile: ["b.ts"] }, ["b.ts", "test/0.test.ts"])).toBe("right 1.00");
    expect(check({ executed: [0], compile: ["b.ts"] }, ["test/0.test.ts"])).toBe("wrong 0.00");
    expect(check({ executed: [0] }, ["test/0.test.ts"])).toBe("right 1.00");
    expect(check({ executed: [0] }, ["test/unknown.test.ts"])).toBe("wrong 0.00");
  });
  test("without an effect is right when nothing is named, which silence is not", () => {
    expect(check({ executed: [0] }, [])).toBe("right 1.00");
    expect(check({ executed: [0] }, [0])).toBe("wrong 0.00");
    expect(check({ executed: [0] }, "unknown")).toBe("abstained 0.00");
    expect(check({ executed: [0] }, null)).toBe("abstained 0.00");
  });
  test("is not broken by a test file that nobody asked about", () => {
    const about = tinyChanges([{ executed: [0] }]);
    const [answer] = answers(about, [[]]) as [ChangeAnswer];
    answer.breaks.push({ what: "test", file: "../../etc/passwd", probability: 1 });
    expect(judgeChanges([answer], about)[0]?.outcome).toBe("wrong");
  });
  test("counts only what is at least as likely as not", () => {
    const about = tinyChanges([{ executed: [0], broken: [0] }]);
    const [answer] = answers(about, [[0]]) as [ChangeAnswer];
    const unsure = { ...answer, breaks: answer.breaks.map((one) => ({ ...one, probability: 0.4 })) };
    expect(judgeChanges([unsure], about)[0]?.outcome).toBe("wrong");
  });
});

test("a pair is right only when both of its changes are", () => {
  const about = tinyChanges([{ executed: [0, 1], broken: [0] }, { executed: [0, 1] }], [[0, 1]]);
  const pair = (said: Said[]) => judgeChanges(answers(about, said), about).at(-1)?.outcome;
  expect(pair([[0], []])).toBe("right");
  expect(pair([[0, 1], []])).toBe("right");
  expect(pair([[0], [0]])).toBe("wrong");
  expect(pair([[], []])).toBe("wrong");
  expect(pair([[0], null])).toBe("wrong");
  expect(pair([null, null])).toBe("abstained");
});

test("a pair of which one does not compile is right when that is said of it alone", () => {
  const about = tinyChanges([
    { executed: [0], compile: ["a.ts"] },
    { executed: [0], broken: [0] },
  ]);
  const pair = (said: Said[]) => {
    const last = judgeChanges(answers(about, said), about).at(-1);
    return `${last?.stratum} ${last?.outcome}`;
  };
  expect(pair([["a.ts"], [1]])).toBe("compile-pair right");
  expect(pair([["a.ts"], ["a.ts"]])).toBe("compile-pair wrong");
  expect(pair([["a.ts"], ["test/0.test.ts"]])).toBe("compile-pair right");
  expect(pair([[], []])).toBe("compile-pair wrong");
  expect(pair([["a.ts"], null])).toBe("compile-pair wrong");
});

test("the task tells neither what broke nor which test runs what", () => {
  const about = tinyChanges([
    { executed: [0, 1], broken: [0] },
    { file: "0.ts", compile: ["b.ts"], executed: [2] },
  ]);
  const task = changeTask(about);
  expect(task).toMatchObject({ files: ["0.ts", "a.ts"], testFiles: [0, 1, 2].map((one) => `test/${one}.test.ts`) });
  expect(task.items.map(({ file }) => file)).toEqual(["0.ts", "a.ts"]);
  const unrun = tinyChanges([{ executed: [2] }, { file: "0.ts", executed: [0] }]);
  expect(changeTask(unrun)).toEqual(task);
});

/** Forty changes, four of each ten without an effect, in files that share none of their tests. */
const CHANGES = Array.from({ length: 40 }, (_, index): TinyChange => {
  const own = index % 6;
  const file = `${index % 5}.ts`;
  if (index % 10 < 4) return { file, executed: [own, (own + 1) % 6] };
  return index % 10 < 7
    ? { file, executed: [own], compile: [file] }
    : { file, executed: [own, (own + 1) % 6], broken: [own] };
});
const TINY = tinyChanges(
  CHANGES,
  Array.from({ length: 12 }, (_, index): [number, number] => [
    10 * Math.floor(index / 3) + 7 + (index % 3),
    10 * Math.floor(index / 3) + (index % 3),
  ]),
  { tests: 6 },
);
const CORPUS = { ...corpusOf(tinyTruth([{ must: [0] }, { must: [1], file: "b.ts" }]), "real"), changes: TINY };

test("the worked example of the README", () => {
  // 20 changes in two files: 10 break test 0 of the two that run them, 10 break nothing.
  const about = tinyChanges(
    Array.from({ length: 20 }, (_, index) => ({
      file: `${index % 2}.ts`,
      executed: [0, 1],
      broken: index < 10 ? [0] : [],
    })),
    Array.from({ length: 10 }, (_, index): [number, number] => [index, index + 10]),
  );
  // Said: both tests break by the first ten, nothing by five of the others, the wrong test by the rest.
  const said = about.truth.items.map((_, index): Said => (index < 10 ? [0, 1] : index < 15 ? [] : [1]));
  const outcomes = judgeChanges(answers(about, said), about);
  const judged = [{ id: "tiny", kind: "real" as const, outcomes }];
  const score = categoryScore("causal-reasoning", judged, changeExpectations([about], 1), { seed: 1 });
  // test-break 2/3, no-break 1/2, pairs 1/2.
  expect(score.raw.value).toBeCloseTo((2 / 3 + 1 / 2 + 1 / 2) / 3);
  // Saying that nothing breaks is right of half of the strata that there are: (0 + 1 + 0) / 3.
  const floor = new Map(score.baselines.map(({ name, raw }) => [name, raw]));
  expect(floor.get("nothing-breaks")).toBeCloseTo(1 / 3);
  expect(floor.get("all-tests")).toBeCloseTo(1 / 2 / 3);
  expect([score.floor, score.floorBy]).toEqual([floor.get("shuffled-gold"), "shuffled-gold"]);
  expect(score.floor).toBeCloseTo((1 / 2 + 1 / 2 + 1 / 4) / 3, 1);
  expect(score.score.value).toBeCloseTo(((score.raw.value as number) - score.floor) / (1 - score.floor));
});

describe("the score", () => {
  test("is attacked: gold is 1, nothing 0, and each trivial answer lands where it is expected", async () => {
    const { passed, entries } = await selfCheck({ corpora: [CORPUS], seed: 5 });
    const own = entries.filter(({ category }) => category === "causal-reasoning");
    expect(own.filter((entry) => !entry.passed)).toEqual([]);
    expect(own.map(({ baseline, raw }) => [baseline, raw])).toContainEqual(["gold", 1]);
    expect(own.map(({ baseline, raw }) => [baseline, raw])).toContainEqual(["null", 0]);
    expect(own).toHaveLength(9);
    expect(passed).toBe(entries.every((entry) => entry.passed));
  });

  test("of a worse answer is never more", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 20 }), fc.boolean(), (lost, isSilent) => {
        const gold = changeAnswers(TINY, goldBreaks(TINY));
        const spoiled = gold.map((answer, index) =>
          lost.includes(index) ? { ...answer, status: "unknown" as const, breaks: [] } : answer,
        );
        const worse = isSilent ? spoiled.filter(({ status }) => status !== "unknown") : spoiled;
        const raw = (given: readonly ChangeAnswer[]) =>
          categoryScore(
            "causal-reasoning",
            [{ id: "tiny", kind: "real", outcomes: judgeChanges(given, TINY) }],
            changeExpectations([TINY], 1),
            { seed: 1 },
          ).raw.value as number;
        expect(raw(worse)).toBeLessThanOrEqual(raw(gold));
      }),
      { numRuns: 10 },
    );
  });

  test("of what is the same everywhere is never above the constant's", () => {
    const expectations = new Map(
      changeExpectations([TINY, tinyChanges(CHANGES.toReversed())], 1).map((one) => [one.name, one.raw]),
    );
    for (const name of ["nothing-breaks", "own-file", "all-tests", "own-file-and-tests"]) {
      expect(expectations.get(name)).toBeLessThanOrEqual((expectations.get("constant") as number) + 1e-12);
    }
  });
});

describe("a run", () => {
  test("asks in both categories, and counts a weight only where there are enough items", async () => {
    const done = await runTool({ adapter: goldAdapter, corpora: [CORPUS], seed: 1, now: fixedNow });
    expect(Report.parse(done.report)).toEqual(done.report);
    expect(done.report.corpora.map(({ category, taskId }) => [category, taskId])).toEqual([
      ["call-graph", "call-graph/tiny"],
      ["causal-reasoning", "causal-reasoning/tiny"],
    ]);
    const score = done.report.scores.find((one) => one.category === "causal-reasoning");
    expect(score).toMatchObject({ state: "scored", raw: { value: 1, n: 5 } });
    expect(done.report.measuredWeight).toBe(10);
    expect(terminalReport([done.report])).toContain("not counted: fewer than 100 items");
    const many = tinyChanges([...CHANGES, ...CHANGES, ...CHANGES], [], { tests: 6 });
    const counted = await runTool({
      adapter: goldAdapter,
      corpora: [{ ...CORPUS, changes: many }],
      seed: 1,
      now: fixedNow,
    });
    expect(counted.report.measuredWeight).toBe(25);
    const records = itemLines(done)
      .trimEnd()
      .split("\n")
      .map((line) => ItemRecord.parse(JSON.parse(line)));
    expect(records).toHaveLength(2 + 40 + 12 + 12);
    expect(records.filter(({ outcome, answer }) => outcome.syntax === "pair" && answer !== null)).toEqual([]);
  });

  test("of a tool without the method is unsupported there, which counts as nothing", async () => {
    const silent: Contestant = {
      name: "silent",
      role: "contestant",
      version: async () => "1",
      answer: async (task) => ({ taskId: task.id, items: [], usage: { indexMs: 0, answerMs: 0 } }),
    };
    const many = tinyChanges([...CHANGES, ...CHANGES, ...CHANGES], [], { tests: 6 });
    const { report } = await runTool({
      adapter: silent,
      corpora: [{ ...CORPUS, changes: many }],
      seed: 1,
      now: fixedNow,
    });
    expect(report.scores.find((one) => one.category === "causal-reasoning")).toMatchObject({ state: "unsupported" });
    expect(report.measuredWeight).toBe(25);
    expect(terminalReport([report])).not.toContain("Causal reasoning, real corpora");
    const { report: other } = await runTool({
      adapter: nullAdapter,
      corpora: [{ ...CORPUS, changes: many }],
      seed: 1,
      now: fixedNow,
    });
    expect(terminalReport([report, other])).toContain("0 (unsupported)");
  });

  test("without truth about changes does not measure them", async () => {
    const { report } = await runTool({
      adapter: goldAdapter,
      corpora: [{ ...CORPUS, changes: null }],
      seed: 1,
      now: fixedNow,
    });
    expect(report.scores.find((one) => one.category === "causal-reasoning")).toEqual({
      state: "not-measured",
      category: "causal-reasoning",
      reason: "none of these corpora has truth for it",
    });
  });

  test("takes a malformed item for an unanswered one", () => {
    const task = changeTask(TINY);
    const [first, second] = task.items.map(({ id }) => id);
    const raw = {
      taskId: task.id,
      usage: { indexMs: 0, answerMs: 0 },
      items: [
        { itemId: first, status: "certain", breaks: [{ what: "test", file: "x", probability: Number.NaN }] },
        { itemId: second, status: "certain", breaks: [] },
        { itemId: "another", status: "certain", breaks: [] },
      ],
    };
    expect(readItems(raw, task, ChangeAnswer)).toMatchObject({
      state: "answered",
      problems: { malformed: 1, unasked: 1, unanswered: 39 },
    });
    expect(causalReasoning.supports(grepAdapter)).toBe(true);
  });
});

describe("tools", () => {
  const root = mkdtempSync(join(tmpdir(), "cibench-changes-"));
  const files: Record<string, string[]> = {
    "src/math.ts": [
      "export function add(a: number, b: number) {",
      "  return a + b;",
      "}",
      "export function negate(a: number) {",
      "  return -a;",
      "}",
    ],
    "src/sum.ts": [
      'import { add } from "./math.ts";',
      "export const sum = (all: number[]) => all.reduce((a, b) => add(a, b), 0);",
    ],
    "test/sum.test.ts": ['import { sum } from "../src/sum.ts";', 'test("sums", () => { sum([1]); });'],
    "test/negate.test.ts": ['import { negate } from "../src/math.ts";', 'test("negates", () => { negate(1); });'],
  };
  const item = (line: number, column: number, operator: string): ChangeTask["items"][number] => ({
    id: `${line} ${operator}`,
    file: "src/math.ts",
    span: { line, column, endLine: line, endColumn: column },
    operator,
    before: "",
    after: "",
  });
  const task: ChangeTask = {
    id: "causal-reasoning/tiny",
    version: 1,
    level: 2,
    category: "causal-reasoning",
    corpus: "tiny",
    files: ["src/math.ts"],
    testFiles: ["test/negate.test.ts", "test/sum.test.ts"],
    items: [item(2, 3, "remove-statement"), item(4, 24, "add-parameter"), item(5, 3, "remove-statement")],
  };
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };

  beforeAll(() => {
    for (const [file, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), lines.join("\n"));
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.each([
    [importsAdapter, ["negate sum", "negate sum", "negate sum"]],
    // Tests that use a function by way of another do not have its name.
    [grepAdapter, ["", "negate", "negate"]],
    // What does not compile is not tested.
    [driftAdapter, ["sum", ", negate.test.ts does not compile", "negate"]],
  ])("%o name the tests they can know of", async (adapter, expected) => {
    const asked = readItems(await adapter.changes?.(task, root, context), task, ChangeAnswer);
    if (asked.state !== "answered") throw new Error(asked.state);
    const said = asked.answer.items.map(({ breaks }) => {
      const tests = breaks.flatMap(({ what, file }) => (what === "test" ? [file.slice(5, -8)] : []));
      const compile = breaks.flatMap(({ what, file }) =>
        what === "compile" ? [`${file.slice(5)} does not compile`] : [],
      );
      return [tests.join(" "), ...compile].join(", ");
    });
    expect(said).toEqual(expected);
  });

  test("drift names files that no longer compile, and tests that a shifted boundary probably leaves alone", async () => {
    const exported = { ...item(1, 1, "remove-export"), before: "export ", after: "" };
    exported.span.endColumn = 8;
    const returned = { ...item(9, 10, "return-nothing"), file: "src/typed.ts" };
    const items = [
      exported,
      returned,
      item(2, 3, "shift-boundary"),
      { ...item(1, 1, "change-type"), file: "src/sum.ts" },
    ];
    writeFileSync(
      join(root, "src/typed.ts"),
      ["", "", "", "", "", "", "", "export function one(): number {", "  return 1;", "}"].join("\n"),
    );
    const asked = await driftAdapter.changes?.(
      { ...task, files: [...task.files, "src/typed.ts"], items },
      root,
      context,
    );
    const answers = (asked as { items: ChangeAnswer[] }).items.map(({ breaks }) =>
      breaks.map(({ what, file, probability }) => `${what} ${file} ${probability >= 0.5}`).join(),
    );
    expect(answers).toEqual([
      "compile src/sum.ts true",
      "compile src/typed.ts true",
      "test test/sum.test.ts false",
      "compile src/sum.ts true",
    ]);
  });

  test("of many tests those are named that speak of the change", () => {
    const tests = ["apples", "pears", "plums", "grapes"].map((fruit) => `test/${fruit}.test.ts`);
    const texts = new Map(tests.map((file) => [file, "count(all)"]));
    texts.set("src/count.ts", "function count(all) {\n  if (all.plums > 2) return 1;\n  return 0;\n}");
    const changed = { ...item(2, 7, "negate-condition"), file: "src/count.ts" };
    const relevant = new RelevantTests(tests, texts);
    expect(relevant.among(tests, changed, [{ id: "src/count.ts#count", line: 1, endLine: 4 }])).toEqual([
      "test/plums.test.ts",
    ]);
    texts.set("src/count.ts", "function f(x) {\n  return x;\n}");
    const other = { id: "f", line: 1, endLine: 3 };
    expect(relevant.among(tests, changed, [other])).toEqual(tests);
  });
});
