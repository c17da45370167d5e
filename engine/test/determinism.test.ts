import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { open } from "../src/index.ts";
import { folder } from "./folder.ts";
import { conformanceFiles } from "./programs.ts";

/** Processes that keep the machine busy until the test has finished, or for two minutes if it never does. */
function burn(processes: number): void {
  const loop = "const end = performance.now() + 120_000; while (performance.now() < end);";
  for (let i = 0; i < processes; i += 1) {
    const child = spawn(process.execPath, ["-e", loop], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
  }
}

async function answer(root: string, threads: number): Promise<string> {
  const project = await open(root, { indexPath: null });
  await project.index({ threads });
  const json = await project.callGraphJson();
  await project.close();
  return createHash("sha256").update(json).digest("hex");
}

test(
  "twenty runs on one, two or more threads of a busy machine give the same bytes",
  { timeout: 600_000 },
  async () => {
    const root = folder(conformanceFiles());
    burn(2);
    const answers: string[] = [];
    for (let run = 0; run < 20; run += 1) answers.push(await answer(root, [1, 2, 4][run % 3] ?? 1));
    expect(answers).toHaveLength(20);
    expect(new Set(answers).size).toBe(1);
  },
);

test("the bytes do not depend on the order in which files were written", async () => {
  const files = Object.entries(conformanceFiles());
  const inOrder = folder(Object.fromEntries(files));
  const reversed = folder(Object.fromEntries(files.toReversed()));
  expect(await answer(reversed, 2)).toBe(await answer(inOrder, 2));
});
