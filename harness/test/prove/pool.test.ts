import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../src/environment.ts";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { calibratePlant, PLANT_KINDS, plantOf } from "../../src/prove/plant.ts";
import { fillPool, poolDifferences, type PoolHeader, poolName, readPool } from "../../src/prove/pool.ts";
import { formConditions } from "../../src/prove/prove.ts";
import { MACHINE, temporaryFolder } from "../fixtures.ts";

const header: PoolHeader = {
  schemaVersion: 1,
  condition: "idle",
  independentBuilds: false,
  planted: null,
  seed: 1,
  environment: fingerprint(MACHINE),
  commit: null,
};

/** A case that costs 100, on the head more by what is planted; calls are counted. */
function fill(folder: string, pairs: number, of: Partial<PoolHeader> = {}, stopAt = Infinity) {
  const share = of.planted?.share ?? 0;
  let calls = 0;
  return fillPool({
    folder,
    header: { ...header, ...of },
    pairs,
    caseIds: ["a", "b"],
    run: async (caseId, side) => {
      if (++calls > stopAt) throw new Error("killed");
      const value = (100 + (calls % 3)) * (side === "head" ? 1 + share : 1);
      return [
        { caseId, metric: "time", unit: "ns", direction: "lower", value: { value, samples: [], warmupCapped: false } },
      ];
    },
    onRound: async () => undefined,
  });
}

describe("a pool", () => {
  test("goes on where it was stopped, without half a round", async () => {
    const folder = temporaryFolder();
    await expect(fill(folder, 30, {}, 10)).rejects.toThrow("killed");
    const file = join(folder, "idle-same.jsonl");
    appendFileSync(file, '{"round":2,"ca');
    const before = readPool(file);
    expect(before?.rows.map(({ round }) => round)).toEqual([0, 0, 1, 1]);
    expect(await fill(folder, 5)).toBe(5);
    expect(readPool(file)?.rows).toHaveLength(10);
    expect(await fill(folder, 3)).toBe(5);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(12);
  });

  test("is of one machine, and a damaged one is named with its line", async () => {
    const folder = temporaryFolder();
    await fill(folder, 1);
    const other = fingerprint({ ...MACHINE, cores: 64 });
    await expect(fill(folder, 2, { environment: other })).rejects.toThrow("measured on another machine");
    const file = join(folder, "idle-same.jsonl");
    writeFileSync(file, `${readFileSync(file, "utf8")}{}\n`);
    expect(() => readPool(file)).toThrow("idle-same.jsonl:4");
    expect(readPool(join(folder, "none.jsonl"))).toBeUndefined();
  });

  test("is named after what it is", () => {
    expect(poolName({ ...header, condition: "loaded", independentBuilds: true })).toBe("loaded-builds");
    expect(poolName({ ...header, planted: { kind: "spin", share: 0.05 } })).toBe("idle-spin-5");
  });

  test("of identical code and the ones with planted work beside it become gates", async () => {
    const folder = temporaryFolder();
    await fill(folder, 40);
    await fill(folder, 40, { planted: { kind: "allocate", share: 0.2 } });
    const [formed, ...others] = formConditions(folder, 20, GATE_DEFAULTS);
    expect(others).toEqual([]);
    expect(formed).toMatchObject({ condition: "idle", rounds: 40, cases: 2, same: { gates: 20, red: 0 } });
    expect(formed?.planted[0]).toMatchObject({ kind: "allocate", share: 0.2, gates: 20, falseRed: 0 });
    expect(formed?.planted[0]?.found.count).toBe(formed?.planted[0]?.found.n);
    expect(formConditions(join(folder, "none"), 5, GATE_DEFAULTS)).toEqual([]);
    const differences = poolDifferences(readPool(join(folder, "idle-allocate-20.jsonl")) as never);
    expect(differences.get("a time")).toHaveLength(40);
  });
});

describe("planted work", () => {
  test.each(PLANT_KINDS)("by %s is calibrated, and comes behind the operation", async (kind) => {
    const text = calibratePlant(kind, 200_000, () => process.hrtime.bigint());
    const plant = plantOf(text);
    expect(plant).toMatchObject({ kind });
    expect(plant?.amount).toBeGreaterThan(1);
    expect(plant?.after(() => 7)()).toBe(7);
    expect(await plant?.after(async () => 8)()).toBe(8);
  });

  test("is none unless it is asked for in its form", () => {
    expect([plantOf(undefined), plantOf(null), plantOf("spin"), plantOf("burn:5")]).toEqual([null, null, null, null]);
  });
});
