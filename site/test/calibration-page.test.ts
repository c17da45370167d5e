import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildTestSite, row, type TestSite, words } from "./site.ts";

const RUN = "cibench-drift-20261123T120000Z-1a2b3c4d";
const published = new URL("../../results/calibration/drift.json", import.meta.url).pathname;

const figure = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });
const curve = (worst: number) =>
  Array.from({ length: 10 }, (_, i) => ({ coverage: (i + 1) / 10, risk: (worst * i) / 9 }));
const sides = (worst: number) => ({
  ...{ lines: 400, correct: 300, ece: figure(0.05), auroc: figure(0.8), riskCoverage: figure(0.1), risk: curve(worst) },
});
const score = (kind: string, worst: number) => ({
  ...{ category: "uncertainty-calibration", kind, calibration: { sides: sides(worst), abstained: 0.125 } },
});
const report = {
  id: RUN,
  report: { scores: [score("synthetic", 0.5), score("real", 0.25), { category: "call-graph", kind: "real" }] },
};

/** The published record, its bands and curve made up. */
function banded(): string {
  const record = JSON.parse(readFileSync(published, "utf8")) as { reliability: { stated: number }[] };
  const reliability = record.reliability.map((bin) => ({
    ...bin,
    band: { low: Math.max(0, bin.stated - 0.03), high: Math.min(1, bin.stated + 0.03) },
  }));
  return JSON.stringify({ ...record, reliability, risk: curve(0.14) });
}

describe("calibration of a tool", () => {
  let site: TestSite;
  let page: Document;
  beforeAll(async () => {
    site = await buildTestSite(
      { items: 30 },
      { "calibration/drift.json": banded(), "published/cibench/a.json": JSON.stringify(report) },
    );
    page = site.page("/tools/drift/");
  });
  afterAll(() => site.remove());

  test("each bin of its edges stands beside its consistency band, in the diagram and in a table", () => {
    const record = JSON.parse(banded()) as { reliability: { edges: number; band: { low: number; high: number } }[] };
    const last = record.reliability.at(-1);
    const cells = row(page, "Reliability of stated probabilities", "0.9–1.0");
    expect(cells[3]).toBe(`[${last?.band.low.toFixed(3)}, ${last?.band.high.toFixed(3)}]`);
    const diagram = [...page.querySelectorAll("svg.plot")].find(
      (svg) => words(svg.querySelector("title")) === "Reliability of stated probabilities",
    );
    expect(diagram?.querySelectorAll("rect")).toHaveLength(record.reliability.length);
  });

  test("risk-coverage curves have titles, words and a table of the same figures", () => {
    const titles = [...page.querySelectorAll("svg.plot > title")].map(words);
    for (const title of [
      "Risk by coverage, edges of the call graph",
      "Risk by coverage, real code",
      "Risk by coverage, synthetic code",
    ]) {
      expect(titles).toContain(title);
      const frame = page.querySelector(`[aria-label="${title}"]`);
      expect(frame?.querySelectorAll("tbody tr"), title).toHaveLength(10);
    }
    const last = page.querySelector('[aria-label="Risk by coverage, real code"] tbody tr:last-child');
    expect([...(last?.querySelectorAll("td") ?? [])].map(words)).toEqual(["100.0 %", "25.0 %"]);
  });

  test("statements show abstentions, errors and areas of the run that is shown, real code first", () => {
    const frame = page.querySelector('[aria-label="Calibration in the uncertainty category"]');
    expect([...(frame?.querySelectorAll("tbody th") ?? [])].map(words)).toEqual(["real code", "synthetic code"]);
    expect(row(page, "Calibration in the uncertainty category", "real code")).toEqual([
      ...["400", "12.5 %", "0.050 [0.030, 0.070]", "0.800 [0.780, 0.820]", "0.100 [0.080, 0.120]"],
    ]);
  });

  test("a tool whose run published none says that it is not measured", () => {
    const other = site.page("/tools/grep/");
    expect(words(other.querySelector("#calibration ~ .state"))).toBe("not measured");
    expect(other.querySelector('[aria-label="Calibration in the uncertainty category"]')).toBeNull();
  });
});
