/** The gate on made-up machines: the quick form of `drift-bench prove simulate`, with fixed seeds. */
import { describe, expect, test } from "vitest";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { CORE_KINDS, NOISE_KINDS } from "../../src/prove/noise.ts";
import { simulateKind } from "../../src/prove/prove.ts";
import { calibrate, pooledMannWhitney, simulateGates } from "../../src/prove/simulate.ts";

const QUICK = { gates: 20, cases: 50, plantedGates: 6, sessions: 400, controls: 60 };

describe("the gate on made-up machines", () => {
  test.each(NOISE_KINDS)("of kind %s is not red without a change, and its interval holds what it says", (kind) => {
    const { falseRed, falseImproved, power, uniformity, atMargin, coverage } = simulateKind(kind, QUICK, 7);
    expect([falseRed.count, falseImproved.count]).toEqual([0, 0]);
    const tenPercent = power.find(({ share }) => share === 0.1);
    expect((tenPercent?.found.count ?? 0) / (tenPercent?.found.n ?? 1)).toBeGreaterThan(kind === "bursts" ? 0.3 : 0.9);
    expect(uniformity.p).toBeGreaterThan(0.001);
    for (const { alpha, rejected } of atMargin) expect(rejected.low).toBeLessThanOrEqual(alpha);
    for (const { level, covered } of coverage) expect(covered.high).toBeGreaterThanOrEqual(level);
  });

  test.each(CORE_KINDS)("of kind %s shows that pooled iterations are not to be trusted", (kind) => {
    const different = pooledMannWhitney({ kind, runs: 60, processes: 20, iterations: 20, seed: 5 });
    expect(different).toBeGreaterThan(0.2 * 60);
  });

  test("does not find a worsening within the margin, and finds one of a rate", () => {
    const rule = GATE_DEFAULTS;
    const small = simulateGates({
      kind: "independent",
      gates: 10,
      cases: 20,
      seed: 3,
      rule,
      slowdown: { share: 0.01, planted: 3 },
    });
    expect(small.found).toBe(0);
    const rate = simulateGates({
      kind: "throughput",
      gates: 10,
      cases: 20,
      seed: 3,
      rule,
      slowdown: { share: 0.1, planted: 3 },
    });
    expect([rate.found, rate.planted, rate.falseRed]).toEqual([30, 30, 0]);
  });

  test("is the same for the same seed", () => {
    const options = { kind: "bursts", sessions: 50, pairs: 12, seed: 2, margin: 0.02 } as const;
    expect(calibrate(options)).toEqual(calibrate(options));
  });
});
