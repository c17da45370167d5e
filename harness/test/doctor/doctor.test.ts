import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderDoctor } from "../../src/commands/doctor.ts";
import { complaints, readConditions } from "../../src/doctor/machine.ts";
import { foretell, measureNoise } from "../../src/doctor/noise.ts";
import { fingerprint } from "../../src/environment.ts";
import { caseEnvironment, GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { MACHINE, temporaryFolder } from "../fixtures.ts";

function system(files: Record<string, string>): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const clock = (): bigint => process.hrtime.bigint();

describe("the doctor", () => {
  test("reads what a machine tells, and complains of what disturbs", () => {
    const root = system({
      "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
      "sys/devices/system/cpu/intel_pstate/no_turbo": "0\n",
      "sys/fs/cgroup/cpu.max": "150000 100000\n",
      "sys/fs/cgroup/cpu.stat": "usage_usec 5\nnr_throttled 7\n",
      "sys/fs/cgroup/memory.max": "1048576\n",
      "proc/stat": "cpu  50 0 20 20 0 0 0 10 0 0\ncpu0 1 2 3\n",
      "proc/cpuinfo": "flags\t: fpu hypervisor\n",
    });
    const found = readConditions({ root, load: 3, cores: 1, clock });
    expect(found).toMatchObject({
      governor: "powersave",
      turbo: true,
      cpuLimit: 1.5,
      throttled: 7,
      stolen: 0.1,
      virtual: true,
      memoryLimitBytes: 1048576,
    });
    const said = complaints({ ...found, timerStepNs: 15_000 }).join("\n");
    for (const word of [
      "load 3.0",
      "governor powersave",
      "turbo",
      "1.50 cores and stopped us 7 times",
      "10.0 %",
      "15000 ns",
      "one core",
    ])
      expect(said).toContain(word);
  });

  test("takes silence for an answer, and finds nothing wrong with a quiet machine", () => {
    const found = readConditions({
      root: system({ "sys/devices/system/cpu/cpufreq/boost": "0" }),
      load: 0,
      cores: 4,
      clock,
    });
    expect(found).toMatchObject({
      governor: null,
      turbo: false,
      cpuLimit: null,
      throttled: null,
      stolen: null,
      virtual: null,
    });
    expect(found.timerStepNs).toBeGreaterThan(0);
    expect(complaints({ ...found, timerStepNs: 50 })).toEqual([]);
  });

  test("measures identical work for real", async () => {
    const noise = await measureNoise({
      ...{ budgetMs: 1, cases: 5, settings: GATE_DEFAULTS, folder: tmpdir(), env: caseEnvironment(process.env, {}) },
      clock: () => performance.now(),
    });
    expect(noise.pairs).toBeGreaterThanOrEqual(12);
    expect(noise.pairMs).toBeGreaterThan(0);
    expect(noise.visible.map(({ minutes }) => minutes)).toEqual([1, 3, 10]);
  });

  test("says in plain words what a gate would see, and when it would see nothing", () => {
    const steady = Array.from({ length: 40 }, (_, i) => 0.004 * Math.sin(i * 1.7));
    const noise = foretell(steady, 100, { cases: 20, settings: GATE_DEFAULTS });
    const shown = renderDoctor({
      ...{
        schemaVersion: 1,
        environment: fingerprint(MACHINE),
        conditions: {} as never,
        complaints: [],
        cases: 20,
        noise,
      },
    });
    expect(shown).toContain("This machine is quiet");
    expect(shown).toMatch(/In 10 min a gate of 20 such cases sees a slowdown of \d\.\d %/);
    expect(shown).toContain("Nothing was found that disturbs.");
    const slow = foretell(steady, 60_000, { cases: 20, settings: GATE_DEFAULTS });
    expect(slow.visible.map(({ effect }) => effect)).toEqual([null, null, null]);
    const busy = renderDoctor({
      ...{
        schemaVersion: 1,
        environment: fingerprint(MACHINE),
        conditions: {} as never,
        complaints: ["Too warm."],
        cases: 20,
        noise: { ...slow, sd: 0.2 },
      },
    });
    expect(busy).toContain("very noisy");
    expect(busy).toContain("could see nothing");
    expect(busy).toContain("- Too warm.");
  });
});
