/** What the kernel counted of a process, beside what the process says of itself. */
import { once } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runProcess, peakMemoryOf } from "../../src/runners/process.ts";
import { runCommand } from "../../src/runners/command.ts";
import { spawnMeasured, starterOf } from "../../src/runners/usage.ts";
import { runWhole } from "../../src/runners/whole.ts";
import { temporaryFolder } from "../fixtures.ts";

const starter = starterOf();
const env = { PATH: process.env["PATH"] ?? "" };
const WORK = "let x = 0; for (let i = 0; i < 6e7; i++) x += i % 7;";
/** A process that works and then says what it used, in ns and bytes. */
const HONEST = `${WORK} const u = process.resourceUsage(); console.log(JSON.stringify({ cpuNs: 1000 * (u.userCPUTime + u.systemCPUTime), peakBytes: 1024 * u.maxRSS, faults: u.minorPageFault + u.majorPageFault, x }))`;

const run = (script: string, more: { timeoutMs?: number } = {}) =>
  runCommand({
    ...{ command: [process.execPath, "-e", script], folder: ".", env, timeoutMs: 60_000, keepOutput: true, starter },
    ...more,
  });

afterEach(() => void vi.unstubAllEnvs());

// Without Python 3 there is no starter, and what is measured then is tested below.
describe.skipIf(starter === null)("a measured process", () => {
  test("used no less than it says of itself, of each process alone", async () => {
    // Both at once: what one uses is not in the other's figures.
    const [busy, idle] = await Promise.all([run(HONEST), run("setTimeout(() => {}, 20)")]);
    const own = JSON.parse(busy.stdout) as { cpuNs: number; peakBytes: number; faults: number };
    const { usage } = busy;
    expect(usage?.peakBytes).toBeGreaterThanOrEqual(own.peakBytes);
    expect(usage?.pageFaults).toBeGreaterThanOrEqual(own.faults);
    const cpu = (usage?.userNs ?? 0) + (usage?.systemNs ?? 0);
    expect(cpu).toBeGreaterThanOrEqual(own.cpuNs);
    expect((idle.usage?.userNs ?? Infinity) + (idle.usage?.systemNs ?? 0)).toBeLessThan(own.cpuNs);
    expect(busy.wallNs).toBeGreaterThanOrEqual(usage?.wallNs ?? Infinity);
  });

  test("has its peak counted however short it was", async () => {
    const peakOf = async (bytes: number): Promise<number> =>
      (await run(`Buffer.alloc(${bytes}, 1)`)).usage?.peakBytes ?? 0;
    expect((await peakOf(200 * 1024 ** 2)) - (await peakOf(1))).toBeGreaterThan(150 * 1024 ** 2);
  });

  test("has the environment that it was given, and no other", async () => {
    const { stdout } = await run("console.log(JSON.stringify(Object.keys(process.env).sort()))");
    expect(JSON.parse(stdout)).toEqual(["PATH"]);
  });

  test("fails as it would by itself: by its code, its signal, its last words, or because it is not there", async () => {
    await expect(run("console.error('broken'); process.exit(7)")).rejects.toThrow("ended with 7: broken");
    await expect(run("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow("ended with SIGKILL");
    await expect(
      runCommand({ command: ["/no/such/program"], folder: ".", env, timeoutMs: 9_000, keepOutput: false, starter }),
    ).rejects.toThrow('"/no/such/program" cannot be started: No such file or directory');
  });

  test("is stopped with its starter", async () => {
    const program = [process.execPath, "-e", "console.log(process.pid); setInterval(() => {}, 1000)"] as const;
    const place = { cwd: ".", env, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
    const { child, stop } = spawnMeasured(starter ?? "", [...program], place);
    const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
    stop();
    await once(child, "close");
    expect(child.signalCode).toBe("SIGKILL");
    expect(() => process.kill(Number(line.toString("utf8")), 0)).toThrow("ESRCH");
    await expect(run("setInterval(() => {}, 1000)", { timeoutMs: 300 })).rejects.toThrow("took longer than 0.3 s");
  });
});

describe("without a starter", () => {
  test("the sums of finished children are read, and a peak while a process of its own runs", async () => {
    vi.stubEnv("PATH", temporaryFolder());
    expect(starterOf()).toBe(null);
    const command = { tool: "node", file: process.execPath, args: ["-e", HONEST], cwd: "." };
    const { cpuNs, stdout } = await runProcess(command);
    const isLinux = process.platform === "linux";
    // Ticks of 10 ms: less than one tick of each kind can be lost.
    const least = (JSON.parse(stdout) as { cpuNs: number }).cpuNs - 20e6;
    expect(isLinux ? (cpuNs ?? 0) >= least : cpuNs === null).toBe(true);
    expect(isLinux ? ((await peakMemoryOf(command)) ?? 0) > 0 : true).toBe(true);
  });

  test.runIf(process.platform === "linux")("a case still has all of its metrics", async () => {
    vi.stubEnv("PATH", temporaryFolder());
    const metrics = ["wall", "cpu", "peak-memory", "page-faults"] as const;
    const config = { id: "a", command: [process.execPath, "-e", WORK], timeoutSeconds: 60, repeat: 1 };
    const readings = await runWhole({ ...config, metrics: [...metrics] }, { folder: ".", env, scratch: "." });
    expect(readings.map(({ metric, value }) => [metric, value.value > 0])).toEqual(metrics.map((one) => [one, true]));
  });
});
