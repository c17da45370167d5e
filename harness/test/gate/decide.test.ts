import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { caseMargin, decideGate } from "../../src/gate/decide.ts";
import { detectableEffect, detectionPower, pairsWanted } from "../../src/gate/detectable.ts";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import {
  addRun,
  quarantineReason,
  readNoiseProfile,
  seriesName,
  type SeriesNoise,
  writeNoiseProfile,
} from "../../src/gate/noise-profile.ts";
import { CaseVerdict, type Pair, type PairedSamples } from "../../src/gate/schema.ts";
import { normal } from "../../src/prove/noise.ts";
import { clopperPearson } from "@drift/corpora/clopper-pearson";
import { temporaryFolder } from "../fixtures.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

function differences(n: number, sd: number, seed = 1): number[] {
  const random = xoroshiro128plus(seed);
  return Array.from({ length: n }, () => sd * normal(random));
}

const value = (of: number) => ({ value: of, samples: [], warmupCapped: false });

/** 12 screening and 20 confirming pairs of a case whose head is `ratio` times the base. */
function samplesOf(ratio: number, sd = 0.01, pairs = { screen: 12, confirm: 20 }): PairedSamples {
  const all = differences(pairs.screen + pairs.confirm, sd, 5);
  return {
    ...{ caseId: "case", metric: "time", unit: "ns", direction: "lower" },
    pairs: all.map((d, round): Pair => ({
      ...{ round, headFirst: round % 2 === 0, stage: round < pairs.screen ? "screen" : "confirm" },
      base: value(1000),
      head: value(1000 * ratio * Math.exp(d)),
    })),
  };
}

const noise = (of: Partial<SeriesNoise>): Map<string, SeriesNoise> =>
  new Map([["case time", { caseId: "case", metric: "time", differences: [], runs: [], ...of }]]);

const decideOne = (one: PairedSamples, known = new Map<string, SeriesNoise>()) =>
  decideGate([one], GATE_DEFAULTS, known)[0];

describe("what is decided of a case", () => {
  test("is a record with everything that was used", () => {
    const decided = CaseVerdict.parse(decideOne(samplesOf(1.1)));
    expect(decided).toMatchObject({
      verdict: "regressed",
      margin: 0.02,
      screenPairs: 12,
      confirmPairs: 20,
      quarantined: false,
    });
    expect(decided.interval?.low).toBeLessThan(decided.ratio as number);
    expect(decided.detectable.basis).toBe("this-run");
    expect(decideOne(samplesOf(1, 0.01, { screen: 0, confirm: 0 }))).toMatchObject({
      verdict: "inconclusive",
      ratio: null,
    });
    expect(decideOne(samplesOf(1, 0.2, { screen: 12, confirm: 0 }))?.reason).toContain(
      "can be neither shown nor ruled out",
    );
  });

  test("rests on fresh pairs where there was a suspicion", () => {
    const one = samplesOf(1.1);
    const lucky = {
      ...one,
      pairs: one.pairs.map((pair) => (pair.stage === "confirm" ? { ...pair, head: pair.base } : pair)),
    };
    expect(decideOne(lucky)).toMatchObject({ verdict: "unchanged", ratio: 1, confirmP: 1 });
  });

  test("is never red in quarantine: noisy without end, or red in too many runs of identical code", () => {
    const tooNoisy = decideOne(samplesOf(1.3), noise({ differences: differences(200, 0.5) }));
    expect(tooNoisy).toMatchObject({ verdict: "inconclusive", quarantined: true });
    expect(tooNoisy?.reason).toContain("could be seen");
    const cries = decideOne(samplesOf(1.3), noise({ runs: [true, true, false, true] }));
    expect(cries).toMatchObject({ verdict: "inconclusive", quarantined: true });
    expect(cries?.reason).toBe("quarantined: red in 3 of 4 runs of identical code");
    const released = decideOne(samplesOf(1.3), noise({ runs: [true, true, true, ...Array<boolean>(10).fill(false)] }));
    expect(released).toMatchObject({ verdict: "regressed", quarantined: false });
  });

  test("allows a case what gates of identical code were seen to estimate", () => {
    expect(caseMargin(GATE_DEFAULTS, undefined)).toBeCloseTo(Math.log(1.02), 12);
    const known = noise({ differences: differences(200, 0.1) }).get("case time");
    expect(caseMargin(GATE_DEFAULTS, known)).toBeGreaterThan(Math.log(1.02));
  });
});

describe("what could be seen", () => {
  const options = { ...GATE_DEFAULTS, family: 20, screenPairs: 12, confirmPairs: 20, margin: Math.log(1.02) };

  test("is found in about nine of ten gates, and grows with the noise", () => {
    const quiet = detectableEffect(differences(300, 0.01), "profile", options);
    const noisy = detectableEffect(differences(300, 0.03), "profile", options);
    expect(quiet.basis).toBe("profile");
    expect(quiet.effect).toBeLessThan(0.04);
    expect(noisy.effect).toBeGreaterThan(quiet.effect as number);
    expect(detectionPower(differences(300, 0.01), quiet.effect as number, options)).toBeCloseTo(0.9, 1);
    expect(detectionPower(differences(300, 0.01), 0.01, options)).toBeLessThan(0.05);
  });

  test("is nothing where so few pairs cannot reject, and a formula where there is nothing to draw from", () => {
    expect(detectableEffect(differences(300, 0.01), "profile", { ...options, confirmPairs: 8 }).effect).toBeNull();
    expect(detectionPower(differences(300, 0.01), 0.5, { ...options, confirmPairs: 8 })).toBe(0);
    expect(detectableEffect(differences(6, 0.01), "this-run", options)).toMatchObject({ basis: "formula" });
    expect(detectableEffect([0.01], "this-run", options)).toEqual({ effect: null, basis: "formula" });
  });

  test("costs pairs as the square of the noise", () => {
    const at = (sd: number): number =>
      pairsWanted(differences(60, sd), { alpha: 0.0025, margin: Math.log(1.02), target: Math.log(1.05) });
    expect(at(0.04) / at(0.02)).toBeGreaterThan(3.5);
    expect(at(0.04) / at(0.02)).toBeLessThan(4.5);
    expect(pairsWanted([1], { alpha: 0.05, margin: 0, target: 1 })).toBe(Infinity);
  });
});

describe("the noise profile", () => {
  test("keeps the newest pairs and runs, on disk too", () => {
    const folder = temporaryFolder();
    const empty = readNoiseProfile(folder, "machine");
    expect(empty.series).toEqual([]);
    const key = { caseId: "case", metric: "time" as const };
    const once = addRun(empty, [{ key, differences: differences(590, 0.01), red: false }]);
    const twice = addRun(once, [{ key, differences: [1, 2, 3, ...differences(20, 0.01)], red: true }]);
    expect(twice.series[0]?.differences).toHaveLength(600);
    expect(twice.series[0]?.runs).toEqual([false, true]);
    writeNoiseProfile(folder, twice);
    expect(readNoiseProfile(folder, "machine")).toEqual(twice);
    expect(seriesName(key)).toBe("case time");
    writeFileSync(join(folder, "noise-other.json"), "{}");
    expect(() => readNoiseProfile(folder, "other")).toThrow("is no noise profile");
  });

  test("without anything known holds nothing back", () => {
    const options = { ...GATE_DEFAULTS, family: 1, margin: 0.02 };
    expect(quarantineReason(undefined, options)).toBeNull();
    expect(quarantineReason({ caseId: "a", metric: "time", differences: [], runs: [false] }, options)).toBeNull();
  });
});

describe("Clopper and Pearson's interval", () => {
  test("has its closed form at the ends, and published values between", () => {
    expect(clopperPearson(0, 10)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 10), 9) });
    expect(clopperPearson(10, 10)).toEqual({ low: expect.closeTo(0.025 ** (1 / 10), 9), high: 1 });
    const { low, high } = clopperPearson(5, 10);
    expect([low, high]).toEqual([expect.closeTo(0.187086, 5), expect.closeTo(0.812914, 5)]);
  });
});
