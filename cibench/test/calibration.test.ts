import { readFileSync } from "node:fs";
import type { ConformanceCase } from "@drift/corpora/conformance";
import type { CallGraph, CallSite } from "@drift/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brierParts, type Forecast, logLoss } from "../src/calibration/brier.ts";
import { labelCase } from "../src/calibration/conformance.ts";
import { calibrationMarkdown, describeCalibration, describeLeaveOneOut } from "../src/calibration/describe.ts";
import { type Candidate, type CorpusEdges, type Edge, labelEdges } from "../src/calibration/edges.ts";
import { BUCKETS, fitTable } from "../src/calibration/fit.ts";
import { leaveOneOut } from "../src/calibration/leave-one-out.ts";
import { binOf, measureCalibration, newCorporaInterval } from "../src/calibration/measure.ts";
import { nonIncreasing } from "../src/calibration/non-increasing.ts";
import { CalibrationOutput, Evidence, FittedTable } from "../src/schema/calibration.ts";
import { tinyAnswer, type TinySite, tinyTruth } from "./support/tiny-truth.ts";

function edge(given: Partial<Edge>): Edge {
  return {
    evidence: "tracked",
    among: 1,
    probability: 0.5,
    right: true,
    file: "a.ts",
    site: "a.ts:1:1",
    by: "closed",
    ...given,
  };
}

function corpus(id: string, edges: Edge[], kind: CorpusEdges["kind"] = "real"): CorpusEdges {
  return { id, version: "1.0.0", kind, edges };
}

/** So many edges, of which the first `right` are. */
function edges(count: number, right: number, given: Partial<Edge> = {}): Edge[] {
  const { file = "a.ts", probability = 0.5 } = given;
  return Array.from({ length: count }, (_, index) =>
    edge({ site: `${file} ${probability} ${index}`, ...given, right: index < right }),
  );
}

const anyEdge = fc.record({
  evidence: fc.constantFrom(...Evidence.options),
  among: fc.constantFrom(1, 2, 3, 4, 7, 12, 20, 60, 150, 480),
  probability: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  right: fc.boolean(),
  file: fc.constantFrom("a.ts", "b.ts", "c.ts"),
  site: fc.constantFrom("1:1", "2:1", "3:1", "4:1"),
  by: fc.constantFrom("closed" as const, "ran" as const),
});
const anyCorpora = fc
  .array(fc.array(anyEdge, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 })
  .map((all) => all.map((one, index) => corpus(`c${index}`, one)));

describe("which candidates truth decides", () => {
  /** Labels of the candidates at one site: `+` right, `-` wrong, nothing when left out. */
  function check(site: TinySite, targets: (number | "out" | "nowhere")[], ...others: TinySite[]): string {
    const truth = tinyTruth([site, ...others]);
    const candidates = targets.map((target): Candidate => {
      const [one] = tinyAnswer(truth, 0, [target]).targets;
      return { target: one as Candidate["target"], evidence: "open", among: targets.length };
    });
    const labelled = labelEdges(new Map([[truth.sites[0]?.id ?? "", candidates]]), truth);
    return labelled.map(({ right, by }) => `${right ? "+" : "-"}${by}`).join(" ");
  }

  test("where the set is closed all are, save those that are allowed", () => {
    expect(check({ must: [0], may: [1] }, [0, 1, 2])).toBe("+closed -closed");
    expect(check({ must: [0], callbacks: [2] }, [0, 1, 2])).toBe("+closed -closed");
    expect(check({ must: [0] }, ["nowhere"])).toBe("-closed");
  });
  test("where it is open the run of the site decides", () => {
    const site: TinySite = { must: [0], traced: [0], closed: false };
    expect(check(site, [0, 1], { must: [1], traced: [1] })).toBe("+ran -ran");
    expect(check(site, [0, 1], { must: ["out"], callbacks: [1] })).toBe("+ran -ran");
    expect(check(site, [0, "out"])).toBe("+ran -ran");
    expect(check({ must: [0, 1], traced: [0], may: [2], closed: false }, [0, 1, 2])).toBe("+ran");
  });
  test("but of a target that no site entered, of which nothing is known there", () => {
    expect(check({ must: [0], traced: [0], closed: false }, [0, 1])).toBe("+ran -unentered");
    expect(check({ must: [0], traced: [0], closed: false }, [0, 1], { must: [1] })).toBe("+ran -unentered");
    expect(check({ must: [0], traced: [0] }, [0, 1])).toBe("+closed -closed");
  });
  test("where it is open and did not run none is, lest only right ones were seen", () => {
    expect(check({ must: [0], closed: false }, [0, 1])).toBe("");
    expect(check({ closed: false }, [0])).toBe("");
  });
  test("the outside is one target, whatever its names", () => {
    expect(check({ must: ["out"] }, ["out", "out", 1])).toBe("+closed -closed");
  });
});

describe("conformance programs", () => {
  const one = {
    feature: "f",
    behaviour: "b",
    files: { "main.ts": "export function f() {}\nf();\n" },
    definitions: new Map([["main.ts:1:1", "f"]]),
    calls: [
      { file: "main.ts", end: "2:4", entered: ["f"], outside: [], callbacks: ["g"], allowed: ["h"], unnamed: false },
    ],
    entries: [],
  } as unknown as ConformanceCase;
  const graph = (targets: CallSite["targets"]): CallGraph =>
    ({
      functions: [{ id: "main.ts#f", file: "main.ts", line: 1, column: 8 }],
      callSites: [
        { kind: "call", file: "main.ts", endLine: 2, endColumn: 4, status: "likely", basis: "open", targets },
      ],
    }) as unknown as CallGraph;

  test("what runs is right, what may run is left out, all else is wrong", () => {
    const found = { probability: 0.5, evidence: "open", among: 4 } as const;
    const targets = ["main.ts#f", "g", "h", "other"].map((id) => ({ id, ...found }));
    const labelled = labelCase(one, graph([...targets, { ...found, external: "x", evidence: "beside" }]));
    expect(labelled.map(({ right, evidence, among }) => [right, evidence, among])).toEqual([
      [true, "open", 4],
      [false, "open", 4],
      [false, "beside", 4],
    ]);
  });
  test("a call of what has no name is left out", () => {
    const unnamed = { ...one, calls: one.calls.map((call) => ({ ...call, unnamed: true })) };
    expect(labelCase(unnamed, graph([{ id: "main.ts#f", probability: 0.5, evidence: "open", among: 1 }]))).toEqual([]);
  });
});

describe("the fitted table", () => {
  test("is what the formula gives, by hand", () => {
    // One corpus: every edge weighs 1. First bucket: (98 + 2 · 1/2) / (100 + 2). Second: p₀ is that where functions were
    // tracked, and half of it where a declaration suggests them.
    const first = 99 / 102;
    const of = (evidence: "tracked" | "suggested") => {
      const all = [...edges(100, 98, { evidence }), ...edges(10, 6, { evidence, among: 2 })];
      return fitTable([corpus("one", all)], "command").evidence[evidence];
    };
    const rounded = (probability: number) => Number(probability.toFixed(4));
    const [one, two, three] = of("tracked");
    const second = (6 + 2 * first) / (10 + 2);
    expect(one).toEqual({ from: 1, edges: 100, right: 98, share: 0.98, probability: rounded(first) });
    expect(two).toEqual({ from: 2, edges: 10, right: 6, share: 0.6, probability: rounded(second) });
    // Nothing is known of three: the same share of them, or as many right ones among more candidates.
    expect(three).toEqual({ from: 3, edges: 0, right: 0, share: null, probability: rounded(second) });
    const [, twoSuggested, threeSuggested] = of("suggested");
    const secondSuggested = (6 + 2 * (first / 2)) / (10 + 2);
    expect(twoSuggested?.probability).toBe(rounded(secondSuggested));
    expect(threeSuggested?.probability).toBe(rounded(secondSuggested * (2 / 3)));
    expect(fitTable([corpus("one", edges(100, 98))], "command").evidence.name[0]?.probability).toBe(0.5);
  });
  test("gives each corpus the same weight, whatever its size", () => {
    const table = fitTable([corpus("large", edges(900, 900)), corpus("small", edges(100, 0))], "command");
    // Edges weigh 5/9 and 5: n′ = 1000² / (900 · (5/9)² + 100 · 5²) = 360.
    expect(table.evidence.tracked[0]).toMatchObject({ share: 0.5, edges: 1000, right: 900, probability: 0.5 });
    expect(table.evidence.tracked[1]?.probability).toBe(0.5);
  });
  test("takes what one site says as one observation", () => {
    const crowded = (site: Partial<Edge>) => fitTable([corpus("a", edges(40, 40, site))], "command");
    const of = (table: FittedTable) => table.evidence.tracked.find(({ from }) => from === 1)?.probability;
    // Drawn towards 1/2 as much as by two sites.
    expect(of(crowded({}))).toBeCloseTo((40 + 2 * 0.5) / 42, 4);
    expect(of(crowded({ site: "a.ts 1" }))).toBeCloseTo((1 + 2 * 0.5) / 3, 4);
  });
  test("pools buckets in which more candidates would be more probable", () => {
    const table = fitTable([corpus("one", [...edges(8, 2), ...edges(18, 18, { among: 2 })])], "command");
    // Shrunk: (2 + 1) / 10 = .3 with weight 10, and (18 + 2 · .3) / 20 = .93 with weight 20; what nothing is known of stays so.
    const pooled = expect.closeTo((0.3 * 10 + 0.93 * 20) / 30, 9) as number;
    expect(table.evidence.tracked.slice(0, 2).map(({ probability }) => probability)).toEqual([pooled, pooled]);
  });
  test("has probabilities inside (0, 1) that never rise with the candidates, and counts every edge once", () => {
    fc.assert(
      fc.property(anyCorpora, (corpora) => {
        const table = FittedTable.parse(fitTable(corpora, "command"));
        const all = corpora.flatMap((one) => [...one.edges]);
        const buckets = Object.values(table.evidence);
        for (const row of buckets) {
          expect(row.map(({ from }) => from)).toEqual([...BUCKETS]);
          row
            .slice(1)
            .forEach((bucket, index) => expect(bucket.probability).toBeLessThanOrEqual(row[index]?.probability ?? 0));
        }
        const sum = (key: "edges" | "right"): number =>
          buckets.flat().reduce((total, bucket) => total + bucket[key], 0);
        expect([sum("edges"), sum("right")]).toEqual([all.length, all.filter(({ right }) => right).length]);
      }),
      { numRuns: 50 },
    );
  });
  test("does not depend on the order of edges or corpora", () => {
    fc.assert(
      fc.property(anyCorpora, (corpora) => {
        const turned = corpora.map((one) => ({ ...one, edges: one.edges.toReversed() })).toReversed();
        const near = ({ evidence }: FittedTable): number[] =>
          Object.values(evidence).flatMap((row) => row.map(({ probability }) => probability));
        const [a, b] = [near(fitTable(corpora, "")), near(fitTable(turned, ""))];
        a.forEach((probability, index) => expect(b[index]).toBeCloseTo(probability, 3));
      }),
      { numRuns: 30 },
    );
  });
});

describe("pooling adjacent violators", () => {
  test("averages where the order is wrong", () => {
    const values = [0.5, 0.9, 0.1, 0.2, 0].map((value) => ({ value, weight: 1 }));
    [0.7, 0.7, 0.15, 0.15, 0].forEach((value, index) => expect(nonIncreasing(values)[index]).toBeCloseTo(value, 12));
  });
  test("keeps the weighted sum and never rises", () => {
    const any = fc.record({
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (values) => {
        const fitted = nonIncreasing(values);
        const sum = (of: number[]): number => of.reduce((total, one, at) => total + one * (values[at]?.weight ?? 0), 0);
        expect(sum(fitted)).toBeCloseTo(sum(values.map(({ value }) => value)), 9);
        fitted.slice(1).forEach((value, index) => expect(value).toBeLessThanOrEqual((fitted[index] ?? 0) + 1e-12));
      }),
    );
  });
});

describe("Brier score", () => {
  const forecasts = (...given: [probability: number, right: boolean][]): Forecast[] =>
    given.map(([probability, right]) => ({ probability, right, weight: 1 }));
  const anyForecasts = fc.array(
    fc.record({
      probability: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.9, 1),
      right: fc.boolean(),
      weight: fc.constantFrom(0.5, 1, 3),
    }),
    { minLength: 1, maxLength: 40 },
  );

  test("is what the formula gives, by hand", () => {
    const given = forecasts([0.8, true], [0.8, false], [0.2, false], [0.2, false]);
    const { brier, miscalibration, discrimination, uncertainty } = brierParts(given);
    expect(brier).toBeCloseTo((0.04 + 0.64 + 0.04 + 0.04) / 4, 12);
    // Recalibrated: .5 and 0, so B₁ = (.25 + .25) / 4; one of four is right, so B₀ = 3/16.
    expect(miscalibration).toBeCloseTo(0.19 - 0.125, 12);
    expect(discrimination).toBeCloseTo(3 / 16 - 0.125, 12);
    expect(uncertainty).toBeCloseTo(3 / 16, 12);
    expect(logLoss(forecasts([0.5, true], [0.75, false]))).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 12);
  });
  test("is 0 for who knows, and the error rate for who is always sure", () => {
    expect(brierParts(forecasts([1, true], [0, false])).brier).toBe(0);
    expect(brierParts(forecasts([1, true], [1, false], [1, true], [1, true])).brier).toBe(0.25);
  });
  test("of the share that is right, said everywhere, is uncertainty alone", () => {
    const parts = brierParts(forecasts([0.25, true], [0.25, false], [0.25, false], [0.25, false]));
    expect(parts.brier).toBeCloseTo(parts.uncertainty, 12);
    expect(parts.miscalibration).toBeCloseTo(0, 12);
    expect(parts.discrimination).toBeCloseTo(0, 12);
  });
  test("is made of its parts, none of which is negative", () => {
    fc.assert(
      fc.property(anyForecasts, (given) => {
        const { brier, miscalibration, discrimination, uncertainty } = brierParts(given);
        expect(miscalibration - discrimination + uncertainty).toBeCloseTo(brier, 9);
        expect(Math.min(miscalibration, discrimination, uncertainty)).toBeGreaterThan(-1e-9);
      }),
    );
  });
});

describe("leaving each corpus out", () => {
  const left = leaveOneOut([
    corpus("a", edges(40, 40)),
    corpus("b", edges(40, 20)),
    corpus("c", [...edges(10, 10, { by: "unentered" })]),
  ]);

  test("scores a corpus by what the others say", () => {
    // Of b's forty edges half are right, so a is told (20 + 1) / (40 + 2); of a's all, so b is told (40 + 1) / 42.
    expect(left.corpora.map(({ name, edges: count, right }) => [name, count, right])).toEqual([
      ["a", 40, 1],
      ["b", 40, 0.5],
    ]);
    expect(left.corpora[0]?.brier).toBeCloseTo((1 - 0.5) ** 2, 6);
    expect(left.corpora[1]?.brier).toBeCloseTo((0.9762 ** 2 + (1 - 0.9762) ** 2) / 2, 6);
    expect(left.mean).toBeCloseTo(((left.corpora[0]?.brier ?? 0) + (left.corpora[1]?.brier ?? 0)) / 2, 12);
    expect(left.evidence).toEqual([{ name: "tracked", edges: 80, right: 0.75, brier: expect.closeTo(left.mean, 6) }]);
  });
  test("is told in tables", () => {
    expect(describeLeaveOneOut(left)).toMatch(/mean over corpora: 0\.\d{4}\n$/);
  });
});

describe("what is measured", () => {
  const spread = (id: string): CorpusEdges =>
    corpus(
      id,
      ["a.ts", "b.ts", "c.ts"].flatMap((file) => [
        ...edges(10, 9, { file, probability: 0.9 }),
        ...edges(10, 2, { file, probability: 0.2, by: "ran" }),
      ]),
    );
  const five = ["a", "b", "c", "d", "e"].map(spread);

  test("is near perfect for probabilities that are the shares", () => {
    const { all, closed, ran, reliability, risk, evidence } = measureCalibration(five, 0.5, 1);
    expect(all).toMatchObject({ corpora: 5, edges: 300, right: 165 });
    expect(all.brier.value).toBeCloseTo((0.9 * 0.1 + 0.2 * 0.8) / 2, 12);
    expect(all.miscalibration).toBeCloseTo(0, 12);
    expect(all.constant).toBeCloseTo(0.25, 12);
    expect(all.skill.value).toBeCloseTo(1 - 0.125 / 0.25, 12);
    expect(closed?.brier.value).toBeCloseTo(0.09, 12);
    expect(ran?.brier.value).toBeCloseTo(0.16, 12);
    expect(reliability.map(({ low, edges: n, stated }) => [low, n, stated])).toEqual([
      [0.2, 150, expect.closeTo(0.2, 12)],
      [0.9, 150, expect.closeTo(0.9, 12)],
    ]);
    for (const { stated, observed, band } of reliability) {
      expect(band?.low).toBeLessThan(stated);
      expect(band?.high).toBeGreaterThan(stated);
      expect(band?.high).toBeGreaterThan(observed.value);
    }
    expect(risk?.slice(9, 10)).toEqual([{ coverage: 0.5, risk: expect.closeTo(0.1, 12) as number }]);
    expect(evidence).toMatchObject([{ evidence: "tracked", edges: 300, right: 165 }]);
  });
  test("leaves out what is not known, and says how bad that could be", () => {
    const unknown = corpus("f", [
      ...(spread("f").edges as Edge[]),
      ...edges(30, 0, { by: "unentered", probability: 1 }),
    ]);
    const { all, atWorst, corpora } = measureCalibration([unknown], 0.5, 1);
    expect(all).toMatchObject({ edges: 60, right: 33 });
    expect(atWorst).toMatchObject({ edges: 60, right: 6 });
    expect(atWorst?.brier.value).toBeCloseTo((30 * 0.16 + 30) / 60, 12);
    expect(corpora).toMatchObject([{ closed: 30, ran: 30, right: 33, unentered: 30 }]);
    expect(fitTable([unknown], "command").evidence).toEqual(fitTable([spread("f")], "command").evidence);
  });
  test("counts every edge in one bin, and every interval has its ends in order", () => {
    fc.assert(
      fc.property(anyCorpora, (corpora) => {
        const { all, reliability } = measureCalibration(corpora, 0.5, 1);
        expect(reliability.reduce((sum, bin) => sum + bin.edges, 0)).toBe(all.edges);
        expect(reliability.reduce((sum, bin) => sum + bin.right, 0)).toBe(all.right);
        for (const { low, high, stated } of reliability) {
          expect(stated).toBeGreaterThanOrEqual(low - 1e-9);
          expect(stated).toBeLessThanOrEqual(high + 1e-9);
        }
        const { low, high } = all.brier;
        expect(low ?? 0).toBeLessThanOrEqual(high ?? 1);
      }),
      { numRuns: 5 },
    );
  });
  test("is the same for the same seed, and keeps synthetic corpora apart", () => {
    const given = [...five, corpus("made", edges(4, 0, { probability: 0.9 }), "synthetic")];
    const { synthetic, ...rest } = measureCalibration(given, 0.5, 7);
    expect(measureCalibration(given, 0.5, 7)).toEqual({ synthetic, ...rest });
    expect(rest.all.edges).toBe(300);
    expect(synthetic).toMatchObject({ corpora: 1, edges: 4, brier: { value: expect.closeTo(0.81, 12), low: null } });
  });
  test("a probability of 1 lies in the last bin", () => {
    expect([0, 0.1, 0.95, 1].map(binOf)).toEqual([0, 1, 9, 9]);
  });
  test("the interval for new corpora is Student's, from five corpora on", () => {
    expect(newCorporaInterval([0.1, 0.2, 0.3, 0.4])).toBeNull();
    // s = .158, t(4) = 2.776: ± .1963
    expect(newCorporaInterval([0.1, 0.2, 0.3, 0.4, 0.5])).toEqual({
      value: expect.closeTo(0.3, 12),
      low: expect.closeTo(0.1037, 4),
      high: expect.closeTo(0.4963, 4),
    });
    expect(newCorporaInterval([0, 0, 0, 0, 0.5])?.low).toBe(0);
  });
  test("is told in tables, and goes between the markers of a README", () => {
    const output = CalibrationOutput.parse({
      schemaVersion: 1,
      tool: { name: "drift", version: "1.0.0" },
      command: "command",
      ...measureCalibration(five, 0.5, 1),
    });
    expect(describeCalibration(output)).toContain("0.2–0.3");
    const text = calibrationMarkdown(fitTable(five, "command"), output);
    expect(text).toMatch(/\| all +\| +5 \| +300 \| 0\.550 \| 0\.125 \[/);
    expect(text).toMatch(/\| tracked, nothing else possible +\| 165\/300 0\.550 \| 0\/0 0\.550 \|/);
  });
});

test("the engine's README has the table that it was built with, and the figures that were measured with it", () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const table = FittedTable.parse(JSON.parse(read("crates/drift-graph/src/fitted.json")));
  const output = CalibrationOutput.parse(JSON.parse(read("results/calibration/drift.json")));
  expect(read("engine/README.md")).toContain(`\n\n${calibrationMarkdown(table, output)}\n\n`);
  const measured = new Set(output.corpora.map(({ id }) => id));
  expect(table.corpora.filter(({ id }) => measured.has(id))).toEqual([]);
});
