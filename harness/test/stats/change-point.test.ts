import { describe, expect, test } from "vitest";
import { CHANGE_POINT_DEFAULTS as OPTIONS, findChangePoints } from "../../src/stats/change-point.ts";
import { nullProbability, simulateNullTable } from "../../src/stats/change-point-null.ts";
import { type NoiseKind, noiseSeries } from "../../src/stats/noise.ts";

/** Noise about 100 with 3 % standard deviation, and steps to other levels. */
function series(of: { n: number; kind: NoiseKind; seed: number; steps?: { at: number; by: number }[] }): number[] {
  return noiseSeries(of.kind, { n: of.n, sd: 0.03, seed: of.seed }).map((value, i) =>
    (of.steps ?? []).filter(({ at }) => i >= at).reduce((level, { by }) => level * (1 + by), value),
  );
}

describe("change points", () => {
  test("are found where they are, with their effect", () => {
    const steps = [
      { at: 60, by: 0.1 },
      { at: 130, by: -0.2 },
    ];
    const found = findChangePoints(series({ n: 200, kind: "independent", seed: 3, steps }), OPTIONS);
    expect(found.map(({ index }) => Math.round(index / 5) * 5)).toEqual([60, 130]);
    expect(found[0]?.effect).toBeCloseTo(0.1, 1);
    expect(found[1]?.effect).toBeCloseTo(-0.2, 1);
  });

  test("are not there in flat, short, empty or noiseless series", () => {
    for (const values of [[], [1], [1, 2, 3, 4, 5, 6, 7, 8, 9], Array.from({ length: 50 }, () => 7)])
      expect(findChangePoints(values, OPTIONS)).toEqual([]);
  });

  test("an exact step is found, also in values at and below zero", () => {
    const exact = Array.from({ length: 40 }, (_, i) => (i < 17 ? 0 : -3));
    expect(findChangePoints(exact, OPTIONS)).toMatchObject([{ index: 17, effect: -3 }]);
  });

  test("a step smaller than what counts is none", () => {
    const small = Array.from({ length: 40 }, (_, i) => (i < 20 ? 100 : 101));
    expect(findChangePoints(small, OPTIONS)).toEqual([]);
    expect(findChangePoints(small, { ...OPTIONS, minimumEffect: 0.005 })).toMatchObject([{ index: 20 }]);
  });

  test("a lone outlier is none", () => {
    const values = series({ n: 100, kind: "ar-0.3", seed: 5 });
    expect(findChangePoints(values.with(40, 1000), OPTIONS)).toEqual([]);
  });

  test("of noise alone are rare, autocorrelated noise included, while steps of 10 % are found in it", () => {
    for (const kind of ["independent", "ar-0.3", "ar-0.6", "bimodal", "heavy-tailed", "bursts"] as const) {
      const seeds = Array.from({ length: 100 }, (_, seed) => seed);
      const wrong = seeds.filter((seed) => findChangePoints(series({ n: 200, kind, seed }), OPTIONS).length > 0);
      // At a true rate of 2 % seven of a hundred are reached once in 250 times; the seeds are fixed.
      expect(wrong.length).toBeLessThan(7);
      const found = seeds.filter((seed) => {
        const values = series({ n: 200, kind, seed: seed + 1_000, steps: [{ at: 90, by: 0.1 }] });
        return findChangePoints(values, OPTIONS).some(({ index }) => Math.abs(index - 90) <= 5);
      });
      expect(found.length).toBeGreaterThanOrEqual(95);
    }
  });

  test("are not there in what climbs steadily, begins to climb or turns back", () => {
    const noise = series({ n: 300, kind: "independent", seed: 9 });
    const shapes = [
      (i: number) => Math.exp(i / 200),
      (i: number) => Math.exp(Math.max(0, i - 150) / 100),
      (i: number) => Math.exp(-Math.abs(i - 150) / 100),
    ];
    for (const shape of shapes)
      expect(
        findChangePoints(
          noise.map((value, i) => value * shape(i)),
          OPTIONS,
        ),
      ).toEqual([]);
  });

  test("of a staircase are all its steps", () => {
    const steps = [50, 100, 150, 200].map((at) => ({ at, by: 0.1 }));
    const found = findChangePoints(series({ n: 250, kind: "independent", seed: 4, steps }), OPTIONS);
    expect(found.map(({ index }) => index)).toEqual([50, 100, 150, 200].map((at) => expect.closeTo(at, -1)));
  });

  test("do not depend on the unit, and mirror when the series is turned round", () => {
    const values = series({ n: 120, kind: "independent", seed: 6, steps: [{ at: 70, by: 0.2 }] });
    const [point] = findChangePoints(values, OPTIONS);
    const scaled = findChangePoints(
      values.map((value) => value * 1e6),
      OPTIONS,
    );
    expect(scaled.map(({ index }) => index)).toEqual([point?.index]);
    expect(findChangePoints(values.toReversed(), OPTIONS).map(({ index }) => index)).toEqual([
      120 - (point?.index ?? 0),
    ]);
  });

  test("are found in long series too, in work that grows with the length", () => {
    const flat = series({ n: 20_000, kind: "independent", seed: 8 });
    expect(findChangePoints(flat, OPTIONS)).toEqual([]);
    const stepped = series({ n: 20_000, kind: "independent", seed: 8, steps: [{ at: 9_000, by: 0.1 }] });
    expect(findChangePoints(stepped, OPTIONS)).toMatchObject([{ index: expect.closeTo(9_000, -1) as number }]);
  });

  test("of values that are huge, tiny or rounded apart are sound", () => {
    const huge = Array.from({ length: 40 }, (_, i) => (i < 20 ? -1e150 : 1e150));
    expect(findChangePoints(huge, OPTIONS)).toMatchObject([{ index: 20, effect: 2e150 }]);
    const rounded = Array.from({ length: 40 }, (_, i) => (i < 20 ? 0.1 + 0.2 : 0.3) - 0.3 - (i % 2));
    expect(findChangePoints(rounded, OPTIONS)).toEqual([]);
  });
});

describe("the p of the best split", () => {
  test("falls with the statistic and rises with autocorrelation, between simulated cells too", () => {
    const at = (statistic: number, n = 137, phi = 0.33): number => nullProbability(statistic, n, phi);
    const along = Array.from({ length: 60 }, (_, i) => at(i / 5));
    expect(along.every((p, i) => i === 0 || p <= (along[i - 1] as number))).toBe(true);
    expect([at(0), at(100)]).toEqual([1, 1 / 10_001]);
    expect(at(5, 137, 0.6)).toBeGreaterThan(at(5, 137, 0.2));
    expect([at(5, 137, -0.5), at(5, 137, 2)]).toEqual([at(5, 137, 0), at(5, 137, 0.95)]);
    expect(at(4.2, 1_000_000, 0)).toBeGreaterThan(at(4.2, 1_000, 0));
  });

  test("is what a new simulation finds", () => {
    const lengths: number[] = [];
    const few = simulateNullTable({
      draws: 400,
      seed: 77,
      command: "test",
      lengths: [10, 60],
      onLength: (n) => lengths.push(n),
    });
    expect(lengths).toEqual([10, 60]);
    const [, row] = few.quantiles;
    const p = few.probabilities.indexOf(0.1);
    for (const phi of [0, 0.5]) {
      const quantile = row?.[few.phis.indexOf(phi)]?.[p] ?? 0;
      expect(nullProbability(quantile, 60, phi)).toBeGreaterThan(0.06);
      expect(nullProbability(quantile, 60, phi)).toBeLessThan(0.15);
    }
  });
});
