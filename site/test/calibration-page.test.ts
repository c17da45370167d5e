import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CALIBRATED_RUNS, curve } from "./calibrated-runs.ts";
import { buildTestSite, row, type TestSite, words } from "./site.ts";

const published = new URL("../../results/calibration/drift.json", import.meta.url).pathname;

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
    site = await buildTestSite({ items: 30 }, { "calibration/drift.json": banded(), ...CALIBRATED_RUNS });
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

  test("statements stand in a reliability diagram with bands and its figures, or it is said why they do not", () => {
    const diagram = [...page.querySelectorAll("svg.plot")].find(
      (svg) => words(svg.querySelector("title")) === "Reliability, real code",
    );
    expect(diagram?.querySelectorAll("rect")).toHaveLength(2);
    expect(words(diagram?.querySelector("desc"))).toContain("0.250: 0.200 of 40; 0.850: 0.800 of 310");
    expect(row(page, "Reliability, real code", "0.8–0.9")).toEqual([
      ...["310", "0.850", "0.800 [0.780, 0.820]", "[0.810, 0.890]"],
    ]);
    expect(words(page.querySelector("main"))).toContain("synthetic code: no diagram, as this run was scored before");
    expect(page.querySelector('[aria-label="Reliability, synthetic code"]')).toBeNull();
  });

  test("a category shows those of its tools side by side, runs of this computer included", () => {
    const board = site.page("/leaderboard/call-graph/");
    const drawn = [...board.querySelectorAll("svg.plot > title")].map(words);
    expect(drawn).toEqual(["Reliability, grep on real code"]);
    expect(board.querySelector("#reliability ~ .small-multiples figcaption a")?.getAttribute("href")).toBe(
      "/tools/grep/#calibration",
    );
    expect(words(board.querySelector("main"))).toContain("no diagram, as no statement was given a probability");
    expect(site.page("/leaderboard/data-flow/").querySelector("#reliability")).toBeNull();
  });

  test("statements show abstentions, errors and areas of the run that is shown, real code first", () => {
    const frame = page.querySelector('[aria-label="Calibration in the uncertainty category"]');
    expect([...(frame?.querySelectorAll("tbody th") ?? [])].map(words)).toEqual(["real code", "synthetic code"]);
    expect(row(page, "Calibration in the uncertainty category", "real code")).toEqual([
      ...["400", "12.5 %", "0.050 [0.030, 0.070]", "0.800 [0.780, 0.820]", "0.100 [0.080, 0.120]"],
    ]);
  });

  test("a tool whose run published none says that it is not measured", () => {
    const other = site.page("/tools/null/");
    expect(words(other.querySelector("#calibration ~ .state"))).toBe("not measured");
    expect(other.querySelector('[aria-label="Calibration in the uncertainty category"]')).toBeNull();
  });
});
