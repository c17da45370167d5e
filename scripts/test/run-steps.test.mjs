import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runSteps } from "../checks/run-steps.mjs";
import { steps } from "../checks/steps.mjs";
import { oneFailure, onePass } from "../checks/tally.mjs";

const root = mkdtempSync(join(tmpdir(), "drift-steps-"));
afterAll(() => rmSync(root, { recursive: true }));

async function outputOf(list) {
  let stdout = "";
  let stderr = "";
  let clockMs = 0;
  const code = await runSteps(list, {
    root,
    env: {},
    force: false,
    print: (line) => (stdout += `${line}\n`),
    printError: (text) => (stderr += text),
    now: () => (clockMs += 750),
  });
  return { code, stdout, stderr };
}

const step = (name, tally, said = "") => ({
  name,
  async run({ onText }) {
    onText(said);
    if (tally instanceof Error) throw tally;
    return tally;
  },
});

test("a green run ends with the sum as its very last line", async () => {
  const { code, stdout, stderr } = await outputOf([
    step("a", onePass(), "noise"),
    step("b", { ...onePass(), passed: 41 }),
  ]);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("42 passed, 0 failed");
  expect(stdout).toMatch(/^ok {4}a .* 0\.8 s$/m);
  expect(stdout + stderr).not.toContain("noise");
});

test("what follows a failed step runs all the same, and its output is shown", async () => {
  const { code, stdout, stderr } = await outputOf([
    step("a", oneFailure("a: broken"), "why it broke"),
    step("b", onePass()),
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain("Failed:\n  a: broken\n");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 passed, 1 failed");
  expect(stderr).toBe("why it broke\n");
  expect(readFileSync(join(root, ".turbo", "logs", "a.log"), "utf8")).toBe("why it broke");
});

test("a step that throws counts as failed", async () => {
  const { code, stdout } = await outputOf([step("a", new Error("a bug")), step("b", onePass())]);
  expect(code).toBe(1);
  expect(stdout).toContain("a bug");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 passed, 1 failed");
});

test("no two steps share a name", () => {
  expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
});
