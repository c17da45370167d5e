import { CASES } from "@drift/corpora/conformance";
import { PYTHON_CASES } from "@drift/corpora/conformance/python";
import { expect, test } from "vitest";
import { conformancePrograms, renderStanding } from "../../src/commands/fuzz.ts";
import { renderPhases } from "../../src/commands/growth.ts";
import { growthExponent, leastOf, type PhaseCost, renderGrowth } from "../../src/suites/growth.ts";

const SIZES = [1000, 2000, 5000, 20_000];

test("n log n has exponent 1, and what grows faster one above it", () => {
  expect(growthExponent(SIZES.map((n) => [n, 3e-5 * n * Math.log(n)]))).toBeCloseTo(1, 10);
  expect(growthExponent(SIZES.map((n) => [n, 1e-7 * n ** 1.5]))).toBeGreaterThan(1.3);
  expect(growthExponent(SIZES.map((n) => [n, 1e-3 * n]))).toBeLessThan(1);
});

function cost(seconds: number, resolve: number): PhaseCost {
  const stats = {
    files: 10,
    bytes: 1,
    lines: 1,
    functions: 1,
    callSites: 20,
    certain: 1,
    likely: 1,
    external: 1,
    unknown: 1,
    skipped: 0,
  };
  const of = (cpu: number): { cpuNs: number; wallNs: number } => ({ cpuNs: cpu * 1e9, wallNs: cpu * 2e9 });
  return { stats, phases: { parse: of(1), resolve: of(resolve) }, cpuNs: seconds * 1e9, peakBytes: seconds * 2 ** 20 };
}

test("the least of all rounds counts, for each figure", () => {
  const least = leastOf([cost(5, 3), cost(4, 3.5)]);
  expect(least).toEqual({ files: 10, callSites: 20, cpuSeconds: 4, solverSeconds: 3, peakBytes: 4 * 2 ** 20 });
  const table = renderGrowth({ sizes: [least, least], exponent: { cpu: 1, solver: 0.9, memory: null } });
  expect(table).toContain("|     10 |         20 |  4.00 |           3.00 |");
  expect(table).toContain("k of CPU 1.000, of the solver 0.900");
});

test("memory is told where it was measured, and no rounds have no files", () => {
  expect(renderGrowth({ sizes: [], exponent: { cpu: 1, solver: 1, memory: 0.5 } })).toContain(", memory 0.500");
  expect(leastOf([])).toMatchObject({ files: 0, callSites: 0 });
});

test("the cost of the solver is told by leaving its stage out", () => {
  const text = renderPhases([cost(5, 3)]);
  expect(text).toMatch(/with the solver +wall +8\.00 s +CPU +4\.00 s/);
  expect(text).toMatch(/without \(no resolve\) +wall +2\.00 s +CPU +1\.00 s/);
});

test("mutations start from sources and manifests, sorted by path", () => {
  const programs = conformancePrograms();
  expect(programs).toHaveLength(CASES.length + PYTHON_CASES.length);
  for (const files of programs) {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
    expect(paths.some((path) => path.endsWith(".html"))).toBe(false);
  }
});

test("where a target stands is one line", () => {
  const standing = {
    target: "solver" as const,
    executions: 5,
    cpuMs: 120_000,
    cleanCpuMs: 60_000,
    cleanOfNewestMs: 30_000,
    newestEngine: "x",
    findings: 1,
    next: 9,
  };
  expect(renderStanding(standing)).toBe(
    "solver: 5 cases in 2.0 CPU minutes, 1 findings; without one since 1.0 minutes, 0.5 of these with the newest engine; next is case 9",
  );
});
