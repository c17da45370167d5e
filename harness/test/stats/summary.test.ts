import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootstrapInterval, ratioOfMedians, summarize } from "../../src/stats/summary.ts";

const samples = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 30 });

describe("summarize", () => {
  test("gives the median, spread and range of a worked example", () => {
    expect(summarize([1, 1, 2, 2, 4, 6, 9], { seed: 1 })).toMatchObject({
      sampleCount: 7,
      median: 2,
      mad: 1,
      minimum: 1,
      maximum: 9,
    });
  });

  test("does not depend on the order of its samples", () => {
    fc.assert(
      fc.property(samples, (xs) => {
        expect(summarize(xs.toReversed(), { seed: 7 })).toEqual(summarize(xs, { seed: 7 }));
      }),
      { numRuns: 20 },
    );
  });

  test("keeps the median within its interval and the interval within the range", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 1000 }), (xs, seed) => {
        const { median, medianLow, medianHigh, minimum, maximum } = summarize(xs, { seed });
        const ordered = [minimum, medianLow ?? median, median, medianHigh ?? median, maximum];
        expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
        expect(medianLow === null).toBe(xs.length < 2);
      }),
      { numRuns: 20 },
    );
  });
});

describe("bootstrapInterval", () => {
  const values = [2, 4, 4, 5, 7, 9, 10, 12];
  const mean = (rows: Uint32Array): number => rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;

  test("repeats exactly with the same seed and differs with another", () => {
    const first = bootstrapInterval(values.length, mean, { seed: 3 });
    expect(bootstrapInterval(values.length, mean, { seed: 3 })).toEqual(first);
    expect(bootstrapInterval(values.length, mean, { seed: 4 })).not.toEqual(first);
  });

  test("comes near the normal interval of a mean", () => {
    // Mean 6.625; the bootstrap's standard error is the population deviation over the root of n: 3.199 / 2.828.
    const { low, high } = bootstrapInterval(values.length, mean, { seed: 1, resamples: 20_000 });
    expect(low).toBeCloseTo(6.625 - 1.96 * 1.131, 0);
    expect(high).toBeCloseTo(6.625 + 1.96 * 1.131, 0);
  });

  test("covers a known median in about 95 of 100 simulated series", () => {
    let covered = 0;
    for (let series = 0; series < 100; series++) {
      // An even spread with a shift per series: the true median of the source is 0.5.
      const drawn = Array.from({ length: 40 }, (_, index) =>
        fractional(Math.sin((series * 40 + index + 1) * 12.9898) * 43758.5453),
      );
      const { medianLow, medianHigh } = summarize(drawn, { seed: series });
      if ((medianLow as number) <= 0.5 && (medianHigh as number) >= 0.5) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
    expect(covered).toBeLessThanOrEqual(99);
  });
});

describe("ratioOfMedians", () => {
  test("is one, without spread, for a tool beside itself", () => {
    expect(ratioOfMedians([3, 1, 2], [3, 1, 2], { seed: 1 })).toEqual({ value: 1, low: 1, high: 1 });
  });

  test("cancels what slows both tools in one round", () => {
    const peer = [10, 50, 12, 90, 11, 70];
    const half = peer.map((value) => value / 2);
    const { value, low, high } = ratioOfMedians(half, peer, { seed: 1 });
    expect([value, low, high]).toEqual([0.5, 0.5, 0.5]);
  });

  test("has no interval for a single round", () => {
    expect(ratioOfMedians([2], [4], { seed: 1 })).toEqual({ value: 0.5, low: null, high: null });
  });
});

function fractional(value: number): number {
  return value - Math.floor(value);
}
