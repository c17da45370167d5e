/** How pairs are taken, on a machine that is made up: its clock is virtual, so a budget takes no time. */
import { DriftError } from "@drift/engine";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { decideGate, overallVerdict } from "../../src/gate/decide.ts";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { type Group, measurePairs } from "../../src/gate/measure.ts";
import type { GateSettings, Metric } from "../../src/gate/schema.ts";
import { normal } from "../../src/prove/noise.ts";
import type { Reading } from "../../src/runners/reading.ts";

interface MadeUp extends Group {
  /** ms that a process takes. */
  costMs?: number;
  sd?: number;
  /** Head over base. */
  ratio?: number;
  direction?: "lower" | "higher";
  metric?: Metric;
  /** Which side fails, from which call on. */
  fails?: { side: "base" | "head"; from: number };
  says?: (side: "base" | "head") => Reading[];
}

function session(groups: readonly MadeUp[], given: Partial<GateSettings> = {}) {
  const settings = { ...GATE_DEFAULTS, ...given };
  const random = xoroshiro128plus(11);
  const order: string[] = [];
  let now = 0;
  let calls = 0;
  const run = async ({ id }: Group, side: "base" | "head"): Promise<Reading[]> => {
    const group = groups.find((one) => one.id === id) as MadeUp;
    const { costMs = 100, sd = 0.01, ratio = 1, direction = "lower", metric = "time", fails, says } = group;
    now += costMs;
    order.push(`${id} ${side}`);
    if (fails?.side === side && ++calls >= fails.from) throw new DriftError("PROCESS_FAILED", "it broke");
    if (says !== undefined) return says(side);
    const value = 1000 * (side === "head" ? ratio : 1) * Math.exp(sd * normal(random));
    return [reading(id, value, { direction, metric })];
  };
  const measured = measurePairs({ groups, run, settings, noise: new Map(), clock: () => now });
  return measured.then((all) => ({
    ...all,
    order,
    settings,
    now,
    cases: decideGate(all.samples, settings, new Map()),
  }));
}

function reading(caseId: string, value: number, of: Partial<Reading> = {}): Reading {
  return {
    ...{ caseId, metric: "time", unit: "ns", direction: "lower" },
    value: { value, samples: [], warmupCapped: false },
    ...of,
  };
}

const quiet = (count: number): MadeUp[] => Array.from({ length: count }, (_, i) => ({ id: `quiet-${i}` }));

describe("a session", () => {
  test("screens everything, confirms only suspects on fresh pairs, and is red for the slow one", async () => {
    const { cases, samples } = await session([...quiet(5), { id: "slow", ratio: 1.1 }]);
    expect(overallVerdict(cases)).toBe("regressed");
    expect(cases[0]).toMatchObject({
      caseId: "slow",
      verdict: "regressed",
      screenPairs: 12,
      confirmPairs: 20,
      reason: null,
    });
    expect(cases.slice(1).map(({ verdict, confirmPairs }) => [verdict, confirmPairs])).toEqual(
      Array.from({ length: 5 }, () => ["unchanged", 0]),
    );
    const slow = samples.find(({ caseId }) => caseId === "slow");
    expect(slow?.pairs.filter(({ stage }) => stage === "confirm")).toHaveLength(20);
    expect(new Set(slow?.pairs.map(({ round }) => round)).size).toBe(32);
  });

  test("runs base and head of a case back to back, tosses for the first, and mixes the cases", async () => {
    const { order, samples } = await session(quiet(6));
    for (let i = 0; i < order.length; i += 2) {
      const [first, second] = [order[i] as string, order[i + 1] as string];
      expect(first.split(" ")[0]).toBe(second.split(" ")[0]);
      expect(first).not.toBe(second);
    }
    const heads = samples.flatMap(({ pairs }) => pairs.filter(({ headFirst }) => headFirst)).length;
    expect(heads).toBeGreaterThan(20);
    expect(heads).toBeLessThan(52);
    const rounds = Array.from({ length: 12 }, (_, round) =>
      order
        .slice(12 * round, 12 * (round + 1))
        .map((one) => one.split(" ")[0])
        .join(),
    );
    expect(new Set(rounds).size).toBeGreaterThan(6);
  });

  test("of rates and of improvements has its own words", async () => {
    const { cases } = await session([
      { id: "rate", ratio: 0.8, direction: "higher", metric: "rate" },
      { id: "faster", ratio: 0.8 },
    ]);
    expect(cases.map(({ caseId, verdict }) => [caseId, verdict])).toEqual([
      ["rate", "regressed"],
      ["faster", "improved"],
    ]);
    expect(cases[0]?.ratio).toBeCloseTo(0.8, 1);
  });

  test("takes more pairs where intervals are wide, whichever way they lie", async () => {
    const { cases } = await session([
      ...quiet(2),
      { id: "noisy", sd: 0.04 },
      { id: "noisy and slow", sd: 0.04, ratio: 1.2 },
    ]);
    const pairs = Object.fromEntries(cases.map(({ caseId, screenPairs }) => [caseId, screenPairs]));
    expect(pairs["quiet-0"]).toBe(12);
    expect(pairs["noisy"]).toBeGreaterThan(12);
    expect(pairs["noisy and slow"]).toBeGreaterThan(12);
    const slow = cases.find(({ caseId }) => caseId === "noisy and slow");
    expect(slow?.verdict).toBe("regressed");
    expect(slow?.confirmPairs).toBeGreaterThan(20);
  });

  test.each([20_000, 60_000, 200_000])("keeps a budget of %d ms", async (budgetMs) => {
    const noisy = Array.from({ length: 8 }, (_, i): MadeUp => ({
      id: `n-${i}`,
      sd: 0.1,
      ratio: i % 2 === 0 ? 1.5 : 1,
    }));
    const { measuredMs, cases } = await session(noisy, { budgetMs });
    expect(measuredMs).toBeLessThanOrEqual(1.1 * budgetMs);
    expect(measuredMs).toBeGreaterThan(0.4 * budgetMs);
    expect(cases.every(({ screenPairs }) => screenPairs >= 5)).toBe(true);
  });

  test("too short to confirm says so, and is not red", async () => {
    const { cases } = await session([{ id: "slow", ratio: 2 }, ...quiet(3)], { budgetMs: 5000 });
    expect(cases[0]).toMatchObject({
      verdict: "inconclusive",
      reason: "suspected, but the budget ended before it could be confirmed",
    });
    const { samples } = await session(quiet(2), { budgetMs: 1 });
    expect(samples.every(({ pairs }) => pairs.length <= 1)).toBe(true);
  });

  test("leaves out a case that fails, also late, and names it", async () => {
    const { samples, notCompared } = await session([...quiet(2), { id: "broken", fails: { side: "head", from: 4 } }]);
    expect(notCompared).toEqual([{ caseId: "broken", state: "failed", reason: "head: it broke" }]);
    expect(samples.map(({ caseId }) => caseId)).toEqual(["quiet-0", "quiet-1"]);
  });

  test("names what only one side says, what not every process says, and values without a ratio", async () => {
    const both = reading("both", 5);
    const one = await session([{ id: "a", says: (side) => [both, reading(side === "base" ? "old" : "new", 5)] }]);
    expect(one.notCompared).toEqual([
      { caseId: "old", state: "removed", reason: "only the base has it" },
      { caseId: "new", state: "new", reason: "only the head has it" },
    ]);
    expect(one.samples.map(({ caseId }) => caseId)).toEqual(["both"]);
    let calls = 0;
    const sometimes = await session([{ id: "b", says: () => [both, ...(++calls > 4 ? [reading("late", 5)] : [])] }]);
    expect(sometimes.notCompared[0]).toMatchObject({ caseId: "b", state: "failed" });
    const zero = await session([{ id: "c", says: () => [reading("zero", 0)] }]);
    expect(zero.notCompared[0]?.reason).toContain("a value of 0 has no ratio");
  });
});

describe("counts", () => {
  const counted = (base: readonly number[], head: readonly number[]): MadeUp => {
    const at = { base: 0, head: 0 };
    const values = { base, head };
    return {
      id: "count",
      fixedPairs: 3,
      says: (side) => [
        reading("count", values[side][at[side]++ % 3] as number, { metric: "instructions", unit: "count" }),
      ],
    };
  };

  test.each([
    ["regressed", [1000, 1000, 1000], [1010, 1010, 1010]],
    ["improved", [1000, 1000, 1000], [990, 990, 990]],
    ["unchanged", [1000, 1000, 1001], [1001, 1000, 1002]],
    ["inconclusive", [1000, 1100, 1000], [1000, 1200, 1000]],
    ["unchanged", [0, 0, 0], [0, 0, 0]],
  ] as const)("are %s without a test: %j, then %j", async (verdict, base, head) => {
    const { cases } = await session([counted(base, head)]);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ channel: "count", verdict, screenPairs: 3, confirmPairs: 0 });
  });
});
