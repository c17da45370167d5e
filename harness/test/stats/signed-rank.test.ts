import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { benjaminiHochberg } from "../../src/stats/false-discovery.ts";
import { clopperPearson } from "@drift/corpora/clopper-pearson";
import {
  EXACT_PAIRS,
  hodgesLehmann,
  lowerBound,
  randomizedSignedRankP,
  signedRankP,
} from "../../src/stats/signed-rank.ts";

/** Made by vectors.py from SciPy and R. */
const vectors = JSON.parse(readFileSync(path.join(import.meta.dirname, "vectors.json"), "utf8")) as {
  signedRank: { differences: number[]; p: number }[];
  hodgesLehmann: { differences: number[]; level: number; estimate: number; low: number; high: number }[];
  benjaminiHochberg: { ps: number[]; adjusted: number[] }[];
  signedRankOfMany: { differences: number[]; p: number }[];
  tiedHodgesLehmann: { differences: number[]; level: number; estimate: number; low: number; high: number }[];
  clopperPearson: { successes: number; n: number; low: number; high: number }[];
};

const differences = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 25 });

describe("the signed-rank test", () => {
  test("gives SciPy's exact p, with ties and zeros too", () => {
    expect(vectors.signedRank.length).toBeGreaterThan(40);
    for (const { differences: d, p } of vectors.signedRank) expect(signedRankP(d)).toBeCloseTo(p, 12);
  });

  test("gives SciPy's exact p of up to 50 differences", () => {
    expect(vectors.signedRankOfMany.map(({ differences: d }) => d.length)).toEqual([20, 35, 50]);
    for (const { differences: d, p } of vectors.signedRankOfMany) expect(signedRankP(d)).toBeCloseTo(p, 12);
  });

  test("made continuous lies between the p of its value and of the next larger one", () => {
    fc.assert(
      fc.property(differences, fc.double({ min: 0, max: 0.999, noNaN: true }), (d, uniform) => {
        const p = randomizedSignedRankP(d, uniform);
        expect(p).toBeLessThanOrEqual(signedRankP(d) + 1e-12);
        expect(p).toBeGreaterThanOrEqual(randomizedSignedRankP(d, 0));
      }),
    );
    expect(randomizedSignedRankP([0, 0], 0.25)).toBe(0.25);
  });

  test("of nothing but zeros has p 1, and of five rises 1/32", () => {
    expect(signedRankP([0, 0, 0])).toBe(1);
    expect(signedRankP([1, 2, 3, 4, 5])).toBe(1 / 32);
    expect(signedRankP([-1, -2, -3, -4, -5])).toBe(1);
  });

  test("does not depend on order or scale, and mirrored tails overlap in one value", () => {
    fc.assert(
      fc.property(differences, (d) => {
        const p = signedRankP(d);
        expect(signedRankP(d.toReversed().map((x) => x * 7))).toBe(p);
        expect(p + signedRankP(d.map((x) => -x))).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(p).toBeGreaterThan(0);
      }),
    );
  });

  test("is close to the exact one where the normal takes over", () => {
    const wave = Array.from({ length: EXACT_PAIRS + 1 }, (_, i) => Math.sin(i * 1.7) + 0.06);
    const exact = signedRankP(wave.slice(1));
    expect(exact).toBeGreaterThan(0.005);
    expect(Math.abs(signedRankP(wave) - exact)).toBeLessThan(0.02);
  });
});

describe("the Hodges-Lehmann interval", () => {
  test("is R's", () => {
    expect(vectors.hodgesLehmann.length).toBeGreaterThan(10);
    for (const { differences: d, level, estimate, low, high } of vectors.hodgesLehmann) {
      const found = hodgesLehmann(d, level);
      expect(found.estimate).toBeCloseTo(estimate, 12);
      expect(found.low).toBeCloseTo(low, 12);
      expect(found.high).toBeCloseTo(high, 12);
      expect(found.level).toBeGreaterThanOrEqual(level);
    }
  });

  test("under ties lies at the same ranks among the averages", () => {
    expect(vectors.tiedHodgesLehmann).toHaveLength(6);
    for (const { differences: d, level, estimate, low, high } of vectors.tiedHodgesLehmann)
      expect(hodgesLehmann(d, level)).toMatchObject({ estimate, low, high });
  });

  test("says which level it reached when there are too few differences", () => {
    expect(hodgesLehmann([1, 2, 3], 0.95)).toEqual({ estimate: 2, low: 1, high: 3, level: 0.75 });
    expect(hodgesLehmann([4], 0.95)).toEqual({ estimate: 4, low: 4, high: 4, level: 0 });
  });

  test("excludes a margin on the side where the test rejects it", () => {
    const finite = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 20 });
    fc.assert(
      fc.property(finite, fc.constantFrom(0.01, 0.05, 0.2), (d, alpha) => {
        // Below the least normal double an average of two is rounded, to 0 too: that is no rounding of the interval's.
        fc.pre(new Set(d.map(Math.abs)).size === d.length && d.every((x) => Math.abs(x) > 1e-300));
        const bound = lowerBound(d, alpha);
        expect(bound === null).toBe(2 ** -d.length > alpha);
        expect(bound !== null && bound > 0).toBe(signedRankP(d) <= alpha);
      }),
    );
  });
});

describe("Benjamini and Hochberg's step", () => {
  test("gives SciPy's adjusted p", () => {
    for (const { ps, adjusted } of vectors.benjaminiHochberg) {
      benjaminiHochberg(ps).forEach((p, i) => expect(p).toBeCloseTo(adjusted[i] as number, 12));
    }
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

describe("Clopper and Pearson's interval", () => {
  test("is SciPy's", () => {
    expect(vectors.clopperPearson.length).toBeGreaterThan(4);
    for (const { successes, n, low, high } of vectors.clopperPearson) {
      const found = clopperPearson(successes, n);
      expect(found.low).toBeCloseTo(low, 9);
      expect(found.high).toBeCloseTo(high, 9);
    }
  });
});
