import { describe, expect, test } from "vitest";
import { type Command, peakMemoryOf, runProcess } from "../../src/runners/process.ts";

const linux = process.platform === "linux";

describe("runProcess", () => {
  test("gives what the process printed and what it cost", async () => {
    const { stdout, wallNs, cpuNs } = await runProcess(
      node("let x = 0; for (let i = 0; i < 5e7; i++) x += i % 7; console.log(x > 0)"),
    );
    expect(stdout).toBe("true\n");
    expect(wallNs).toBeGreaterThan(0);
    // Only Linux tells what finished children used; elsewhere the figure is absent, not zero.
    expect(linux ? (cpuNs as number) > 0 : cpuNs === null).toBe(true);
  });

  test("a process that fails is an error with its last words", async () => {
    await expect(runProcess(node("console.error('no such folder'); process.exit(3)"))).rejects.toMatchObject({
      code: "PROCESS_FAILED",
      message: "node ended with 3: no such folder",
    });
  });

  test("a program that does not exist is named", async () => {
    await expect(runProcess({ tool: "peer", file: "/nonexistent/program", args: [], cwd: "." })).rejects.toMatchObject({
      code: "PROCESS_FAILED",
      message: "cannot start peer",
    });
  });
});

describe.runIf(linux)("peakMemoryOf", () => {
  test("sees memory that a process takes and gives back", async () => {
    const hold = (bytes: number): string =>
      `const b = Buffer.alloc(${bytes}, 1); const end = Date.now() + 300; while (Date.now() < end); if (b[0] !== 1) process.exit(1)`;
    const small = await peakMemoryOf(node(hold(1)));
    const large = await peakMemoryOf(node(hold(200 * 1024 ** 2)));
    expect((large as number) - (small as number)).toBeGreaterThan(150 * 1024 ** 2);
  });

  test("a process that fails is an error", async () => {
    await expect(peakMemoryOf(node("process.exit(1)"))).rejects.toMatchObject({ code: "PROCESS_FAILED" });
  });
});

function node(script: string): Command {
  return { tool: "node", file: process.execPath, args: ["-e", script], cwd: process.cwd() };
}
