import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { ADAPTERS } from "../src/adapters/all.ts";
import { ATTACKS } from "../src/adapters/trivial.ts";
import { canonicalJson } from "../src/canonical-json.ts";
import { markdownReport, terminalReport } from "../src/report.ts";
import { showEstimate } from "../src/show.ts";
import { itemLines, type Run, runTool } from "../src/run.ts";
import { jsonSchemas } from "../src/schema/json-schemas.ts";
import { Report } from "../src/schema/report.ts";
import type { CategoryScore } from "../src/schema/score.ts";
import { selfCheck } from "../src/self-check.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyAnswer, type TinySite, tinyTruth } from "./support/tiny-truth.ts";

const FILES = ["a.ts", "a.ts", "b.ts", "c.ts", "c.ts", "d.ts"];
const SITES: TinySite[] = Array.from({ length: 60 }, (_, index) => ({
  file: FILES[index % FILES.length] as string,
  stratum: (["direct", "imported", "method", "external"] as const)[index % 4] as TinySite["stratum"] & string,
  must: [index % 4 === 3 ? "out" : (index * 7) % 6],
  may: index % 5 === 0 ? [1] : [],
  closed: index % 9 !== 0,
  traced: index % 8 === 0 ? [(index * 7) % 6] : [],
}));
const truth = tinyTruth(
  [
    ...SITES.map((site) => ({ ...site, may: (site.may ?? []).filter((one) => !site.must?.includes(one)) })),
    { closed: false },
    { may: [0] },
  ],
  FILES,
);

function contestant(name: string, isRight: (site: number) => boolean): Contestant {
  const items = truth.sites.map((_, site) => {
    const must = SITES[site]?.must ?? [];
    return tinyAnswer(truth, site, isRight(site) ? must : ["nowhere"]);
  });
  const answer: Contestant["answer"] = async (task) => ({
    taskId: task.id,
    items,
    usage: { indexMs: 12, answerMs: 3 },
  });
  return { name, role: "contestant", version: async () => "1.2.3", answer };
}

function run(
  adapter: Parameters<typeof runTool>[0]["adapter"],
  more: Partial<Parameters<typeof runTool>[0]> = {},
): Promise<Run> {
  return runTool({ adapter, corpora: [corpusOf(truth, "real")], seed: 1, now: fixedNow, ...more });
}

function scored({ report }: Run, kind: "real" | "synthetic" = "real") {
  const score = report.scores.find((one) => one.state === "scored" && one.kind === kind);
  return score as Extract<CategoryScore, { state: "scored" }>;
}

describe("a run", () => {
  test("of gold scores 1, with certainty", async () => {
    const score = scored(await run(ADAPTERS.gold));
    expect(score.raw).toEqual({ value: 1, low: 1, high: 1, n: 1 });
    expect(score.score).toMatchObject({ value: 1, low: 1, high: 1 });
    expect(score.corpora[0]).toMatchObject({
      precision: { value: 1 },
      recall: { value: 1 },
      traceRecall: { value: 1 },
    });
  });

  test("of nothing has no precision, recall 0 and a score below 0", async () => {
    const done = await run(ADAPTERS.null);
    const score = scored(done);
    expect(score.raw.value).toBe(0);
    expect(score.score.value).toBeCloseTo(-score.floor / (1 - score.floor));
    expect(score.corpora[0]).toMatchObject({
      precision: { value: null },
      recall: { value: 0 },
      unknownShare: 1 / 62,
      sites: 62,
    });
    expect(done.report.corpora[0]?.problems).toEqual({ malformed: 0, unasked: 0, repeated: 0, unanswered: 62 });
  });

  test("is a report by its own schema, and repeatable", async () => {
    const [first, second] = [
      await run(contestant("x", (site) => site % 3 > 0)),
      await run(contestant("x", (site) => site % 3 > 0)),
    ];
    expect(Report.parse(first.report)).toEqual(first.report);
    expect(second).toEqual(first);
    expect(first.report.runId).toMatch(/^x-[0-9a-f]{12}$/);
    expect(first.report.reproduce).toBe("npm run --silent cibench -- run --tool x --corpus tiny --seed 1");
  });

  test("has another id when an answer differs, and another suite when truth does", async () => {
    const [first, other] = [await run(contestant("x", () => true)), await run(contestant("x", (site) => site > 0))];
    expect(other.report.runId).not.toBe(first.report.runId);
    expect(other.report.suite).toEqual(first.report.suite);
    const changed = corpusOf({ ...truth, corpusVersion: "1.0.1" }, "real");
    expect(
      (
        await run(
          contestant("x", () => true),
          { corpora: [changed] },
        )
      ).report.suite.hash,
    ).not.toBe(first.report.suite.hash);
  });

  test("keeps what was said beside what is true for every item", async () => {
    const done = await run(contestant("x", (site) => site > 0));
    const lines = itemLines(done)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(truth.sites.length);
    const first = lines.find((line) => line.outcome.itemId === truth.sites[0]?.id);
    expect(first).toMatchObject({
      outcome: { outcome: "wrong", predicted: ["nothing at a.ts:900:1"] },
      answer: { targets: [{ line: 900 }] },
    });
  });

  test("scores real and synthetic corpora apart and measures only real ones", async () => {
    const synthetic = tinyTruth([{ must: [0] }, { must: [1], file: "b.ts" }], ["a.ts", "b.ts"], "made");
    const both = await run(ADAPTERS.gold, { corpora: [corpusOf(truth, "real"), corpusOf(synthetic)] });
    expect(scored(both, "real").corpora.map((corpus) => corpus.corpus)).toEqual(["tiny"]);
    expect(scored(both, "synthetic").corpora.map((corpus) => corpus.corpus)).toEqual(["made"]);
    expect(both.report.measuredWeight).toBe(10);
    const only = await run(ADAPTERS.gold, { corpora: [corpusOf(synthetic)] });
    expect(only.report.measuredWeight).toBe(0);
    expect(only.report.notMeasured.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  });

  test("averages over corpora, not over their sites", async () => {
    const small = tinyTruth([{ must: [0] }], ["a.ts"], "small");
    const x = contestant("x", () => true);
    const answer: Contestant["answer"] = async (task, root, context) =>
      task.corpus === "small"
        ? { taskId: task.id, items: [], usage: { indexMs: 0, answerMs: 0 } }
        : x.answer(task, root, context);
    const score = scored(await run({ ...x, answer }, { corpora: [corpusOf(truth, "real"), corpusOf(small, "real")] }));
    expect(score.raw.value).toBe(0.5);
    expect(score.raw.n).toBe(2);
  });

  test("in which the tool fails on one corpus has no score, keeps the others, and says why", async () => {
    const other = tinyTruth([{ must: [0] }], ["a.ts"], "other");
    const x = contestant("x", () => true);
    const answer: Contestant["answer"] = async (task, root, context) => {
      if (task.corpus === "other") throw new Error("out of memory");
      return x.answer(task, root, context);
    };
    const { report } = await run({ ...x, answer }, { corpora: [corpusOf(truth, "real"), corpusOf(other, "real")] });
    expect(report.scores[0]).toMatchObject({
      state: "not-run",
      reason: "other: Error: out of memory",
      corpora: [{ corpus: "tiny" }],
    });
    expect(report.measuredWeight).toBe(0);
    expect(report.corpora[1]).toMatchObject({ usage: null, problems: null, notRun: "Error: out of memory" });
    expect(terminalReport([report])).toContain("Not run: x on other: Error: out of memory.");
  });

  test("of a tool that cannot say its version still runs", async () => {
    const x = { ...contestant("x", () => true), version: () => Promise.reject(new Error("no")) };
    expect((await run(x)).report.subject.version).toBe("unknown");
  });

  test("on nothing is refused", async () => {
    await expect(run(ADAPTERS.null, { corpora: [] })).rejects.toMatchObject({ code: "NO_CORPORA" });
  });

  test("cannot be won by any trivial answer", async () => {
    for (const { adapter } of ATTACKS) {
      const score = scored(await run(adapter));
      expect([adapter.name, (score.raw.value as number) <= score.floor + 0.1]).toEqual([adapter.name, true]);
    }
  });
});

test("hedging by listing everything where one is unsure gains nothing", async () => {
  const files = Array.from({ length: 50 }, (_, index) => `${index % 5}.ts`);
  const about = tinyTruth(
    Array.from({ length: 200 }, (_, index) => ({
      file: `${index % 5}.ts`,
      stratum: index % 2 === 0 ? "direct" : "callback",
      must: [(index * 13) % 50],
      closed: index % 2 === 0,
    })),
    files,
  );
  const everything = files.map((_, index) => index);
  const tool = (name: string, otherwise: (site: number) => number[]): Contestant => {
    const items = about.sites.map((_, site) =>
      tinyAnswer(about, site, site % 3 === 0 ? [(site * 13) % 50] : otherwise(site)),
    );
    const answer: Contestant["answer"] = async (task) => ({
      taskId: task.id,
      items,
      usage: { indexMs: 0, answerMs: 0 },
    });
    return { name, role: "contestant", version: async () => "1", answer };
  };
  const rawOf = async (adapter: Contestant) =>
    scored(await run(adapter, { corpora: [corpusOf(about, "real")] })).raw.value as number;
  const honest = await rawOf(tool("honest", () => []));
  // Listing fifty targets at every unsure site reaches two of them per open site, and ruins the closed ones.
  expect(await rawOf(tool("hedge everywhere", () => everything))).toBeLessThan(honest);
  // Even who knew which sites are open (no item tells) would gain no more than by two guesses.
  const open = await rawOf(tool("hedge where open", (site) => (site % 2 === 0 ? [] : everything)));
  expect(open).toBe(await rawOf(tool("guess two where open", (site) => (site % 2 === 0 ? [] : [0, 1]))));
  expect(open - honest).toBeLessThan(0.04);
});

describe("the self-check", () => {
  test("passes on a truth that tells tools apart", async () => {
    const { passed, entries } = await selfCheck({
      corpora: [corpusOf(truth, "real"), corpusOf(truth, "synthetic")],
      seed: 3,
    });
    expect(entries.filter((entry) => !entry.passed)).toEqual([]);
    expect(passed).toBe(true);
    expect(entries.filter(({ category }) => category === "call-graph")).toHaveLength(14);
    expect(entries[0]).toMatchObject({ baseline: "gold", raw: 1, score: 1 });
    expect(entries[1]).toMatchObject({ baseline: "null", raw: 0 });
  });
  test("fails where a constant wins", async () => {
    const { passed, entries } = await selfCheck({
      corpora: [corpusOf(tinyTruth([{ must: ["out"] }, { must: ["out"] }]), "real")],
      seed: 1,
    });
    expect(passed).toBe(false);
    expect(entries[0]).toMatchObject({ floor: 1, score: null, passed: false });
  });
  test("of nothing does not pass", async () => {
    expect(await selfCheck({ corpora: [], seed: 1 })).toMatchObject({ passed: false, entries: [] });
  });
});

describe("reports", () => {
  test("show every figure with its interval, clip only the display, and list what is missing with its weight", async () => {
    const text = terminalReport([
      (await run(contestant("x", (site) => site % 3 > 0))).report,
      (await run(ADAPTERS.null)).report,
    ]);
    expect(text).toContain("10 of 90");
    expect(text).toMatch(/x 1\.2\.3\s+│ 0\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]/);
    expect(text).toMatch(/null 1\s+│ 0\.000 \[0\.000, 0\.000\]/);
    expect(text).toMatch(/self-check/);
    expect(text).toMatch(/4\s+│ Agreement with human judgement\s+│ 10\s+│ there is no human data yet/);
    expect(text).toContain("1.6 % of 62");
    expect(text).toContain("12 ms");
  });
  test("say what they can of a run that does not say why a category is missing", async () => {
    const { report } = await run(contestant("x", () => true));
    const scores = report.scores.filter(({ category }) => category !== "human-agreement");
    expect(terminalReport([{ ...report, scores }])).toMatch(
      /Agreement with human judgement\s+│ 10\s+│ these runs do not say/,
    );
  });
  test("in Markdown keep foreign text inside its cell", async () => {
    const x = { ...contestant("x", () => true), version: async () => "1 | <b>2\n3" };
    const text = markdownReport([(await run(x)).report]);
    expect(text).toContain("x 1 \\| &lt;b>2 3");
    expect(text).toContain("## Call graph, real corpora");
  });
  test("show an en dash for what has no value", () => {
    expect(showEstimate({ value: null, low: null, high: null, n: 0 })).toBe("–");
    expect(showEstimate({ value: 0.5, low: null, high: null, n: 1 })).toBe("0.500");
  });
});

test("hashes do not depend on the order of keys", () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined })).toBe('{"b":[{"c":null,"d":1}]}');
});

test.each([...jsonSchemas()])("%s is up to date (else: npm run gen)", (name, schema) => {
  const written = readFileSync(new URL(`../src/schema/json/${name}`, import.meta.url), "utf8");
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(schema)));
});
