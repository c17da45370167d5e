import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeCallGraph } from "../src/evaluators/graph-edges.ts";
import type { ItemOutcome } from "../src/schema/score.ts";
import { estimate, meanOf, RESAMPLES, resample } from "../src/scores/bootstrap.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { edgeTable } from "../src/scores/edge-table.ts";
import { baselineExpectations, type Expectation, floorOf, meanExpectations, normalise } from "../src/scores/floor.ts";
import { scoringOf } from "../src/scores/scoring.ts";
import { anyTruth, tinyAnswer, type TinySite, tinyTruth } from "./support/tiny-truth.ts";

/** A truth of `files` files with `perFile` direct sites each, and answers that are right where `isRight` says so. */
function judged(files: number, perFile: number, isRight: (file: number, site: number) => boolean) {
  const sites = Array.from({ length: files * perFile }, (_, index): TinySite => {
    return { file: `${Math.floor(index / perFile)}.ts`, must: [0] };
  });
  const truth = tinyTruth(sites);
  const answers = sites.map((_, index) =>
    tinyAnswer(truth, index, [isRight(Math.floor(index / perFile), index % perFile) ? 0 : 1]),
  );
  return judgeCallGraph(answers, truth);
}

/** What is resampled of one corpus. */
function figuresOf(outcomes: readonly ItemOutcome[], seed = 1, corpus = "tiny") {
  return resample([{ corpus, table: edgeTable(outcomes, scoringOf("call-graph")) }], seed);
}

function callGraphScore(outcomes: readonly ItemOutcome[], expectations: readonly Expectation[]) {
  return categoryScore("call-graph", [{ id: "tiny", kind: "real", outcomes }], expectations, { seed: 1 });
}

function tenfold(sites: readonly TinySite[]): TinySite[] {
  return Array.from({ length: 10 }, () => sites).flat();
}

describe("the interval", () => {
  test("is the same for the same seed and another for another", () => {
    const outcomes = judged(20, 5, (file, site) => (file + site) % 3 === 0);
    const interval = (seed: number) => estimate(figuresOf(outcomes, seed).recall);
    expect(interval(1)).toEqual(interval(1));
    expect(figuresOf(outcomes, 1).recall.draws).not.toEqual(figuresOf(outcomes, 2).recall.draws);
  });

  test("does not depend on the order of the outcomes", () => {
    const outcomes = judged(10, 3, (file) => file % 2 === 0);
    const shuffled = outcomes.toSorted((a, b) => ((a.line * 7919) % 31) - ((b.line * 7919) % 31));
    expect(figuresOf(shuffled)).toEqual(figuresOf(outcomes));
  });

  test("of independent sites is that of the binomial", () => {
    // One site per file, 140 of 200 right: standard error sqrt(.7 · .3 / 200).
    const { value, low, high } = estimate(figuresOf(judged(200, 1, (file) => file < 140)).recall);
    const margin = 1.96 * Math.sqrt((0.7 * 0.3) / 200);
    expect(value).toBe(0.7);
    expect(Math.abs((low as number) - (0.7 - margin))).toBeLessThan(0.008);
    expect(Math.abs((high as number) - (0.7 + margin))).toBeLessThan(0.008);
  });

  test("is wider when the sites of a file share their fate", () => {
    const width = (isRight: (file: number, site: number) => boolean) => {
      const { low, high } = estimate(figuresOf(judged(20, 10, isRight)).recall);
      return (high as number) - (low as number);
    };
    expect(width((file) => file % 2 === 0)).toBeGreaterThan(2 * width((_, site) => site % 2 === 0) + 0.1);
  });

  test("is absent when there is a single file", () => {
    expect(estimate(figuresOf(judged(1, 5, () => true)).recall)).toEqual({
      value: 1,
      low: null,
      high: null,
      n: 5,
    });
  });

  test("of nothing has no value", () => {
    const outcomes = judgeCallGraph([], tinyTruth([{ closed: false }]));
    expect(estimate(figuresOf(outcomes).precision)).toEqual({
      value: null,
      low: null,
      high: null,
      n: 0,
    });
  });

  test("of a mean over corpora averages draw by draw", () => {
    const parts = [0, 1].map(
      (corpus) =>
        figuresOf(
          judged(10, 2, (file) => file % 2 === corpus),
          1,
          `${corpus}`,
        ).recall,
    );
    const mean = meanOf(parts);
    expect(mean.draws).toHaveLength(RESAMPLES);
    expect(mean.draws[7]).toBe(((parts[0]?.draws[7] as number) + (parts[1]?.draws[7] as number)) / 2);
    expect(mean.n).toBe(2);
  });
});

describe("the floor", () => {
  // Each site ten times: a stratum with fewer edges is not averaged.
  const raw = (sites: readonly TinySite[], name: string, files?: readonly string[]) =>
    baselineExpectations(tinyTruth(tenfold(sites), files), 1).find((one) => one.name === name)?.raw;

  test("of the constant is the best target in hindsight", () => {
    // Naming f0 everywhere: 2 TP, 1 FP, 1 FN.
    expect(raw([{ must: [0] }, { must: [0] }, { must: [1] }], "constant")).toBeCloseTo(4 / 6);
  });
  test("of the constant counts only where the set is closed", () => {
    expect(raw([{ must: [0] }, { must: [1], closed: false }], "constant")).toBeCloseTo(2 / 3);
    expect(raw([{ must: [0] }, { must: [1], may: [0] }], "constant")).toBeCloseTo(2 / 3);
  });
  test("of listing everything pays for each excluded definition", () => {
    // Three definitions and the outside: 1 TP and 3 FP.
    expect(raw([{ must: [0] }], "list-everything")).toBeCloseTo(2 / 5);
    expect(raw([{ must: [0], may: [1] }], "list-everything")).toBeCloseTo(2 / 4);
  });
  test("of listing everything gains nothing from open sites but what stands first", () => {
    expect(raw([{ must: [0], closed: false }], "list-everything")).toBe(1);
    expect(raw([{ must: [2], closed: false }], "list-everything")).toBe(0);
    expect(raw([{ must: ["out"], closed: false }], "list-everything")).toBe(0);
  });
  test("of a random definition is its chance of being right", () => {
    // One of three, and precision equals recall: F1 = 1/3 on average.
    expect(
      raw(
        Array.from({ length: 30 }, () => ({ must: [0] })),
        "random",
      ),
    ).toBeCloseTo(1 / 3, 2);
  });
  test("of shuffled gold is the chance of meeting the same target", () => {
    const sites = [
      ...Array.from({ length: 20 }, () => ({ must: [0] })),
      ...Array.from({ length: 20 }, () => ({ must: [1] })),
    ];
    expect(raw(sites, "shuffled-gold")).toBeCloseTo(0.5, 1);
  });
  test("of the first definition knows only its own file", () => {
    expect(raw([{ must: [0] }, { file: "b.ts", must: [2] }, { must: [1] }], "first-in-file")).toBeCloseTo(4 / 6);
    expect(raw([{ file: "none.ts", must: [2] }], "first-in-file")).toBe(0);
  });
  test("is 0 where nothing is defined or known", () => {
    expect(baselineExpectations(tinyTruth([{ closed: false }], []), 1).map((one) => one.raw)).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });
  test("is the highest mean over corpora", () => {
    const one = (name: string, rawValue: number) => ({ name, raw: rawValue, deviation: 0 });
    expect(
      floorOf(
        meanExpectations([
          [one("a", 0.1), one("b", 0.3)],
          [one("a", 0.4), one("b", 0.1)],
        ]),
      ),
    ).toMatchObject({ floor: 0.25, floorBy: "a" });
  });
  test("no constant beats the best constant", () => {
    fc.assert(
      fc.property(anyTruth, fc.constantFrom<number | "out">(0, 1, 2, 3, 4, 5, "out"), (truth, target) => {
        const outcomes = judgeCallGraph(
          truth.sites.map((_, site) => tinyAnswer(truth, site, [target])),
          truth,
        );
        const expectations = baselineExpectations(truth, 1);
        const score = callGraphScore(outcomes, expectations);
        expect(score.raw.value ?? 0).toBeLessThanOrEqual((expectations[1]?.raw as number) + 1e-12);
      }),
      { numRuns: 25 },
    );
  });
});

test("the worked example of the README", () => {
  // Two strata. direct: 30 sites, 20 right, 10 wrong. external: 10 sites, right.
  const sites: TinySite[] = [
    { must: [0] },
    { must: [1] },
    { must: [2], file: "b.ts" },
    { must: ["out"], stratum: "external", file: "b.ts" },
  ];
  const truth = tinyTruth(tenfold(sites));
  const said = [[0], [1], [0], ["out"]] as const;
  const answers = truth.sites.map((_, site) => tinyAnswer(truth, site, said[site % 4] ?? []));
  const outcomes = judgeCallGraph(answers, truth);
  const expectations = baselineExpectations(truth, 1);
  const score = callGraphScore(outcomes, expectations);
  // direct: TP 20, FP 10, FN 10 -> F1 = 40/60; external: 1. macroF1 = (2/3 + 1) / 2.
  expect(score.raw.value).toBeCloseTo(5 / 6);
  // Best constant: the outside everywhere, F1 0 on direct and 1 on external.
  expect([score.floor, score.floorBy]).toEqual([0.5, "constant"]);
  expect(score.score.value).toBeCloseTo((5 / 6 - 1 / 2) / (1 - 1 / 2));
  expect(score.corpora[0]).toMatchObject({
    precision: { value: 0.75 },
    recall: { value: 0.75 },
    f1: { value: 0.75 },
    macroF1: { n: 2 },
    unknownShare: 0,
    files: 2,
  });
});

test("a stratum of fewer than ten edges is shown but not averaged", () => {
  const edges = (count: number) => {
    const rare = Array.from({ length: count }, () => ({ must: [1], stratum: "computed" as const }));
    const truth = tinyTruth([...tenfold([{ must: [0] }]), ...rare]);
    const answers = truth.sites.map((_, site) => tinyAnswer(truth, site, [0]));
    const expectations = baselineExpectations(truth, 1);
    return callGraphScore(judgeCallGraph(answers, truth), expectations);
  };
  expect(edges(9).raw.value).toBe(1);
  expect(edges(9).corpora[0]?.strata.map((one) => [one.stratum, one.f1])).toEqual([
    ["direct", 1],
    ["computed", 0],
  ]);
  expect(edges(10).raw.value).toBe(0.5);
});

test("a score below the floor is negative, and a floor of 1 leaves no score", () => {
  expect(normalise(0.1, 0.4)).toBeCloseTo(-0.5);
  const truth = tinyTruth(tenfold([{ must: ["out"] }, { must: ["out"], file: "b.ts" }]));
  const outcomes = judgeCallGraph([tinyAnswer(truth, 0, ["out"])], truth);
  const { floor, score } = callGraphScore(outcomes, baselineExpectations(truth, 1));
  expect(floor).toBe(1);
  expect(score.value).toBeNull();
});
