import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { describe, expect, test } from "vitest";
import { COMPARE_DEFAULTS, compareCases, PairedCase } from "../../src/gate/compare.ts";

/** Pairs about 100 whose log ratio has the standard deviation `sd` about `log(ratio)`. */
function pairs(of: {
  id?: string;
  n: number;
  ratio: number;
  sd: number;
  seed: number;
  direction?: "higher";
}): PairedCase {
  const random = xoroshiro128plus(of.seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  const base = Array.from({ length: of.n }, () => 100 * Math.exp(0.1 * normal()));
  const head = base.map((value) => value * of.ratio * Math.exp(of.sd * normal()));
  return { id: of.id ?? "case", direction: of.direction ?? "lower", base, head };
}

const one = (of: Parameters<typeof pairs>[0]) => compareCases([pairs(of)], COMPARE_DEFAULTS)[0];

describe("a comparison", () => {
  test("tells slower, faster, the same and cannot tell", () => {
    expect(one({ n: 20, ratio: 1.1, sd: 0.02, seed: 1 })).toMatchObject({ verdict: "regressed", reason: null });
    expect(one({ n: 20, ratio: 0.9, sd: 0.02, seed: 1 })).toMatchObject({ verdict: "improved", reason: null });
    expect(one({ n: 20, ratio: 1, sd: 0.01, seed: 1 })).toMatchObject({ verdict: "unchanged", reason: null });
    expect(one({ n: 20, ratio: 1, sd: 0.2, seed: 1 })).toMatchObject({ verdict: "inconclusive" });
  });

  test("of rates has the verdicts the other way round, and the ratio in the case's own unit", () => {
    const slower = one({ n: 20, ratio: 0.9, sd: 0.01, seed: 1, direction: "higher" });
    expect(slower?.verdict).toBe("regressed");
    expect(slower?.ratio).toBeCloseTo(0.9, 1);
    expect(slower?.interval?.low).toBeLessThan(slower?.interval?.high ?? 0);
    expect(one({ n: 20, ratio: 1.1, sd: 0.01, seed: 1, direction: "higher" })?.verdict).toBe("improved");
  });

  test("needs five pairs, and a worsening beyond the margin", () => {
    expect(one({ n: 4, ratio: 2, sd: 0.01, seed: 1 })).toMatchObject({
      verdict: "inconclusive",
      reason: "4 of at least 5 pairs",
      smallestDetectableEffect: null,
    });
    expect(one({ n: 0, ratio: 2, sd: 0.01, seed: 1 })).toMatchObject({ verdict: "inconclusive", ratio: null });
    expect(one({ n: 20, ratio: 1.01, sd: 0.002, seed: 1 })?.verdict).toBe("unchanged");
  });

  test("corrects for the number of cases", () => {
    const noise = Array.from({ length: 40 }, (_, i) => pairs({ id: `n${i}`, n: 8, ratio: 1, sd: 0.01, seed: 50 + i }));
    const slow = pairs({ id: "slow", n: 8, ratio: 1.06, sd: 0.01, seed: 1 });
    expect(compareCases([slow], COMPARE_DEFAULTS)[0]?.verdict).toBe("regressed");
    const among = compareCases([slow, ...noise], COMPARE_DEFAULTS);
    expect(among[0]?.adjustedP).toBeGreaterThan(COMPARE_DEFAULTS.q);
    // Eight pairs can't reach .05 / 41 whatever they show, and the comparison says so.
    expect(among[0]?.smallestDetectableEffect).toBeNull();
  });

  test("predicts what it finds in nine of ten comparisons", { timeout: 120_000 }, () => {
    const measured = pairs({ n: 20, ratio: 1, sd: 0.03, seed: 4 });
    const effect = compareCases([measured], COMPARE_DEFAULTS)[0]?.smallestDetectableEffect ?? 0;
    expect(effect).toBeGreaterThan(0.02);
    const found = Array.from({ length: 200 }, (_, seed) =>
      one({ n: 20, ratio: 1 + effect, sd: 0.03, seed: seed + 100 }),
    );
    const share = found.filter((comparison) => comparison?.verdict === "regressed").length / found.length;
    expect(share).toBeGreaterThan(0.8);
  });

  test("of identical code is hardly ever red: 100 gates of 10 cases", { timeout: 120_000 }, () => {
    const gates = Array.from({ length: 100 }, (_, gate) =>
      Array.from({ length: 10 }, (_case, i) =>
        pairs({ id: `c${i}`, n: 12, ratio: 1, sd: 0.01 + 0.004 * i, seed: gate * 20 + i }),
      ),
    );
    const red = gates.filter((cases) =>
      compareCases(cases, COMPARE_DEFAULTS).some(({ verdict }) => verdict === "regressed"),
    );
    expect(red.length).toBeLessThanOrEqual(1);
  });

  test("is the same for the same seed", () => {
    const cases = [pairs({ n: 12, ratio: 1.03, sd: 0.02, seed: 9 })];
    expect(compareCases(cases, COMPARE_DEFAULTS)).toEqual(compareCases(cases, COMPARE_DEFAULTS));
    expect(PairedCase.parse({ id: "a", base: [1], head: [2] }).direction).toBe("lower");
  });
});
