import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCriterion } from "../../src/runners/criterion.ts";
import { temporaryFolder } from "../fixtures.ts";

test("samples are time per iteration, in the order taken, under the case's own id", () => {
  const folder = temporaryFolder();
  writeCase(folder, "parse/Small file", { sampling_mode: "Linear", iters: [1, 2, 4], times: [10, 22, 36] });
  writeCase(folder, "scan", { sampling_mode: "Flat", iters: [2, 2], times: [8, 10] });
  expect(readCriterion(folder)).toEqual([
    {
      caseId: "stages/parse/small-file",
      tool: "drift",
      runner: "criterion",
      metric: "wall",
      unit: "ns",
      samples: [10, 11, 9],
    },
    { caseId: "stages/scan", tool: "drift", runner: "criterion", metric: "wall", unit: "ns", samples: [4, 5] },
  ]);
});

test.each([
  ["of different lengths", { iters: [1, 2], times: [1] }],
  ["without iterations", { iters: [], times: [] }],
  ["with no iteration in a sample", { iters: [0], times: [1] }],
  ["of another form", { values: [1] }],
])("samples %s are refused", (_, sample) => {
  const folder = temporaryFolder();
  writeCase(folder, "scan", sample);
  expect(() => readCriterion(folder)).toThrow(expect.objectContaining({ code: "BENCH_FAILED" }));
});

test("no folder is no measurement", () => {
  expect(readCriterion(join(temporaryFolder(), "missing"))).toEqual([]);
});

function writeCase(folder: string, fullId: string, sample: object): void {
  const target = join(folder, fullId, "new");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "sample.json"), JSON.stringify(sample));
  writeFileSync(join(target, "benchmark.json"), JSON.stringify({ group_id: fullId, full_id: fullId }));
}
