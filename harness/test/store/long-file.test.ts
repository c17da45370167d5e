import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  addFuzzRun,
  FuzzRecord,
  type FuzzRun,
  fuzzStanding,
  readLongFile,
  writeLongFile,
} from "../../src/store/long-file.ts";

const EMPTY: FuzzRecord = { schemaVersion: 1, runs: [] };

function run(first: number, more: Partial<FuzzRun> = {}): FuzzRun {
  return {
    target: "solver",
    engine: "1+a",
    seed: 1,
    first,
    next: first + 10,
    executions: 10,
    cpuMs: 60,
    findings: [],
    ...more,
  };
}

test("work that goes on with the same engine becomes one row; another engine begins one", () => {
  const { runs } = [run(0), run(10), run(0, { target: "front-end" }), run(20), run(30, { engine: "1+b" })].reduce(
    addFuzzRun,
    EMPTY,
  );
  expect(runs.map(({ target, engine, first, next, cpuMs }) => [target, engine, first, next, cpuMs])).toEqual([
    ["solver", "1+a", 0, 30, 180],
    ["front-end", "1+a", 0, 10, 60],
    ["solver", "1+b", 30, 40, 60],
  ]);
});

test("only what came since the last finding counts as clean, and of that the newest engine's is told apart", () => {
  const record = [run(0, { findings: ["x.json"] }), run(10, { engine: "1+b" }), run(20, { engine: "1+c" })].reduce(
    addFuzzRun,
    EMPTY,
  );
  expect(fuzzStanding(record, "solver")).toEqual({
    target: "solver",
    executions: 30,
    cpuMs: 180,
    cleanCpuMs: 120,
    cleanOfNewestMs: 60,
    newestEngine: "1+c",
    findings: 1,
    next: 30,
  });
  const mended = [run(30, { engine: "1+c", findings: ["y.json"] }), run(40, { engine: "1+c" })].reduce(
    addFuzzRun,
    record,
  );
  expect(fuzzStanding(mended, "solver")).toMatchObject({ cleanCpuMs: 60, findings: 2, next: 50 });
  expect(fuzzStanding(record, "front-end")).toMatchObject({ executions: 0, newestEngine: null, next: 0 });
});

test("a file is absent, read back as written, or refused with the next step", () => {
  const folder = mkdtempSync(join(tmpdir(), "drift-long-"));
  try {
    expect(readLongFile(folder, "fuzz", FuzzRecord)).toBeUndefined();
    const record = addFuzzRun(EMPTY, run(0));
    writeLongFile(folder, "fuzz", record);
    expect(readLongFile(folder, "fuzz", FuzzRecord)).toEqual(record);
    writeFileSync(join(folder, "long", "fuzz.json"), "{");
    expect(() => readLongFile(folder, "fuzz", FuzzRecord)).toThrow("results/long/fuzz.json cannot be read");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
