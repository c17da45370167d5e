/** `drift-bench` as it is typed: arguments in; standard output, standard error and exit code out; `../drift-bench.test.ts` has every case. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../fixtures.ts";
import { runMain } from "./lab.ts";

const steady = [100, 101, 99, 100, 102, 98, 100, 101, 99, 100, 100.5, 99.5];

async function driftBench(command: "compare" | "changepoints", content: unknown, ...more: string[]) {
  const path = join(temporaryFolder(), "input.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  const flag = command === "compare" ? "--pairs" : "--in";
  return runMain(["drift-bench", command, flag, path, ...more]);
}

describe("drift-bench compare", () => {
  test("ends with 1 and names the slower case first", async () => {
    const cases = [
      { id: "same", base: steady, head: steady.toReversed() },
      { id: "slow", base: steady, head: steady.map((value, i) => value * 1.2 + i / 100) },
    ];
    const { code, stdout } = await driftBench("compare", { cases }, "--json");
    const report = JSON.parse(stdout) as { verdict: string; cases: { id: string; verdict: string }[] };
    expect([code, report.verdict]).toEqual([1, "regressed"]);
    expect(report.cases.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(["slow regressed", "same unchanged"]);
    expect((await driftBench("compare", { cases })).stdout).toContain("regressed: worse by more than 2 %");
  });

  test("of what did not change ends with 0", async () => {
    const cases = [{ id: "same", base: steady, head: steady }];
    expect(await driftBench("compare", { cases })).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["unequal lengths", { cases: [{ id: "short", base: [1, 2], head: [1] }] }, 2, 'case "short": 2 values of base'],
    ["nothing", { cases: [] }, 3, "holds no case"],
  ])("%s: one sentence and no result", async (_, content, expected, said) => {
    const { code, stdout, stderr } = await driftBench("compare", content);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(said);
  });

  test("a file that is not there, and a margin that is none", async () => {
    expect((await runMain(["drift-bench", "compare", "--pairs", "/nonexistent.json"])).code).toBe(3);
    expect((await driftBench("compare", { cases: [] }, "--margin", "2")).code).toBe(2);
    expect((await runMain(["drift-bench", "compare"])).code).toBe(2);
  });
});

describe("drift-bench changepoints", () => {
  test("gives the first value after the change, its p and its effect", async () => {
    const values = [...steady, ...steady.map((value) => value * 1.5)];
    const { code, stdout } = await driftBench("changepoints", { values }, "--json");
    const { changePoints } = JSON.parse(stdout) as { changePoints: { index: number; p: number; effect: number }[] };
    expect([code, changePoints.length, changePoints[0]?.index]).toEqual([0, 1, steady.length]);
    expect(changePoints[0]?.effect).toBeCloseTo(0.5, 6);
    expect(changePoints[0]?.p).toBeLessThan(0.005);
    expect((await driftBench("changepoints", values)).stdout).toContain("+50.0 %");
    expect((await driftBench("changepoints", steady)).stdout).toBe("no change of level in 12 values\n");
  });

  test("of what is no number: one sentence and no result", async () => {
    const { code, stdout, stderr } = await driftBench("changepoints", [1, null]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("value 1 is not a finite number");
  });

  test.each([["compare"], ["changepoints"]])("%s explains itself", async (command) => {
    const { code, stdout } = await runMain(["drift-bench", command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: npm run drift-bench -- ${command} `);
    expect(stdout).toContain("Exit code:");
  });
});
