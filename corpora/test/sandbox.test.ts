import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, onTestFinished, test as base } from "vitest";
import { findSandbox, runSandboxed, type Sandbox, type SandboxedRun, UNSAFE } from "../src/derive/sandbox.ts";
import { CANDIDATES } from "../src/derive/sandbox/candidates.ts";
import { makeControlGroup } from "../src/derive/sandbox/control-group.ts";
import { DEFAULT_LIMITS, type SandboxLimits } from "../src/derive/sandbox/limits.ts";
import { folderWith } from "./support/folder.ts";

const MIB = 2 ** 20;

/** A hostile corpus: its one test is this program. */
interface Hostile {
  program: string;
  files?: Record<string, string>;
  limits?: Partial<SandboxLimits>;
  timeoutMs?: number;
}

/** What the hostile corpora run in: each sandbox that holds on this computer, so that one never stands in for another. */
const HOLDING = await Promise.all(CANDIDATES.map(async (candidate) => findSandbox([candidate])));
const SANDBOXES = HOLDING.filter((one) => one !== null);

/** The one that hostile corpora run in at the moment. */
let sandbox: Sandbox | null = null;

const test = base.extend<{ run: (hostile: Hostile) => Promise<SandboxedRun & { folder: string; outside: string }> }>({
  run: async ({ skip }, use) => {
    const chosen = sandbox ?? skip("neither bwrap nor unshare works on this computer");
    await use(async ({ program, files = {}, limits = {}, timeoutMs = 60_000 }) => {
      const outside = folderWith();
      const folder = path.join(outside, "scratch");
      await mkdir(folder);
      const inside = folderWith(files);
      const env = { OUTSIDE: outside, GIVEN: "yes", INSIDE: inside };
      const command = [process.execPath, "--eval", program];
      return { ...(await runSandboxed({ sandbox: chosen, command, folder, env, timeoutMs, limits })), folder, outside };
    });
  },
});

/** Processes of this computer whose command line holds a word. */
async function processesWith(word: string): Promise<string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(async (pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(word));
}

describe.each(SANDBOXES.length === 0 ? [null] : SANDBOXES)("in $name", (each) => {
  beforeAll(() => {
    sandbox = each;
  });

  test("inside, the environment is our own, the folder can be written, and node works", async ({ run }) => {
    process.env["SECRET"] = "visible outside";
    const { exitCode, stopped, timedOut, tail, folder } = await run({
      program: `
      require("node:fs").writeFileSync("made", "inside");
      require("node:fs").writeFileSync(require("node:os").tmpdir() + "/temporary", "");
      console.log(JSON.stringify([process.env.HOME.includes(".drift"), process.env.SECRET ?? "none", process.env.GIVEN]));`,
    });
    delete process.env["SECRET"];
    expect({ exitCode, stopped, timedOut }).toEqual({ exitCode: 0, stopped: null, timedOut: false });
    expect(tail.trim()).toBe('[true,"none","yes"]');
    expect(await readFile(path.join(folder, "made"), "utf8")).toBe("inside");
  });

  test("tests that write outside fail, wherever they write", async ({ run }) => {
    const { tail, outside } = await run({
      program: `
      const { accessSync, constants, writeFileSync, rmSync } = require("node:fs");
      const places = [process.env.OUTSIDE + "/escaped", "/tmp/drift-escaped", "/drift-escaped", "/etc/drift-escaped",
        process.env.INSIDE + "/x", "/dev/shm/../../drift-escaped"];
      for (const place of places) {
        try { writeFileSync(place, "x"); console.log("wrote " + place); } catch (error) { console.log(error.code); }
      }
      // Were it possible, it would be bad to do it.
      for (const place of ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper"]) {
        try { accessSync(place, constants.W_OK); console.log("could have wrote " + place); } catch (error) { console.log(error.code); }
      }
      try { rmSync(process.env.INSIDE, { recursive: true }); console.log("removed"); } catch (error) { console.log("kept"); }`,
    });
    expect(tail).not.toMatch(/wrote|removed/);
    expect(tail.match(/EROFS|EACCES|EPERM|ENOENT|kept/g)).toHaveLength(10);
    expect((await readdir(outside)).sort()).toEqual(["scratch"]);
    expect(existsSync("/tmp/drift-escaped")).toBe(false);
  });

  test("what could be written again by mounting cannot be mounted", async ({ run }) => {
    const { tail, outside } = await run({
      program: `
      const { spawnSync } = require("node:child_process");
      for (const line of [
        "mount -o remount,rw,bind / && echo mounted", "umount /proc && echo mounted", "mount -t tmpfs tmpfs /tmp && echo mounted",
        "unshare -rm sh -c 'mount -o remount,rw,bind / && echo mounted'", "echo x > $OUTSIDE/escaped && echo mounted",
      ]) console.log(spawnSync("sh", ["-c", line]).stdout.toString());`,
    });
    expect(tail).not.toContain("mounted");
    expect(existsSync(path.join(outside, "escaped"))).toBe(false);
  });

  test("a socket reaches nothing, not even a server of this computer", async ({ run }) => {
    let connections = 0;
    const server = createServer(() => (connections += 1)).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { tail } = await run({
      program: `
      const net = require("node:net");
      for (const [host, port] of [["192.0.2.1", 53], ["127.0.0.1", ${port}]]) {
        net.connect(port, host).on("connect", () => console.log("connected")).on("error", (error) => console.log(error.code));
      }
      const own = net.createServer((socket) => socket.end("own")).listen(0, "127.0.0.1", () =>
        net.connect(own.address().port, "127.0.0.1").on("data", (data) => { console.log(String(data)); own.close(); }));`,
    });
    expect(tail.trim().split("\n").sort()).toEqual(["ECONNREFUSED", "ENETUNREACH", "own"]);
    expect(connections).toBe(0);
  });

  test("processes without end are stopped, and none is left", async ({ run }) => {
    const { exitCode, stopped } = await run({
      program: `
      const { spawn } = require("node:child_process");
      const more = () => { spawn("sleep", ["987654"], { stdio: "ignore" }).on("error", () => {}); setTimeout(more, 1); };
      more();`,
      limits: { processes: 100 },
    });
    expect({ exitCode, stopped }).toEqual({ exitCode: null, stopped: "processes" });
    expect(await processesWith("987654")).toEqual([]);
  });

  test("a fork bomb is stopped, and none of it is left", async ({ run }) => {
    const { exitCode, stopped } = await run({
      program: `
      const { spawn } = require("node:child_process");
      spawn("sh", ["-c", "bomb_456123() { bomb_456123 & bomb_456123 & wait; }; bomb_456123"], { stdio: "ignore" });
      setInterval(() => {}, 1000);`,
      limits: { processes: 100 },
      timeoutMs: 20_000,
    });
    expect(exitCode).toBeNull();
    // Its processes live so shortly that there may never be too many at one time.
    expect(["processes", "time"]).toContain(stopped);
    expect(await processesWith("456123")).toEqual([]);
  });

  test("one process that eats memory is stopped", async ({ run }) => {
    const { exitCode, stopped } = await run({
      program: "const all = []; for (;;) all.push(Buffer.alloc(16 * 2 ** 20, 1));",
      limits: { memoryBytes: 600 * MIB },
    });
    expect({ exitCode, stopped }).toEqual({ exitCode: null, stopped: "memory" });
  });

  test("processes that eat memory together are stopped", async ({ run }) => {
    const { exitCode, stopped } = await run({
      program: `
      const { spawn } = require("node:child_process");
      for (let i = 0; i < 8; i += 1)
        spawn(process.execPath, ["--eval", "globalThis.kept = Buffer.alloc(150 * 2 ** 20, 1); setInterval(() => {}, 1000)"], { stdio: "ignore" });`,
      limits: { memoryBytes: 600 * MIB },
    });
    expect({ exitCode, stopped }).toEqual({ exitCode: null, stopped: "memory" });
  });

  test("a file without end stays below its limit", async ({ run }) => {
    const { tail } = await run({
      program: `
      const { openSync, writeSync, statSync } = require("node:fs");
      process.on("SIGXFSZ", () => {});
      const file = openSync("large", "w");
      const chunk = Buffer.alloc(2 ** 20, 1);
      try { for (;;) writeSync(file, chunk); } catch (error) { console.log(error.code, statSync("large").size); }`,
      limits: { fileBytes: 8 * MIB },
    });
    expect(tail.trim()).toBe(`EFBIG ${8 * MIB}`);
  });

  test("tests that run forever are stopped with all they started", async ({ run }) => {
    const result = await run({
      program: `
      process.on("SIGTERM", () => {});
      require("node:child_process").spawn("sleep", ["135791"], { detached: true, stdio: "ignore" }).unref();
      setInterval(() => {}, 1000);`,
      timeoutMs: 2000,
    });
    expect(result).toMatchObject({ exitCode: null, timedOut: true, stopped: "time" });
    expect(await processesWith("135791")).toEqual([]);
  });

  test("a daemon ends with the test that started it", async ({ run }) => {
    const { exitCode } = await run({
      program: `
      const { spawnSync } = require("node:child_process");
      spawnSync("sh", ["-c", "(setsid sleep 246802 &) ; exit 0"], { stdio: "ignore" });`,
    });
    expect(exitCode).toBe(0);
    expect(await processesWith("246802")).toEqual([]);
  });
});

test("the first sandbox that holds is taken; one with a hole is not, and nothing is unsafe unasked", async () => {
  const broken: Sandbox = { name: "broken", wrap: () => ["drift-no-such-program"] };
  const open: Sandbox = { name: "open", wrap: (command) => [...command] };
  const tight: Sandbox = { name: "tight", wrap: () => ["true"] };
  expect(await findSandbox([broken, open, tight])).toBe(tight);
  expect(await findSandbox([broken, open])).toBeNull();
  expect(await findSandbox([broken], { unsafe: true })).toBe(UNSAFE);
  expect(await findSandbox([tight], { unsafe: true })).toBe(tight);
});

test("a control group bounds processes where one can be made, and goes away with the run or with who made it", async () => {
  const tree = folderWith();
  // A folder is no group: it has no files of its own, so none is made, and nothing stays.
  await mkdir(path.join(tree, `drift-999999999-abandoned`));
  await mkdir(path.join(tree, `drift-${process.pid}-alive`));
  expect(await makeControlGroup(DEFAULT_LIMITS, [tree, path.join(tree, "gone")])).toBeNull();
  expect(await readdir(tree)).toEqual([`drift-${process.pid}-alive`]);

  const group = await makeControlGroup({ ...DEFAULT_LIMITS, processes: 10 });
  const made = async (): Promise<string[]> =>
    (
      await Promise.all(["pids", ""].map(async (name) => readdir(path.join("/sys/fs/cgroup", name)).catch(() => [])))
    ).flat();
  const own = (await made()).filter((name) => name.startsWith(`drift-${process.pid}-`));
  expect(own).toHaveLength(group === null ? 0 : 1);
  await group?.remove();
  expect((await made()).filter((name) => own.includes(name))).toEqual([]);
});

test("what an unsafe run starts as its last act ends with it", async () => {
  const run = await runSandboxed({
    sandbox: UNSAFE,
    command: [
      process.execPath,
      "--eval",
      `require("node:child_process").spawn("sleep", ["864210"], { stdio: "ignore", detached: true }).unref()`,
    ],
    folder: folderWith(),
    env: {},
    timeoutMs: 60_000,
  });
  expect(run).toMatchObject({ exitCode: 0, stopped: null });
  expect(await processesWith("864210")).toEqual([]);
});

test("unsafe runs still have an environment of their own, and end with what they started", async () => {
  const run = await runSandboxed({
    sandbox: UNSAFE,
    command: [
      process.execPath,
      "--eval",
      `require("node:child_process").spawn("sleep", ["864209"], { stdio: "ignore" });
      console.log(process.env.HOME.includes('.drift')); setInterval(() => {}, 1000)`,
    ],
    folder: folderWith(),
    env: {},
    timeoutMs: 2000,
  });
  expect(run).toMatchObject({ exitCode: null, timedOut: true, stopped: "time", tail: "true\n" });
  expect(await processesWith("864209")).toEqual([]);
});
