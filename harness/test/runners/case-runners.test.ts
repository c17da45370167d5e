/** Runners on programs that are real and tiny. */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CaseConfig } from "../../src/gate/config.ts";
import { runCommand } from "../../src/runners/command.ts";
import type { Place } from "../../src/runners/reading.ts";
import { runCase } from "../../src/runners/runner.ts";
import { timedLoop } from "../../src/runners/timed-loop.ts";
import { temporaryFolder } from "../fixtures.ts";

function place(): Place {
  return { folder: temporaryFolder(), env: { PATH: process.env["PATH"] ?? "" }, scratch: temporaryFolder() };
}

const run = (config: object, at = place()) => runCase(CaseConfig.parse(config), at);

describe("a command", () => {
  const base = { folder: ".", env: { PATH: process.env["PATH"] ?? "" }, timeoutMs: 20_000, keepOutput: true };

  test("that fails, takes too long, says too much or is not there is told apart", async () => {
    await expect(runCommand({ ...base, command: "echo why >&2; exit 7" })).rejects.toThrow("ended with 7: why");
    await expect(runCommand({ ...base, command: "kill -TERM $$" })).rejects.toThrow("ended with SIGTERM");
    await expect(runCommand({ ...base, command: ["sleep", "30"], timeoutMs: 50 })).rejects.toThrow(
      "took longer than 0.05 s",
    );
    await expect(runCommand({ ...base, command: ["no-such-program"] })).rejects.toThrow("cannot be started");
    await expect(runCommand({ ...base, command: "head -c 70000000 /dev/zero" })).rejects.toThrow(
      "wrote more than 64 MB",
    );
  });

  test("gives its output and how long it took", async () => {
    const { stdout, wallNs } = await runCommand({ ...base, command: ["sh", "-c", "echo out; sleep 0.05"] });
    expect(stdout).toBe("out\n");
    expect(wallNs).toBeGreaterThan(50e6);
  });
});

describe("a whole process", () => {
  test.runIf(existsSync("/proc/self/stat"))("has a time, a processor time, a peak and page faults", async () => {
    const work = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
    const readings = await run({
      id: "whole",
      command: work,
      metrics: ["wall", "cpu", "peak-memory", "page-faults"],
      repeat: 3,
    });
    expect(readings.map(({ metric, unit }) => [metric, unit])).toEqual([
      ["wall", "ns"],
      ["cpu", "ns"],
      ["peak-memory", "bytes"],
      ["page-faults", "count"],
    ]);
    for (const { value } of readings) expect([value.value > 0, value.samples.length]).toEqual([true, 3]);
  });
});

describe("a command that measures itself", () => {
  test("is read from its output or its file, never from an older one", async () => {
    const at = place();
    const text = '{"cases": [{"id": "x", "unit": "ns", "samples": [5]}]}';
    writeFileSync(join(at.folder, "old.json"), text);
    const [one] = await run({ id: "own", command: ["echo", text], output: { format: "drift" } }, at);
    expect(one).toMatchObject({ caseId: "own/x", metric: "time", value: { value: 5, samples: [] } });
    const file = { id: "own", command: `echo '${text}' > out.json`, output: { format: "drift", file: "out.json" } };
    expect((await run(file, at))[0]?.caseId).toBe("own/x");
    await expect(run({ ...file, command: "true", output: { format: "drift", file: "old.json" } }, at)).rejects.toThrow(
      "cannot read",
    );
    await expect(run({ ...file, output: { format: "drift", file: "../out.json" } }, at)).rejects.toThrow(
      "outside the work tree",
    );
  });

  test("by criterion writes into a folder of this run", async () => {
    const write = `mkdir -p "$CRITERION_HOME/a/new" && cd "$CRITERION_HOME/a/new" && echo '{"full_id": "a"}' > benchmark.json && echo '{"iters": [2], "times": [8]}' > sample.json`;
    const readings = await run({ id: "crit", command: write, output: { format: "criterion" } });
    expect(readings).toMatchObject([{ caseId: "crit/a", value: { value: 4 } }]);
  });
});

/** Counting instructions needs valgrind, which is no part of a machine that runs the tests. */
const hasValgrind = spawnSync("valgrind", ["--version"]).status === 0;

describe("counts", () => {
  test.runIf(existsSync("/proc/self/io"))("of bytes written are exact", async () => {
    const readings = await run({
      id: "count",
      command: ["sh", "-c", "printf 12345 > five.txt"],
      counts: ["bytes-written"],
    });
    expect(readings[0]).toMatchObject({ metric: "bytes-written", unit: "bytes", value: { samples: [] } });
    expect(readings[0]?.value.value).toBeGreaterThanOrEqual(5);
    await expect(run({ id: "count", command: ["false"], counts: ["bytes-written"] })).rejects.toThrow(
      '"count" ended with 1',
    );
  });

  test.runIf(hasValgrind)("of instructions and allocations grow with the work", { timeout: 120_000 }, async () => {
    const count = async (n: number) => {
      const command = ["sh", "-c", `i=0; while [ $i -lt ${n} ]; do i=$((i+1)); done`];
      const readings = await run({ id: "count", command, counts: ["instructions", "allocations"] });
      return readings.map(({ value }) => value.value);
    };
    const [few, many] = [await count(100), await count(5000)];
    expect(many[0]).toBeGreaterThan(1.5 * (few[0] as number));
    expect(few[1]).toBeGreaterThan(0);
  });
});

describe("a timed loop", () => {
  /** A clock that an operation moves on: each call costs what `costs` says, then the last again. */
  function loop(costs: readonly number[], options: { warmupCapMs: number; sampleMs: number }) {
    let now = 0n;
    let calls = 0;
    const operation = (): void => void (now += BigInt(costs[Math.min(calls++, costs.length - 1)] as number));
    return timedLoop(operation, { ...options, leastSamples: 5, mostSamples: 20, clock: () => now }).then((found) => ({
      ...found,
      calls,
    }));
  }

  test("warms up until a block is no longer much faster", async () => {
    const costs = [...Array.from({ length: 40 }, (_, i) => 4_000_000 / (i + 1)), 100_000].map(Math.round);
    const { samples, warmupCapped, batch } = await loop(costs, { warmupCapMs: 1000, sampleMs: 1 });
    expect([warmupCapped, batch]).toEqual([false, 1]);
    expect(samples.every((ns) => ns === 100_000)).toBe(true);
  });

  test("says when its cap ended that", async () => {
    const ever = Array.from({ length: 3000 }, (_, i) => Math.round(4_000_000 * 0.97 ** i) + 1000);
    expect((await loop(ever, { warmupCapMs: 1, sampleMs: 1 })).warmupCapped).toBe(true);
  });

  test("puts calls of nothing into batches, and takes the number of samples it may", async () => {
    const { samples, batch } = await loop([10], { warmupCapMs: 10, sampleMs: 1e6 });
    expect([samples.length, batch]).toEqual([20, 10_000]);
    const slow = await loop([50_000_000], { warmupCapMs: 10, sampleMs: 1 });
    expect(slow.samples).toHaveLength(5);
  });

  test("waits for promises", async () => {
    let done = 0;
    const operation = async (): Promise<void> => void (await Promise.resolve(), done++);
    await timedLoop(operation, {
      warmupCapMs: 1,
      sampleMs: 1,
      leastSamples: 5,
      mostSamples: 6,
      clock: () => process.hrtime.bigint(),
    });
    expect(done).toBeGreaterThan(5);
  });
});
