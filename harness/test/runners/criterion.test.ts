import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readCriterion, runCriterion } from "../../src/runners/criterion.ts";
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

describe.skipIf(process.platform === "win32")("runCriterion", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("reads what this run of cargo wrote, built with the profile of the addon", async () => {
    const root = cargo(`
      echo "$*" > args.txt
      mkdir -p "$CRITERION_HOME/scan/new"
      echo '{"iters":[1,2],"times":[3,8]}' > "$CRITERION_HOME/scan/new/sample.json"
      echo '{"full_id":"scan"}' > "$CRITERION_HOME/scan/new/benchmark.json"
    `);
    const measurements = await runCriterion({ root, mode: "quick", scratch: temporaryFolder(), timeoutMs: 60_000 });
    expect(measurements).toMatchObject([{ caseId: "stages/scan", samples: [3, 4] }]);
    expect(readFileSync(join(root, "args.txt"), "utf8")).toMatch(
      /^bench .*-p drift-bench --profile ci .*--sample-size 10/,
    );
  });

  test.each([
    ["echo building >&2; echo 'error: no such crate' >&2; exit 101", "cargo bench: error: no such crate"],
    ["exit 1", "cargo bench: it failed without a word"],
  ])("a cargo that fails is told: %s", async (script, message) => {
    const options = { root: cargo(script), mode: "full", scratch: temporaryFolder(), timeoutMs: 60_000 } as const;
    await expect(runCriterion(options)).rejects.toMatchObject({ code: "BENCH_FAILED", message });
  });

  test("a cargo that takes too long is stopped", async () => {
    const options = {
      root: cargo("exec sleep 600"),
      mode: "quick",
      scratch: temporaryFolder(),
      timeoutMs: 200,
    } as const;
    await expect(runCriterion(options)).rejects.toMatchObject({ message: "cargo bench: not done within 0.2 s" });
  });
});

/** A folder in which `cargo` is this shell script. */
function cargo(script: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cargo"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "cargo"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
  return folder;
}

function writeCase(folder: string, fullId: string, sample: object): void {
  const target = join(folder, fullId, "new");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "sample.json"), JSON.stringify(sample));
  writeFileSync(join(target, "benchmark.json"), JSON.stringify({ group_id: fullId, full_id: fullId }));
}
