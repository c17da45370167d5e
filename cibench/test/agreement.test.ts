import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgreementOutput, type Rating, Study } from "../src/schema/rating.ts";
import { RunOutput } from "../src/schema/cli-output.ts";
import { kendall, pearson, spearman } from "../src/validation/correlate.ts";
import { readCodeSearchNet, readCosqa } from "../src/validation/external.ts";
import { ratedStudy } from "../src/validation/human-data.ts";
import { krippendorffAlpha } from "../src/validation/krippendorff.ts";
import { measureAgreement } from "../src/validation/measure.ts";
import vectors from "./support/agreement-vectors.json" with { type: "json" };
import { commandsOn } from "./support/cli.ts";
import { writeSources } from "./support/source-corpus.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  writeSources(join(folder, "source"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const cibench = commandsOn(() => join(folder, "source"));

describe("coefficients equal those of reference implementations (agreement-vectors.py)", () => {
  test("Pearson, Spearman and Kendall's tau-b of SciPy", () => {
    expect(vectors.pairs.length).toBeGreaterThan(8);
    for (const { a, b, ...expected } of vectors.pairs) {
      expect(pearson(a, b)).toBeCloseTo(expected.pearson, 10);
      expect(spearman(a, b)).toBeCloseTo(expected.spearman, 10);
      expect(kendall(a, b)).toBeCloseTo(expected.kendall, 10);
    }
    expect([pearson([1, 1], [1, 2]), spearman([1], [1]), kendall([1, 2], [3, 3])]).toEqual([NaN, NaN, NaN]);
  });

  test("Krippendorff's alpha, nominal, ordinal and interval, with missing ratings", () => {
    for (const { units, ...expected } of vectors.alphas) {
      for (const metric of ["nominal", "ordinal", "interval"] as const) {
        expect(krippendorffAlpha(units, metric)).toBeCloseTo(expected[metric], 10);
      }
    }
    expect(krippendorffAlpha([[1], [2]], "ordinal")).toBeNaN();
  });

  test("reciprocal rank over all orders of ties, and AUROC of scikit-learn", () => {
    for (const { scores, relevant, rank, auroc } of vectors.ranks) {
      const text = JSON.stringify(relevant.map((label, index) => ({ idx: `${index}`, doc: "q", label })));
      const output = measureAgreement(
        readCosqa(text, null),
        new Map(scores.map((score, index) => [`q/${index}`, score])),
        1,
      );
      expect(output.binary?.mrr.value).toBeCloseTo(rank, 10);
      // Twelve digits are as many as both have in common.
      expect(output.binary?.auroc?.toFixed(12)).toBe(auroc?.toFixed(12));
    }
  });
});

const RUBRIC = [0, 1, 2, 3].map((value) => ({ value, label: `${value}`, means: "so good" }));

/** Groups of items with the ratings of each rater in a row. */
function rated(groups: Record<string, number[][]>): { study: Study; ratings: Rating[] } {
  const items = Object.entries(groups).flatMap(([group, [first = []]]) =>
    first.map((_, index) => ({ id: `${group}${index}`, group, question: "q", answer: "a" })),
  );
  const ratings = Object.entries(groups).flatMap(([group, raters]) =>
    raters.flatMap((values, rater) =>
      values.map((value, index) => ({
        study: "s",
        itemId: `${group}${index}`,
        rater: `r${rater}`,
        value,
        at: "2026-11-30T12:00:00.000Z",
      })),
    ),
  );
  return { study: { schemaVersion: 1, study: "s", title: "t", kind: "graded", rubric: RUBRIC, items }, ratings };
}

describe("graded ratings", () => {
  const { study, ratings } = rated({
    a: [
      [0, 1, 2, 3],
      [0, 2, 1, 3],
    ],
    b: [
      [3, 1, 0],
      [3, 0, 1],
    ],
  });
  const data = ratedStudy(study, ratings);

  test("are held against scores within groups, and against raters among themselves", () => {
    const output = measureAgreement(
      data,
      new Map(Object.entries({ a0: 0, a1: 1, a2: 2, a3: 3, b0: 3, b1: 1, b2: 0 })),
      1,
    );
    // Mean ratings 0, 1.5, 1.5, 3 and 3, 0.5, 0.5; Spearman of two raters with each other 0.8 and 0.5.
    const [a, b] = [spearman([0, 1, 2, 3], [0, 1.5, 1.5, 3]), spearman([3, 1, 0], [3, 0.5, 0.5])];
    expect(output.graded?.spearman.raw.value).toBeCloseTo((a + b) / 2, 12);
    expect(output.graded?.spearman.ceiling).toBeCloseTo(0.65, 12);
    expect(output.graded?.spearman).toMatchObject({ isCapped: true, groups: 2, normalized: { value: 1 } });
    expect(output).toMatchObject({ state: "measured", raters: 2, ratings: 14, unscored: 0, source: "own study" });
    expect(output.alpha).toBeGreaterThan(0.5);
  });

  test("a score that is the wrong way round is below 0, normalized too", () => {
    const backwards = new Map(data.items.map(({ id, values }) => [id, -[...values.values()].reduce((x, y) => x + y)]));
    const { graded } = measureAgreement(data, backwards, 1);
    expect(graded?.kendall.raw.value).toBeCloseTo(-1, 12);
    expect(graded?.kendall.normalized?.value).toBeLessThan(-1);
    expect(graded?.kendall.isCapped).toBe(false);
  });

  test("an item without a score is scored below all others, not left out", () => {
    const some = new Map([
      ["a0", -5],
      ["a1", 1],
      ["a2", 1],
    ]);
    const output = measureAgreement(data, some, 1);
    expect(output.unscored).toBe(4);
    expect(output.graded?.spearman.pooled).toBeLessThan(0);
  });

  test("of one rater have no ceiling, and without any nothing is measured", () => {
    const alone = ratedStudy(
      study,
      ratings.filter(({ rater }) => rater === "r0"),
    );
    const output = measureAgreement(alone, new Map([["a0", 1]]), 1);
    expect(output.graded?.spearman).toMatchObject({ ceiling: null, normalized: null });
    expect(output.alpha).toBeNull();
    const none = measureAgreement(ratedStudy(study, []), new Map([["a0", 1]]), 1);
    expect(none).toMatchObject({ state: "not-measured", reason: "there is no human data", graded: null });
    expect(measureAgreement(data, new Map(), 1).reason).toBe("there is no score of a rated item");
  });

  test("the last of several by one rater counts, and 'cannot tell' is left out", () => {
    const again = [...ratings, { ...(ratings[0] as Rating), value: null }, { ...(ratings[1] as Rating), value: 3 }];
    const { items, undecided } = ratedStudy(study, again);
    expect([undecided, items[0]?.values.get("r0"), items[1]?.values.get("r0")]).toEqual([1, undefined, 3]);
    const wrong = { ...(ratings[0] as Rating), value: 7 };
    expect(() => ratedStudy(study, [wrong])).toThrow("outside the rubric");
    expect(() => ratedStudy(study, [{ ...wrong, itemId: "x" }])).toThrow("not in the study");
    expect(() => ratedStudy(study, [{ ...wrong, study: "x" }])).toThrow('of the study "x"');
  });
});

describe("data of others", () => {
  test("CodeSearchNet: ratings of one pair in a row are raters; a quoted cell may hold anything", () => {
    const header = "Language,Query,GitHubUrl,Relevance,Notes";
    const rows = ["u1,3,", 'u1,2,"a ""note"", and\na line"', "u2,0,", "u2,1,", "u3,2,"].map(
      (row) => `Python,sort list,${row}`,
    );
    const data = readCodeSearchNet([header, ...rows, "Go,sort list,u9,3,"].join("\r\n"), "python");
    expect(data.items.map(({ id, values }) => [id, [...values.values()]])).toEqual([
      ["Python: sort list/u1", [3, 2]],
      ["Python: sort list/u2", [0, 1]],
      ["Python: sort list/u3", [2]],
    ]);
    expect(data.source).toBe("external human data");
    expect(() => readCodeSearchNet(`${header}\nGo,q,u,4,`, null)).toThrow("none of 0 to 3");
    expect(() => readCodeSearchNet("a,b\n1,2", null)).toThrow("no column Language");
    expect(() => readCodeSearchNet(`${header}\nGo,"q,u,1,`, null)).toThrow("no comma-separated text");
    expect(() => readCodeSearchNet(`${header}\nGo,q,u,1,`, "java")).toThrow("no rating in this language");
  });

  test("CoSQA: what is in the pool and was not named stands behind what was", () => {
    const text = JSON.stringify([
      { idx: "x", doc: "first", code: "", label: 1, retrieval_idx: 7 },
      { idx: "y", doc: "second", code: "", label: 1, retrieval_idx: 8 },
    ]);
    const scores = new Map([
      ["first/1", 0.9],
      ["first/7", 0.5],
      ["second/3", 0.9],
    ]);
    const { binary } = measureAgreement(readCosqa(text, 11), scores, 1);
    // Second of all; and one of ten in any order behind the first.
    const second = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11].reduce((sum, rank) => sum + 0.1 / rank, 0);
    expect(binary?.mrr.value).toBeCloseTo((0.5 + second) / 2, 12);
    expect(binary?.auroc).toBeNull();
  });
});

describe("commands", () => {
  test("a study is drawn blind, and its key agrees with who rates as the scorer does", async () => {
    const ran = await cibench("run", "--tool", "grep", "--corpus", "source", "--out", folder, "--json");
    const [run = ""] = RunOutput.parse(JSON.parse(ran.stdout)).files;
    const [out, key, ratings] = ["study.json", "key.jsonl", "ratings.jsonl"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    expect(await cibench("study", run, "--out", out, "--key", key, "--name", "mine")).toMatchObject({ code: 0 });
    const study = Study.parse(JSON.parse(readFileSync(out, "utf8")));
    expect(study.items).toHaveLength(8);
    expect(JSON.stringify(study)).not.toContain("grep");
    const lines = readFileSync(key, "utf8").trimEnd().split("\n");
    const said = lines.map((line) => JSON.parse(line) as { itemId: string; score: number });
    const at = "2026-11-30T12:00:00.000Z";
    const own = said.map(({ itemId, score }) => ({ study: "mine", itemId, rater: "anna", value: score * 2 + 1, at }));
    writeFileSync(ratings, own.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const measured = ["agreement", "--ratings", ratings, "--scores", key, "--study", out];
    const { code, stdout } = await cibench(...measured, "--json");
    expect(code).toBe(0);
    expect(AgreementOutput.parse(JSON.parse(stdout)).graded?.kendall.raw.value).toBeCloseTo(1, 12);
    expect((await cibench(...measured)).stdout).toMatch(/mine \(own study\): 8 ratings of 8 items/);
    const agreement = join(folder, "agreement.json");
    writeFileSync(agreement, stdout);
    const reported = async (...format: string[]) => {
      const shown = await cibench("report", run, "--agreement", agreement, ...format);
      expect([shown.code, shown.stderr]).toEqual([0, expect.any(String)]);
      return shown.stdout;
    };
    for (const format of ["table", "markdown", "html"]) {
      const text = await reported("--format", format);
      expect(text).toContain("8 ratings of 8 items");
      expect(text).toMatch(/kendall.*1\.000/);
      expect(text).not.toContain("there is no human data yet");
    }
    expect(await reported("--format", "csv")).toMatch(/,human-agreement,own study,mine,measured,/);
    expect(RunOutput.parse(JSON.parse(await reported("--json"))).agreements?.[0]?.study).toBe("mine");
    expect((await cibench("report", run)).stdout).toContain("there is no human data yet");
    const none = await cibench("agreement", "--ratings", join(folder, "none"), "--scores", key, "--study", out);
    expect(none).toMatchObject({ code: 3, stdout: expect.stringContaining("Not measured: there is no human data") });
    for (const [format, file] of [
      ["cosqa", key],
      ["codesearchnet", key],
      ["cibench", key],
    ] as const) {
      const wrong = await cibench("agreement", "--format", format, "--ratings", file, "--scores", key);
      expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining("RATINGS_UNREADABLE")]);
    }
    const pool = join(folder, "cosqa.json");
    writeFileSync(pool, JSON.stringify([{ idx: "1", doc: "q", code: "", label: 1, retrieval_idx: 1 }]));
    writeFileSync(key, '{"itemId":"q/1","score":1}\n');
    const cosqa = await cibench("agreement", "--format", "cosqa", "--pool", "9", "--ratings", pool, "--scores", key);
    expect(cosqa.stdout).toContain("MRR 1.000, AUROC –");
  });
});
