import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { cratesUnder } from "../bootstrap/addon.mjs";
import { describe as describeProgress } from "../bootstrap/progress.mjs";
import { failureIn } from "../bootstrap/setup-error.mjs";
import { findBrowser } from "../checks/browser.mjs";
import { filesUnder } from "../checks/files.mjs";
import { staleAmong } from "../checks/generated.mjs";
import { tasksOf } from "../checks/turbo.mjs";

const folder = mkdtempSync(join(tmpdir(), "drift-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(["test", "check", "gen", "golden", "format"])("npm run %s", (name) => {
  const run = (...args) =>
    spawnSync(process.execPath, [fileURLToPath(new URL(`../${name}.mjs`, import.meta.url)), ...args], {
      encoding: "utf8",
    });

  test("tells its usage", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: npm /);
  });

  test("refuses what it does not know, with exit code 2", () => {
    const { status, stdout, stderr } = run("--frobnicate");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^drift: /);
  });
});

test("npm test refuses a step that does not exist", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL("../test.mjs", import.meta.url)), "--only", "types,tpyes"],
    { encoding: "utf8" },
  );
  expect(status).toBe(2);
  expect(stderr).toContain('there is no step "tpyes"');
});

describe("the browser", () => {
  const browser = join(folder, "bin", process.platform === "win32" ? "chromium.exe" : "chromium");
  mkdirSync(join(folder, "bin"));
  writeFileSync(browser, "");

  test.skipIf(process.platform === "win32")("is one that can be run, on PATH", () => {
    const env = { PATH: [join(folder, "nowhere"), join(folder, "bin")].join(delimiter) };
    chmodSync(browser, 0o644);
    expect(findBrowser(env)).not.toBe(browser);
    chmodSync(browser, 0o755);
    expect(findBrowser(env)).toBe(browser);
  });

  test("is the one that DRIFT_BROWSER names", () => {
    expect(findBrowser({ PATH: join(folder, "bin"), DRIFT_BROWSER: process.execPath })).toBe(process.execPath);
  });
});

test("generated files are stale when their content changed, however they were before", () => {
  const before = new Map([
    ["edited", "1"],
    ["same", "2"],
  ]);
  const after = new Map([
    ["edited", "9"],
    ["same", "2"],
    ["new", "3"],
  ]);
  expect(staleAmong(before, after)).toEqual(["edited", "new"]);
});

test("a turbo summary gives each task's end, and leaves out packages that lack it", () => {
  const summary = {
    tasks: [
      {
        taskId: "a#types",
        command: "tsc",
        execution: { startTime: 1000, endTime: 3500, exitCode: 2 },
        cache: { status: "MISS" },
      },
      { taskId: "b#types", command: "tsc", cache: { status: "MISS" } },
      { taskId: "c#types", command: "<NONEXISTENT>" },
      {
        taskId: "d#types",
        command: "tsc",
        execution: { startTime: 0, endTime: 0, exitCode: 0 },
        cache: { status: "HIT" },
      },
    ],
  };
  expect(tasksOf(summary)).toEqual([
    { id: "a#types", exitCode: 2, seconds: 2.5, cached: false },
    { id: "b#types", exitCode: undefined, seconds: 0, cached: false },
    { id: "d#types", exitCode: 0, seconds: 0, cached: true },
  ]);
});

test("files are found in order, without what is installed or built", () => {
  for (const path of ["b/x.ts", "a.ts", "b/node_modules/y.ts", "b/dist/z.ts", "b/c/w.ts"]) {
    mkdirSync(join(folder, "tree", path, ".."), { recursive: true });
    writeFileSync(join(folder, "tree", path), "");
  }
  expect(filesUnder(join(folder, "tree"), ".", /\.ts$/)).toEqual(["a.ts", "b/c/w.ts", "b/x.ts"]);
  expect(filesUnder(folder, "absent", /./)).toEqual([]);
});

test.each([
  ["npm error code EAI_AGAIN", "NO_NETWORK"],
  ["[ERR_PNPM_META_FETCH_FAIL] GET", "NO_NETWORK"],
  ["warning: spurious network error (3 tries remaining): [6] Couldn't resolve host name", "NO_NETWORK"],
  ["npm error EROFS: read-only file system, mkdir", "READ_ONLY"],
  ["error: failed to write: Permission denied (os error 13)", "READ_ONLY"],
  ["error: No space left on device (os error 28)", "DISK_FULL"],
  ["error[E0308]: mismatched types", undefined],
])("%s means %s", (text, code) => {
  expect(failureIn(text)).toBe(code);
});

test("progress tells how much, and how long it will last", () => {
  expect(describeProgress("build", { done: 0, total: 10, seconds: 3 })).toBe("drift: build, 3 s so far");
  expect(describeProgress("build", { done: 3, total: 0, seconds: 3 })).toBe("drift: build, 3 s so far");
  expect(describeProgress("build", { done: 5, total: 20, seconds: 10 })).toBe(
    "drift: build 5/20, 10 s so far, about 30 s left",
  );
  expect(describeProgress("build", { done: 21, total: 20, seconds: 10 })).toBe(
    "drift: build 20/20, 10 s so far, about 0 s left",
  );
});

test("the crates to compile are those that the addon leads to", () => {
  const entry = (name, ...dependencies) =>
    `[[package]]\nname = "${name}"\nversion = "1.0.0"\n${dependencies.length > 0 ? `dependencies = [\n${dependencies.map((dependency) => ` "${dependency}",\n`).join("")}]\n` : ""}\n`;
  const lock =
    entry("drift-napi", "drift-engine", "napi 3.0.0") +
    entry("drift-engine", "napi") +
    entry("napi") +
    entry("criterion", "napi");
  expect(cratesUnder("drift-napi", lock)).toBe(3);
});
