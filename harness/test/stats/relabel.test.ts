import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { type Cluster, relabel } from "../../src/stats/relabel.ts";

const { vectors } = JSON.parse(readFileSync(join(import.meta.dirname, "relabel-vectors.json"), "utf8")) as {
  vectors: { base: number[]; head: number[]; margin: number; p: number }[];
};

const values = fc.array(
  fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
  { minLength: 3, maxLength: 3 },
);
const clusters = fc.array(fc.record({ base: values, head: values }), { minLength: 1, maxLength: 2 });

describe("relabelled runs", () => {
  test("give SciPy's exact p, with a margin too", () => {
    expect(vectors.length).toBeGreaterThan(10);
    for (const { base, head, margin, p } of vectors) expect(relabel([{ base, head }], 1).p(margin)).toBeCloseTo(p, 12);
  });

  test("cannot say more than 1 in 20 with three runs of one cluster, and 1 in 400 with two clusters", () => {
    const apart: Cluster = { base: [0.1, 0.11, 0.12], head: [0.5, 0.52, 0.51] };
    const one = relabel([apart], 1);
    expect([one.p(0), one.lowerBound(0.04)]).toEqual([1 / 20, null]);
    expect(one.lowerBound(0.05)).toBeCloseTo(0.38, 10);
    expect(relabel([apart, apart], 1).p(0)).toBe(1 / 400);
  });

  test("reject exactly the margins below their bound", () => {
    fc.assert(
      fc.property(clusters, fc.constantFrom(0.05, 0.1, 0.25), (drawn, alpha) => {
        const found = relabel(drawn, 1);
        const bound = found.lowerBound(alpha);
        // Without a bound not even the most extreme margin is rejected.
        const [below, at] = [found.p((bound ?? -10) - 1e-6), found.p(bound ?? -10)];
        expect([bound === null || below <= alpha, at > alpha]).toEqual([true, true]);
        expect(bound ?? -Infinity).toBeLessThanOrEqual(found.difference + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test("of the same thing are called worse no more often than promised", () => {
    const random = xoroshiro128plus(7);
    let wrong = 0;
    for (let trial = 0; trial < 400; trial++) {
      // Each cluster has a level of its own, as corpora have.
      const drawn = Array.from({ length: 2 }, (_, i): Cluster => {
        const side = (): number[] => Array.from({ length: 3 }, () => i + 0.1 * uniformFloat64(random) ** 3);
        return { base: side(), head: side() };
      });
      if (relabel(drawn, trial).p(0) <= 0.05) wrong++;
    }
    // 20 are expected; past 36 lies less than 1 in 1,000 of what chance gives, and the seed is fixed.
    expect(wrong).toBeLessThanOrEqual(36);
    expect(wrong).toBeGreaterThan(5);
  });

  test("are drawn where there are too many to look at all, near to what all would give", () => {
    const random = xoroshiro128plus(3);
    const side = (level: number): number[] => Array.from({ length: 8 }, () => level + 0.1 * uniformFloat64(random));
    const large = [
      { base: side(0.5), head: side(0.52) },
      { base: side(0.7), head: side(0.71) },
    ];
    const [one, other] = [relabel(large, 1).p(0), relabel(large, 2).p(0)];
    expect(Math.abs(one - other)).toBeLessThan(0.02);
    expect(relabel(large, 1).p(0)).toBe(one);
  });
});
