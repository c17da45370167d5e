import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Forecast } from "../src/calibration/brier.ts";
import { consistencyBands } from "../src/calibration/consistency-bands.ts";
import { binOf } from "../src/calibration/measure.ts";
import { riskCurve } from "../src/calibration/risk-curve.ts";

const forecasts = (count: number, probability: number, right = count, weight = 1): Forecast[] =>
  Array.from({ length: count }, (_, index) => ({ probability, right: index < right, weight }));

const anyForecasts = fc.array(
  fc.record({
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    right: fc.boolean(),
    weight: fc.constantFrom(0.5, 1, 4),
  }),
  { minLength: 1, maxLength: 40 },
);

describe("consistency bands", () => {
  test("are those of the binomial distribution where one probability is stated everywhere", () => {
    // 100 forecasts of one half: 40 to 60 come true in 95 of 100 draws (P(X ≤ 39) = .018, P(X ≤ 40) = .028).
    const { low, high } = consistencyBands(forecasts(100, 0.5), binOf, 1).get(5) ?? { low: 0, high: 0 };
    expect(low).toBeGreaterThanOrEqual(0.39);
    expect(low).toBeLessThanOrEqual(0.41);
    expect(high).toBeGreaterThanOrEqual(0.59);
    expect(high).toBeLessThanOrEqual(0.61);
  });
  test("do not depend on what was right, only on what was stated", () => {
    const bands = (right: number) => consistencyBands(forecasts(50, 0.3, right), binOf, 4);
    expect(bands(0)).toEqual(bands(50));
  });
  test("get narrower with more forecasts, and vanish where all is certain", () => {
    const width = (count: number): number => {
      const { low, high } = consistencyBands(forecasts(count, 0.7), binOf, 1).get(binOf(0.7)) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(900)).toBeLessThan(width(100) / 2);
    expect(consistencyBands(forecasts(5, 1), binOf, 1)).toEqual(new Map([[9, { low: 1, high: 1 }]]));
  });
  test("weigh forecasts: a heavy one makes a bin as uncertain as if it stood alone", () => {
    const even = forecasts(100, 0.5);
    const heavy = [...forecasts(99, 0.5, 99, 0.001), ...forecasts(1, 0.5, 1, 1000)];
    const width = (given: Forecast[]): number => {
      const { low, high } = consistencyBands(given, binOf, 1).get(5) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(heavy)).toBeGreaterThan(3 * width(even));
  });
  test("stand for each bin that has a forecast, in order, and are the same for the same seed", () => {
    fc.assert(
      fc.property(anyForecasts, fc.integer(), (given, seed) => {
        const bands = consistencyBands(given, binOf, seed);
        expect([...bands.keys()]).toEqual(
          [...new Set(given.map(({ probability }) => binOf(probability)))].toSorted((a, b) => a - b),
        );
        for (const { low, high } of bands.values()) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(high);
        }
        expect(consistencyBands(given, binOf, seed)).toEqual(bands);
      }),
      { numRuns: 10 },
    );
  });
});

describe("the risk-coverage curve", () => {
  test("is 0 as long as only right ones are covered, by hand", () => {
    const curve = riskCurve([...forecasts(10, 0.9), ...forecasts(10, 0.4, 5)]);
    const at = (coverage: number) => curve.find((point) => point.coverage === coverage)?.risk;
    expect(at(0.5)).toBe(0);
    // Fifteen covered: five of the ten less probable ones, half of them wrong.
    expect(at(0.75)).toBeCloseTo(2.5 / 15, 12);
    expect(at(1)).toBeCloseTo(5 / 20, 12);
  });
  test("ends at the share of wrong ones with their weights, whatever the scale", () => {
    fc.assert(
      fc.property(anyForecasts, fc.constantFrom(0.01, 1, 70), (given, scale) => {
        const curve = riskCurve(given.map((one) => ({ ...one, weight: one.weight * scale })));
        const sum = (some: Forecast[]): number => some.reduce((total, { weight }) => total + weight, 0);
        expect(curve).toHaveLength(20);
        expect(curve.at(-1)?.risk).toBeCloseTo(sum(given.filter(({ right }) => !right)) / sum(given), 9);
        for (const { risk } of curve) {
          expect(risk).toBeGreaterThanOrEqual(0);
          expect(risk).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
