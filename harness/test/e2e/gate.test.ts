/** `drift-bench gate` as a program, on a repository that knows nothing of this one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GateReport } from "../../src/gate/schema.ts";
import { temporaryFolder } from "../fixtures.ts";
import { cConfig, cProgram, type TinyRepository, tinyRepository } from "../gate/tiny-repository.ts";
import { ROOT } from "./lab.ts";

async function gate(repository: TinyRepository, ...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, "harness/src/main.ts"), "drift-bench", "gate", ...args], {
    cwd: repository.root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

describe("drift-bench gate on a foreign repository", () => {
  test("is red for a program that does a third more, and names it", { timeout: 300_000 }, async () => {
    const repository = tinyRepository({ "work.c": cProgram(400_000), "drift-bench.json": cConfig });
    repository.commit({ "work.c": cProgram(540_000) });
    const cache = ["--cache", temporaryFolder()];
    const slow = await gate(repository, ...cache, "--base", "HEAD~1", "--head", "HEAD", "--seed", "3", "--json");
    const report = GateReport.parse(JSON.parse(slow.stdout));
    expect([slow.code, report.verdict]).toEqual([1, "regressed"]);
    expect(report.cases).toHaveLength(1);
    expect(report.cases[0]).toMatchObject({ caseId: "c/sum", verdict: "regressed", metric: "time", unit: "ns" });
    expect(report.cases[0]?.ratio).toBeGreaterThan(1.15);
    const coins = report.samples[0]?.pairs.map(({ headFirst }) => headFirst);
    expect(new Set(coins)).toEqual(new Set([true, false]));

    const same = await gate(repository, ...cache, "--base", "HEAD", "--head", "HEAD", "--seed", "3");
    expect(same.code).toBe(0);
    expect(same.stdout).not.toContain("regressed │");
    expect(same.stdout).toContain("again: npm run --silent drift-bench -- gate --base HEAD --head HEAD --seed 3");
  });

  test("says which ref, which configuration, which build is wrong", { timeout: 120_000 }, async () => {
    const repository = tinyRepository({ "work.c": "no program", "drift-bench.json": cConfig });
    const cache = ["--cache", temporaryFolder()];
    const unknown = await gate(repository, ...cache, "--base", "nowhere", "--head", "HEAD");
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('git knows no commit "nowhere"')]);
    const broken = await gate(repository, ...cache, "--base", "HEAD", "--head", "HEAD");
    expect([broken.code, broken.stdout]).toEqual([3, ""]);
    expect(broken.stderr).toContain("work.c");
    repository.commit({ "drift-bench.json": '{"cases": [{"id": "a"}]}' });
    const wrong = await gate(repository, ...cache, "--base", "HEAD", "--head", "HEAD");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('case "a": command: ')]);
    const neither = await gate(repository, ...cache, "--base", "HEAD");
    expect(neither.code).toBe(2);
  });

  test("that measures nothing does not pass", { timeout: 120_000 }, async () => {
    const failing = JSON.stringify({ cases: [{ id: "none", command: ["sh", "-c", "echo it broke >&2; exit 5"] }] });
    const repository = tinyRepository({ "drift-bench.json": failing });
    const { code, stderr } = await gate(repository, "--cache", temporaryFolder(), "--base", "HEAD", "--head", "HEAD");
    expect(code).toBe(3);
    expect(stderr).toContain("ended with 5: it broke");
  });
});
