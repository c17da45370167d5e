import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { intervalMark } from "../src/charts/interval-mark.ts";
import { chartOfHistory } from "../src/charts/history.ts";
import { chartOfRun, chartOfSeries, seriesColour, toolOrder } from "../src/charts/performance.ts";
import { reliabilityChart } from "../src/charts/reliability.ts";
import { HISTORY_CHARTS, HISTORY_POINTS } from "../src/data/limits.ts";
import type { Measurement, Series } from "../src/data/performance.ts";
import type { Run } from "../src/data/runs.ts";

const parse = (svg: string): Element => {
  const root = parseHTML(`<!doctype html><html><body>${svg}</body></html>`).document.querySelector("svg");
  if (root === null) throw new Error("no svg");
  return root;
};

const measurement = (caseId: string, median: number, rest: Partial<Measurement> = {}): Measurement => ({
  ...{ id: 1, runId: "r", caseId, tool: "drift", runner: "process", metric: "wall", unit: "ns", sampleCount: 3 },
  ...{ median, medianLow: median * 0.9, medianHigh: median * 1.1, mad: 0, minimum: median, maximum: median },
  ...rest,
});

const text = { id: "c", title: "Wall time <by case>", description: "A & B" };

/** Numbers of an attribute of all elements that match. */
const numbers = (root: Element, selector: string, attribute: string): number[] =>
  [...root.querySelectorAll(selector)].map((element) => Number(element.getAttribute(attribute)));

describe("the interval mark", () => {
  test("puts value, interval and floor on a scale from 0 to 1", () => {
    const mark = parse(intervalMark({ value: 0.5, low: 0.25, high: 0.75 }, 0));
    expect(numbers(mark, ".mark-value", "cx")).toEqual([66]);
    expect([...numbers(mark, ".mark-interval", "x1"), ...numbers(mark, ".mark-interval", "x2")]).toEqual([35, 97]);
    expect(numbers(mark, ".mark-floor", "x1")).toEqual(numbers(mark, ".mark-axis", "x1").slice(0, 1));
  });

  test("a figure outside the scale is drawn at its end", () => {
    const [low, high] = [-0.4, 1.7].map((value) => parse(intervalMark({ value, low: null, high: null })));
    expect(low && numbers(low, ".mark-value", "cx")).toEqual([4]);
    expect(high && numbers(high, ".mark-value", "cx")).toEqual([128]);
    expect(low?.querySelector(".mark-interval")).toBeNull();
  });

  test("nothing is drawn where there is no figure", () => {
    expect(intervalMark({ value: null, low: null, high: null })).toBe("");
  });
});

describe("the chart of a run", () => {
  const cases = [measurement("engine/open/zod", 6e6), measurement("engine/index/zod", 400e6), measurement("x", 20_000)];
  const { wide, narrow } = chartOfRun(cases, ["drift"], text);

  test("has a row and a labelled median for each case, in both widths", () => {
    for (const chart of [wide, narrow].map(parse)) {
      expect(chart.querySelectorAll("circle")).toHaveLength(3);
      const labels = [...chart.querySelectorAll("text")].map((label) => label.textContent);
      expect(labels).toEqual(expect.arrayContaining(["6 ms", "400 ms", "20 µs"]));
    }
    expect([parse(wide).getAttribute("width"), parse(narrow).getAttribute("width")]).toEqual(["1000", "350"]);
  });

  test("is an image with a title and a description, and no style that the policy would forbid", () => {
    const chart = parse(wide);
    expect(chart.getAttribute("role")).toBe("img");
    const ids = (chart.getAttribute("aria-labelledby") ?? "").split(" ");
    expect(ids.map((id) => chart.querySelector(`#${id}`)?.textContent)).toEqual(["Wall time <by case>", "A & B"]);
    expect(wide).not.toMatch(/<style|style=/);
    expect(wide).not.toBe(narrow);
  });

  test("a longer time lies further right", () => {
    const chart = parse(wide);
    const x = Object.fromEntries(
      cases.map(({ caseId }, index) => [caseId, numbers(chart, "circle", "cx")[index] ?? Number.NaN]),
    );
    expect(x["x"]).toBeLessThan(x["engine/open/zod"] ?? 0);
    expect(x["engine/open/zod"]).toBeLessThan(x["engine/index/zod"] ?? 0);
  });

  test("cases alike in size start at 0, others are on a logarithmic axis, and the axis says so", () => {
    const alike = chartOfRun([measurement("a", 2e6), measurement("b", 3e6)], ["drift"], text).wide;
    expect(alike).toContain(">0 ns<");
    expect(alike).not.toContain("logarithmic");
    expect(wide).toContain("median, logarithmic");
  });

  test("a median of 0 and an interval that could not be made are drawn", () => {
    const odd = [measurement("a", 0, { medianLow: null, medianHigh: null }), measurement("b", 5e9)];
    expect(parse(chartOfRun(odd, ["drift"], text).wide).querySelectorAll("circle")).toHaveLength(2);
    const nothing = [measurement("a", 0, { unit: "bytes", medianLow: null, medianHigh: null })];
    expect(parse(chartOfRun(nothing, ["drift"], text).narrow).querySelectorAll("circle")).toHaveLength(1);
  });

  test("rows of several tools are named and coloured by tool, Drift first", () => {
    const both = [measurement("a", 1e6, { tool: "ast-grep" }), measurement("a", 2e6)];
    expect(toolOrder(both)).toEqual(["drift", "ast-grep"]);
    const chart = chartOfRun(both, toolOrder(both), text).wide;
    expect(chart).toContain("a · ast-grep");
    expect([...parse(chart).querySelectorAll("circle")].map((dot) => dot.getAttribute("fill"))).toEqual([
      "var(--series-2)",
      "var(--series-1)",
    ]);
    expect(seriesColour(30)).toBe("var(--series-8)");
  });

  test("a hostile case name stays text", () => {
    const chart = chartOfRun([measurement("<script>x</script>\u202e", 1e6)], ["drift"], {
      ...text,
      title: "$1<b>",
    }).wide;
    expect(chart).not.toMatch(/<script|<b>|\u202e/);
    expect(chart).toContain("$1&lt;b&gt;");
  });
});

describe("the chart of a series", () => {
  const series = (medians: number[]): Series => ({
    ...{ caseId: "a", tool: "drift", metric: "wall", unit: "ns" },
    points: medians.map((median) => ({ run: {} as Run, measurement: measurement("a", median) })),
  });

  test("has a point for each run from left to right, on an axis from 0", () => {
    const chart = parse(chartOfSeries(series([3e6, 2e6, 4e6]), "var(--series-1)", text));
    const x = numbers(chart, "circle", "cx");
    expect(x).toEqual(x.toSorted((a, b) => a - b));
    const labels = [...chart.querySelectorAll("text")].map((label) => label.textContent);
    expect(labels).toEqual(expect.arrayContaining(["ms", "0", "1", "2", "3"]));
  });

  test("a long history has few labels and every point", () => {
    const chart = parse(chartOfSeries(series(Array.from({ length: 100 }, (_, index) => 1e6 + index)), "red", text));
    expect(chart.querySelectorAll("circle")).toHaveLength(100);
    expect(chart.querySelectorAll("text").length).toBeLessThan(20);
  });

  test("measurements without an interval are points", () => {
    const bare = series([1e6]);
    for (const { measurement: m } of bare.points) Object.assign(m, { medianLow: null, medianHigh: null });
    expect(parse(chartOfSeries(bare, "red", text)).querySelectorAll("circle")).toHaveLength(1);
  });
});

describe("the reliability diagram", () => {
  const bin = (stated: number, value: number, count: number) => ({
    ...{ low: 0, high: 1, count, stated },
    observed: { value, low: value - 0.05, high: value + 0.05 },
  });
  const diagram = parse(reliabilityChart([bin(0.25, 0.2, 1234), bin(0.75, 0.8, 7)], text));

  test("has a dot, an interval and the count for each bin", () => {
    expect(diagram.querySelectorAll("circle")).toHaveLength(2);
    expect(diagram.textContent).toMatch(/1\s234/);
    expect(diagram.querySelector("title")?.textContent).toBe("Wall time <by case>");
  });

  test("puts what is right as often as stated onto the diagonal", () => {
    const [dot] = parse(reliabilityChart([bin(0.5, 0.5, 1)], text)).querySelectorAll("circle");
    const line = diagram.querySelector("path[stroke-dasharray], g[stroke-dasharray] path")?.getAttribute("d") ?? "";
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [...line.matchAll(/[\d.]+/g)].map(Number);
    expect([Number(dot?.getAttribute("cx")), Number(dot?.getAttribute("cy"))]).toEqual([(x1 + x2) / 2, (y1 + y2) / 2]);
  });
});

test("as many charts of a history as a page may have leave room below 300 kB, and show the newest commits", () => {
  const points = Array.from({ length: 3 * HISTORY_POINTS }, (_, n) => {
    const value = 1 + Math.sin(n * 1.7) / 37;
    return { commit: "c", committedAt: "", value, low: value - 0.01, high: value + 0.01 };
  });
  const series = { ...{ id: 1, caseId: "a", metric: "time", unit: "ns", direction: "lower" as const }, changes: [] };
  const text = { id: "x", title: "t", description: "d" };
  const marks = [10, points.length - 5].map((place) => ({ place, label: `mark-${place}`, tone: "worse" as const }));
  const svg = chartOfHistory({ ...series, environmentId: "e", reference: "r", points }, marks, text);
  expect(svg.length * HISTORY_CHARTS).toBeLessThan(250_000);
  expect(svg).toContain(`mark-${points.length - 5}`);
  expect(svg).not.toContain("mark-10<");
});
