/** The fast suite of this repository: every case of drift-bench.json is there, right, and says samples. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { readBenchConfig } from "../../src/gate/config.ts";
import { caseEnvironment } from "../../src/gate/gate.ts";
import { runCase } from "../../src/runners/runner.ts";
import { temporaryFolder } from "../fixtures.ts";
import { ROOT } from "../e2e/lab.ts";

const { cases } = readBenchConfig(ROOT);

describe("the fast suite", () => {
  test("has twenty cases of four kinds", () => {
    expect(cases).toHaveLength(20);
    const kinds = new Set(cases.map(({ id }) => id.split("/")[0]));
    expect(kinds).toEqual(new Set(["cibench", "corpora", "engine", "harness"]));
  });

  test.each(cases.map((one) => [one.id, one] as const))("%s", async (id, one) => {
    const place = { folder: ROOT, env: caseEnvironment(process.env, {}), scratch: temporaryFolder() };
    const [reading, ...others] = await runCase(one, place);
    expect(others).toEqual([]);
    expect(reading).toMatchObject({ caseId: id, metric: "time", unit: "ns" });
    expect(reading?.value.samples.length).toBeGreaterThanOrEqual(5);
    expect(reading?.value.value).toBeGreaterThan(1000);
  });

  test("with planted work takes longer, and leaves nothing behind", async () => {
    const one = cases.find(({ id }) => id === "harness/interval") as (typeof cases)[number];
    const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("drift-fast-"));
    const before = leftovers();
    const run = async (env: Record<string, string>) =>
      (await runCase(one, { folder: ROOT, env: caseEnvironment(process.env, env), scratch: temporaryFolder() }))[0]
        ?.value.value ?? 0;
    const [plain, planted] = [await run({}), await run({ DRIFT_BENCH_PLANT: "spin:20000000" })];
    expect(planted).toBeGreaterThan(20e6);
    expect(plain).toBeLessThan(planted);
    expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
  });
});
