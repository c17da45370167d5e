import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { formNullGates, formPlantedGates } from "../../src/prove/formed-gates.ts";
import { normal } from "../../src/prove/noise.ts";

/** 100 rounds of `cases` cases: differences about `centre` with the standard deviation `sd`. */
function differences(cases: number, sd: number, centre: number, seed: number): Map<string, number[]> {
  const random = xoroshiro128plus(seed);
  const list = (): number[] => Array.from({ length: 100 }, () => centre + sd * normal(random));
  return new Map(Array.from({ length: cases }, (_, i) => [`case-${i} time`, list()]));
}

const settings = { ...GATE_DEFAULTS, seed: 3 };

describe("gates formed from a pool", () => {
  test("of identical code are not red", () => {
    const found = formNullGates({ same: differences(10, 0.02, 0, 1), gates: 60, settings });
    expect(found).toMatchObject({ gates: 60, red: 0, low: 0 });
    expect(found.high).toBeCloseTo(1 - 0.025 ** (1 / found.disjoint), 9);
    expect(found.disjoint).toBeGreaterThan(1);
  });

  test("are red when the pool is of code that became slower all over", () => {
    expect(formNullGates({ same: differences(5, 0.01, 0.1, 1), gates: 20, settings }).red).toBe(20);
  });

  test("find what is planted in quiet cases, and say what they foretold", () => {
    const same = differences(8, 0.01, 0, 1);
    const planted = differences(8, 0.01, Math.log(1.1), 2);
    const found = formPlantedGates({ same, planted, share: 0.1, gates: 30, settings });
    expect(found.falseRed).toBe(0);
    expect(found.found.count).toBe(found.found.n);
    expect(found.foundWhereSeen.n).toBe(found.found.n);
    for (const { detectable, predicted, sd } of found.cases) {
      expect(detectable).toBeLessThan(0.05);
      expect(predicted).toBeGreaterThan(0.95);
      expect(Math.abs(sd - 0.01)).toBeLessThan(0.005);
    }
  });

  test("of a case too noisy to see it state that, and seldom find it", () => {
    const [same, planted] = [differences(3, 0.3, 0, 1), differences(3, 0.3, Math.log(1.05), 2)];
    const { cases, found } = formPlantedGates({ same, planted, share: 0.05, gates: 20, settings });
    expect(cases.every(({ detectable }) => detectable === null || detectable > 0.1)).toBe(true);
    expect(found.count / found.n).toBeLessThan(0.5);
  });
});
