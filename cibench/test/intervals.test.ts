import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { csvReport } from "../src/report-csv.ts";
import { htmlReport } from "../src/report-html.ts";
import { markdownReport, terminalReport } from "../src/report.ts";
import { compareRescored, rescore } from "../src/rescore.ts";
import { itemLines, runTool } from "../src/run.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import type { CategoryScore, CorpusScore } from "../src/schema/score.ts";
import { expandedTail, PERCENTILE_TAIL } from "../src/scores/influence.ts";
import { newCorporaOfCategory, newCorporaOfLevel } from "../src/scores/new-corpora.ts";
import { studentQuantile, tailOf } from "../src/scores/student.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

type Scored = Extract<CategoryScore, { state: "scored" }>;

const estimate = (value: number) => ({ value, low: null, high: null, n: 1 });

/** A category whose corpora, called after `prefix`, have these macro F1. */
function scored(category: Scored["category"], values: readonly number[], floor = 0, prefix = ""): Scored {
  return {
    ...{ state: "scored", category, kind: "real", raw: estimate(0), floor, floorBy: "null", baselines: [] },
    score: estimate(0),
    corpora: values.map((value, at) => ({ corpus: `${prefix}${at}`, macroF1: estimate(value) }) as CorpusScore),
  };
}

describe("Student's distribution", () => {
  test("has the quantiles of the tables, and between them those of R's qt(.975, df)", () => {
    expect([1, 4, 13, 30].map(studentQuantile)).toEqual([12.706, 2.776, 2.16, 2.042]);
    expect(studentQuantile(4.5)).toBeCloseTo(2.6585, 1);
    expect(studentQuantile(60)).toBeCloseTo(2.0003, 2);
    expect(studentQuantile(1e9)).toBeCloseTo(1.96, 4);
  });

  test("the normal tail beyond 1.96 is a fortieth", () => {
    expect(tailOf(1.959964)).toBeCloseTo(0.025, 6);
    expect(tailOf(0)).toBeCloseTo(0.5, 6);
  });
});

describe("the interval for new corpora", () => {
  test("is Student's over the scores of the corpora, with the floor of the category", () => {
    // Scores 0.2, 0.4, 0.6, 0.8, 1.0: mean 0.6, s² = 0.1, t₄ = 2.776.
    const about = newCorporaOfCategory(scored("call-graph", [0.6, 0.7, 0.8, 0.9, 1], 0.5));
    expect(about).toMatchObject({ value: expect.closeTo(0.6, 10), corpora: 5, reason: null });
    expect((about.high as number) - (about.value as number)).toBeCloseTo(2.776 * Math.sqrt(0.1 / 5), 10);
  });

  test("is not printed for fewer than five, nor where a trivial answer reaches 1", () => {
    expect(newCorporaOfCategory(scored("call-graph", [0.1, 0.2, 0.3, 0.4]))).toEqual({
      ...{ value: null, low: null, high: null, corpora: 4 },
      reason: "too few corpora",
    });
    expect(newCorporaOfCategory(scored("call-graph", [1, 1, 1, 1, 1], 1)).reason).toBe("a trivial answer reaches 1");
  });

  test("of a level of one category is that of the category", () => {
    const one = scored("call-graph", [0.2, 0.5, 0.6, 0.9, 0.3, 0.7], 0.1);
    const [level, category] = [newCorporaOfLevel([one]), newCorporaOfCategory(one)];
    expect(level.value).toBeCloseTo(category.value as number, 12);
    expect(level.low).toBeCloseTo(category.low as number, 12);
    expect(level.high).toBeCloseTo(category.high as number, 12);
  });

  test("of a level adds what a corpus contributes in all its categories before squaring", () => {
    const values = [0.2, 0.5, 0.6, 0.9, 0.3];
    // Pattern recognition and data flow weigh the same: of equal scores on the same corpora the mean is as uncertain as each.
    const shared = newCorporaOfLevel([scored("pattern-recognition", values), scored("data-flow", values)]);
    const alone = newCorporaOfLevel([scored("data-flow", values)]);
    expect(shared.low).toBeCloseTo(alone.low as number, 12);
    // On corpora of their own errors cancel: s² halves, and there are twice the degrees of freedom.
    const apart = newCorporaOfLevel([scored("pattern-recognition", values, 0, "other"), scored("data-flow", values)]);
    const half = ({ value, high }: typeof apart) => (high as number) - (value as number);
    expect(half(apart) / half(alone)).toBeCloseTo(studentQuantile(8) / studentQuantile(4) / Math.SQRT2, 10);
  });

  test("of a level counts what is unsupported as 0 everywhere, and says which category has too few corpora", () => {
    const values = [0.2, 0.4, 0.6, 0.4, 0.4];
    const unsupported = { state: "unsupported", category: "pattern-recognition", reason: "" } as const;
    expect(newCorporaOfLevel([unsupported, scored("data-flow", values)]).value).toBeCloseTo(0.2, 12);
    expect(newCorporaOfLevel([scored("causal-reasoning", [0.1]), scored("architectural-intent", values)]).reason).toBe(
      "too few corpora (causal reasoning)",
    );
    expect(newCorporaOfLevel([unsupported]).reason).toBe("nothing is scored");
  });
});

describe("expanded percentiles", () => {
  test("lie further out the fewer files there are", () => {
    const files = (count: number) => Float64Array.from({ length: count }, (_, at) => (at % 2 === 0 ? 1 : -1));
    // Two files: 1 degree of freedom and twice the variance of the resamples.
    expect(expandedTail([files(2)])).toBeCloseTo(tailOf(12.706 * Math.SQRT2), 12);
    expect(expandedTail([files(6)])).toBeCloseTo(tailOf(2.571 * Math.sqrt(6 / 5)), 6);
    expect(expandedTail([files(400), files(400)])).toBeCloseTo(PERCENTILE_TAIL, 3);
  });

  test("are percentiles where nothing varies, and never narrower than these", () => {
    expect(expandedTail([new Float64Array(5), new Float64Array(1)])).toBe(PERCENTILE_TAIL);
    const influences = fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(influences, (files) => {
        const tail = expandedTail(files.map((own) => Float64Array.from(own)));
        expect(tail).toBeGreaterThanOrEqual(0);
        expect(tail).toBeLessThanOrEqual(PERCENTILE_TAIL + 1e-4);
      }),
    );
  });
});

describe("a report", () => {
  const corpora = ["one", "two", "three", "four", "five"].map((id) =>
    corpusOf(
      tinyTruth(
        Array.from({ length: 12 }, (_, at) => ({ must: [at % 3], file: `${at % 4}.ts` })),
        undefined,
        id,
      ),
      "real",
    ),
  );
  const adapter: Contestant = {
    name: "x",
    role: "contestant",
    version: async () => "1",
    answer: async ({ id, corpus, items }) => ({
      taskId: id,
      usage: { indexMs: 1, answerMs: 1 },
      items: items.slice(corpus.length).map((item) => {
        return { itemId: item.id, status: "certain", targets: [{ file: "a.ts", line: 1, column: 1, probability: 1 }] };
      }),
    }),
  };
  const run = (count: number, intervals?: Report["intervals"]) =>
    runTool({ adapter, corpora: corpora.slice(0, count), seed: 1, now: fixedNow, ...(intervals && { intervals }) });

  test("has both intervals of categories, levels and the total, in every format", async () => {
    const { report, items } = await run(5);
    expect(Report.parse(report)).toEqual(report);
    const score = report.scores.find((one) => one.category === "call-graph");
    if (score?.state !== "scored") throw new Error("not scored");
    // One mean over corpora: the value is the score's.
    expect(score.newCorpora?.value).toBeCloseTo(score.score.value as number, 12);
    expect(report.levels?.map(({ level, measuredWeight, weight }) => [level, measuredWeight, weight])).toEqual([
      [1, 10, 30],
      [null, 10, 100],
    ]);
    const [level] = report.levels ?? [];
    expect(level?.score.value).toBeCloseTo(score.score.value as number, 12);
    expect(level?.newCorpora.low).toBeCloseTo(score.newCorpora?.low as number, 12);
    const shown = /mean over corpora \[for new corpora\][\s\S]* over 5 /;
    expect(terminalReport([report])).toMatch(shown);
    expect(markdownReport([report])).toMatch(shown);
    expect(htmlReport([{ report, items }])).toMatch(/\[for new corpora\][\s\S]* over 5</);
    const [head, ...rows] = csvReport([report])
      .trimEnd()
      .split("\r\n")
      .map((row) => row.split(","));
    const cell = (category: string, column: string) =>
      rows.find((row) => row[head?.indexOf("category") ?? -1] === category)?.[head?.indexOf(column) ?? -1];
    expect(cell("call-graph", "new_corpora_low")).toBe(String(score.newCorpora?.low));
    expect(cell("level-1", "new_corpora")).toBe("5");
    expect(cell("total", "score")).toBe(String(report.levels?.at(-1)?.score.value));
  });

  test("says so where there are too few corpora", async () => {
    const { report } = await run(4);
    expect(terminalReport([report])).toContain("too few corpora");
    expect(report.levels?.[0]?.newCorpora).toMatchObject({ low: null, corpora: 4 });
  });

  test("from before there was a second interval is read, shown, and scored again as it was", async () => {
    const older = await run(5, "percentile");
    const { intervals: _, ...stored } = older.report;
    expect(stored.levels).toBeUndefined();
    const read = Report.parse(JSON.parse(JSON.stringify(stored)));
    const records = itemLines(older)
      .trimEnd()
      .split("\n")
      .map((line) => ItemRecord.parse(JSON.parse(line)));
    const again = await rescore(read, records, corpora);
    expect(compareRescored(read, again.report)).toEqual({ state: "same", moved: [] });
    expect(terminalReport([read])).not.toContain("Levels and total");
    const newer = await run(5);
    expect(compareRescored(read, newer.report).state).toBe("differs");
    // The same answers, the same suite; only intervals are wider.
    expect([newer.report.suite.hash, newer.report.runId]).toEqual([read.suite.hash, read.runId]);
  });
});
