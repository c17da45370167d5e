import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { describe, expect, test } from "vitest";
import { CHANGE_POINT_DEFAULTS, findChangePoints } from "../../src/stats/change-point.ts";

const OPTIONS = { ...CHANGE_POINT_DEFAULTS, draws: 2_000 };

/** First-order autoregressive noise about 100 with 3 % standard deviation, and steps to other levels. */
function series(of: { n: number; phi: number; seed: number; steps?: { at: number; by: number }[] }): number[] {
  const random = xoroshiro128plus(of.seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  let state = normal();
  return Array.from({ length: of.n }, (_, i) => {
    const level = (of.steps ?? []).filter(({ at }) => i >= at).reduce((value, { by }) => value * (1 + by), 100);
    const value = level * Math.exp(0.03 * state);
    state = of.phi * state + Math.sqrt(1 - of.phi ** 2) * normal();
    return value;
  });
}

describe("change points", () => {
  test("are found where they are, with their effect", () => {
    const steps = [
      { at: 60, by: 0.1 },
      { at: 130, by: -0.2 },
    ];
    const found = findChangePoints(series({ n: 200, phi: 0, seed: 3, steps }), OPTIONS);
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
    const values = series({ n: 100, phi: 0.3, seed: 5 });
    expect(findChangePoints(values.with(40, 1000), OPTIONS)).toEqual([]);
  });

  test(
    "of noise alone are rare, autocorrelated noise included, while steps of 10 % are found in it",
    { timeout: 120_000 },
    () => {
      for (const phi of [0, 0.3, 0.6]) {
        const seeds = Array.from({ length: 100 }, (_, seed) => seed);
        const wrong = seeds.filter((seed) => findChangePoints(series({ n: 200, phi, seed }), OPTIONS).length > 0);
        // At a true rate of 2 % seven of a hundred are reached once in 250 times; the seeds are fixed.
        expect(wrong.length).toBeLessThan(7);
        const found = seeds.filter((seed) => {
          const values = series({ n: 200, phi, seed: seed + 1_000, steps: [{ at: 90, by: 0.1 }] });
          return findChangePoints(values, OPTIONS).some(({ index }) => Math.abs(index - 90) <= 5);
        });
        expect(found.length).toBeGreaterThanOrEqual(95);
      }
    },
  );
});
