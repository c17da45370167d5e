import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, type Contestant } from "../src/adapters/adapter.ts";
import { readAnswer } from "../src/adapters/read-items.ts";
import { answersFrom, driftAdapter } from "../src/adapters/drift.ts";
import { definitionHits, grepAdapter } from "../src/adapters/grep.ts";
import { judgeCallGraph } from "../src/evaluators/graph-edges.ts";
import { callGraphTask } from "../src/tasks/perception/call-graph.ts";
import { sourceTruth, writeSources } from "./support/source-corpus.ts";
import { tinyAnswer, tinyTruth } from "./support/tiny-truth.ts";

const truth = tinyTruth([{ must: [0] }, { must: [1] }, { closed: false }]);
const task = callGraphTask(truth);
const usage = { indexMs: 1, answerMs: 1 };
const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };

/** Asks a contestant that answers by `answer`. */
function askHostile(answer: Contestant["answer"], timeoutMs = 60_000) {
  const adapter: Contestant = { name: "hostile", role: "contestant", version: async () => "1", answer };
  return ask(adapter, { task, root: "/", truth, context, timeoutMs });
}

test("a task holds every site in source order and nothing of the truth", () => {
  const jumbled = { ...truth, sites: truth.sites.toReversed() };
  expect(callGraphTask(jumbled)).toEqual(task);
  expect(task.items.map((item) => item.id)).toEqual(truth.sites.map((site) => site.id));
  expect(new Set(task.items.flatMap((item) => Object.keys(item)))).toEqual(
    new Set(["id", "file", "span", "callee", "syntax"]),
  );
});

describe("a tool that misbehaves has not run, and says why:", () => {
  test("it throws", async () => {
    const asked = await askHostile(async () => {
      throw new Error("broken\npipe");
    });
    expect(asked).toEqual({ state: "not-run", reason: "Error: broken pipe" });
  });
  test("it throws at once, and not even an error", async () => {
    const asked = await askHostile(() => {
      // oxlint-disable-next-line typescript/only-throw-error -- a hostile tool may throw anything
      throw "no";
    });
    expect(asked).toEqual({ state: "not-run", reason: "no" });
  });
  test("it hangs", async () => {
    expect(await askHostile(() => new Promise(() => undefined), 5)).toEqual({
      state: "not-run",
      reason: "no answer within 0.005 s",
    });
  });
  test.each([
    ["nothing", undefined],
    ["null", null],
    ["text", "all right"],
    ["a list", []],
    ["no items", { taskId: task.id, usage }],
    ["items that are no list", { taskId: task.id, usage, items: "many" }],
    ["negative times", { taskId: task.id, items: [], usage: { indexMs: -1, answerMs: 0 } }],
    ["endless times", { taskId: task.id, items: [], usage: { indexMs: Number.POSITIVE_INFINITY, answerMs: 0 } }],
    ["more than was asked for", { taskId: task.id, items: [], usage, score: 1 }],
    ["another task", { taskId: "call-graph/other", items: [], usage }],
  ])("it returns %s", async (_what, returned) => {
    expect(await askHostile(async () => returned)).toMatchObject({ state: "not-run" });
  });
  test("a reason is short, whatever was thrown", async () => {
    const asked = await askHostile(async () => {
      throw new Error("x".repeat(10_000));
    });
    expect((asked as { reason: string }).reason.length).toBe(300);
  });
});

test("malformed, unasked and repeated items are counted and never help", () => {
  const good = tinyAnswer(truth, 0, [0]);
  const [target] = good.targets;
  const asked = readAnswer(
    {
      taskId: task.id,
      usage,
      items: [
        { ...good, targets: [{ ...target, probability: Number.NaN }] },
        { ...good, targets: [{ ...target, probability: 1.5 }] },
        { ...good, targets: [{ ...target, line: 0 }] },
        { ...good, targets: Array.from({ length: 10_001 }, () => target) },
        { ...good, status: "sure" },
        { ...good, note: "extra" },
        null,
        17,
        { ...good, itemId: "nobody asked" },
        tinyAnswer(truth, 1, [0]),
        tinyAnswer(truth, 1, [1]),
      ],
    },
    task,
  );
  expect(asked).toMatchObject({
    state: "answered",
    problems: { malformed: 8, unasked: 1, repeated: 1, unanswered: 2 },
  });
  // The second answer to item 1 would have been right; the first one counts.
  const outcomes = asked.state === "answered" ? judgeCallGraph(asked.answer.items, truth) : [];
  expect(outcomes.map((one) => one.outcome)).toEqual(["abstained", "wrong", "unjudged"]);
});

test("a tool that alters its task harms nobody", async () => {
  await askHostile(async (given) => {
    given.items.length = 0;
    (given as { id: string }).id = "mine";
    return { taskId: "mine", items: [], usage };
  });
  expect(callGraphTask(truth)).toEqual(task);
});

test("an abort by the caller is the caller's", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const adapter: Contestant = {
    name: "slow",
    role: "contestant",
    version: async () => "1",
    answer: () => new Promise(() => undefined),
  };
  await expect(
    ask(adapter, { task, root: "/", truth, context: { ...context, signal }, timeoutMs: 60_000 }),
  ).rejects.toThrow("enough");
});

describe("grep", () => {
  test.each([
    ["function f(a) {", "f", 10],
    ["export async function* f() {", "f", 24],
    ["  static async f<T>(a: T): Promise<T> {", "f", 16],
    ["  get f() {", "f", 7],
    ["  #f() {", "#f", 3],
    ["const f = (a) => a;", "f", 11],
    ["const f: F<A> = async (a) => a;", "f", 17],
    ["const f = a => a;", "f", 11],
    ["  f: function () {},", "f", 6],
    ["  f: (a) => a,", "f", 6],
    ["Router.prototype.f = function f () {", "f", 22],
    ["class F {", "F", 7],
    ["    async def f(self):", "f", 15],
    ["f = lambda a: a", "f", 5],
    ["class F(G):", "F", 7],
  ])("finds the definition in %j", (line, name, column) => {
    expect(definitionHits("a.ts", line)).toContainEqual({ name, file: "a.ts", line: 1, column, isClass: name === "F" });
  });
  test.each(["f(a);", "  if (a) {", "  return f(a) {", "const a = (b);", "x".repeat(3000)])(
    "sees no definition in %j",
    (line) => {
      expect(definitionHits("a.ts", line)).toEqual([]);
    },
  );
  test("points at the constructor of a class that has one", () => {
    const hits = definitionHits(
      "a.ts",
      "class A {\n  x = 1;\n  constructor() {\n  }\n}\nclass B {\n}\nclass C {\n  constructor() {}\n}",
    );
    expect(hits.map(({ name, line, column }) => `${name} ${line}:${column}`)).toEqual(["A 3:3", "B 6:7", "C 9:3"]);
    const python = definitionHits("a.py", "class A:\n    def __init__(self):\n        pass\nclass B(A):\n    x = 1");
    expect(python.filter(({ isClass }) => isClass).map(({ line }) => line)).toEqual([2, 4]);
  });

  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "cibench-"));
    writeSources(root);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test("answers what a search can, and is misled by equal names", async () => {
    const source = sourceTruth();
    const answer = await grepAdapter.answer(callGraphTask(source), root, context);
    const asked = readAnswer(answer, callGraphTask(source));
    const outcomes = asked.state === "answered" ? judgeCallGraph(asked.answer.items, source) : [];
    expect(outcomes.map(({ callee, outcome }) => `${callee} ${outcome}`)).toEqual([
      "add right",
      "add right",
      "callback unjudged",
      "Counter right",
      "twice right",
      "increment partly",
      "log right",
      "run right",
      "increment partly",
    ]);
  });
});

describe("drift", () => {
  // An adapter that misses plain calls is broken, whatever the tool can do: recall .95 on direct calls is the least.
  test("answers every item of a small project and finds its direct calls", async () => {
    const root = mkdtempSync(join(tmpdir(), "cibench-"));
    writeSources(root);
    const source = sourceTruth();
    const sourceTask = callGraphTask(source);
    const asked = readAnswer(await driftAdapter.answer(sourceTask, root, context), sourceTask);
    rmSync(root, { recursive: true });
    expect(asked).toMatchObject({ state: "answered", problems: { malformed: 0, unanswered: 0 } });
    const outcomes = asked.state === "answered" ? judgeCallGraph(asked.answer.items, source) : [];
    const direct = outcomes.filter((one) => one.stratum === "direct");
    expect(direct.map((one) => one.outcome)).toEqual(direct.map(() => "right"));
  });

  test("says its version", async () => {
    expect(await driftAdapter.version()).toMatch(/^\d+\.\d+\.\d+/);
  });
});

test("drift's sites are matched by exact span, targets are placed at their function", () => {
  const [item] = task.items as [(typeof task.items)[number]];
  const at = { file: item.file, ...item.span, caller: "a.ts#<module>", kind: "call" as const };
  const graph = {
    schemaVersion: 1 as const,
    tool: { name: "drift" as const, version: "1" },
    functions: [
      {
        id: "a.ts#f",
        name: "f",
        kind: "function" as const,
        file: "a.ts",
        line: 1,
        column: 8,
        endLine: 5,
        endColumn: 2,
      },
    ],
    callSites: [
      {
        ...at,
        status: "likely" as const,
        targets: [
          { id: "a.ts#f", probability: 0.7, evidence: "open" as const, among: 2 },
          { id: "gone", probability: 0.3, evidence: "open" as const, among: 2 },
          { external: "x", probability: 0.1, evidence: "beside" as const, among: 2 },
        ],
      },
      { ...at, kind: "decorator" as const, status: "unknown" as const, reason: "not asked", targets: [] },
      { ...at, column: 99, status: "certain" as const, targets: [] },
    ],
    skipped: [],
    stats: {
      files: 1,
      bytes: 1,
      lines: 1,
      functions: 1,
      callSites: 3,
      certain: 1,
      likely: 1,
      external: 0,
      unknown: 1,
      skipped: 0,
    },
  };
  expect(answersFrom(graph, task.items)).toEqual([
    {
      itemId: item.id,
      status: "likely",
      targets: [
        { file: "a.ts", line: 1, column: 8, probability: 0.7 },
        { external: "x", probability: 0.1 },
      ],
    },
  ]);
});
