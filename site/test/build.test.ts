import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { buildCommand, buildSite, recoverSite } from "../src/build.ts";
import { DriftError, describeFailure } from "../src/errors.ts";

const PROGRAM = fileURLToPath(new URL("../src/build.ts", import.meta.url));
const root = mkdtempSync(path.join(os.tmpdir(), "drift-build-"));
let folder = "";
let out = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(root, "case-"));
  out = path.join(folder, "dist");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const noStore = (): string => path.join(folder, "none.db");

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const io = {
    env: process.env,
    stdout: (text: string) => (stdout += text),
    stderr: (text: string) => (stderr += text),
  };
  const code = await buildCommand(args, io);
  return { code, stdout, stderr };
}

describe("a build", () => {
  test("replaces what was there, as a whole", async () => {
    mkdirSync(out);
    writeFileSync(path.join(out, "old.html"), "old");
    const { code, stdout, stderr } = await run("--db", noStore(), "--out", out, "--json");
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ outDir: out });
    expect(result.pages).toBe(
      readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith(".html")).length,
    );
    expect(stderr).toContain("/index.html");
    expect(readdirSync(folder)).toEqual(["dist"]);
    expect(existsSync(path.join(out, "old.html"))).toBe(false);
  });

  test("that fails leaves the site that was there", async () => {
    mkdirSync(out);
    writeFileSync(path.join(out, "index.html"), "old");
    const db = path.join(folder, "broken.db");
    writeFileSync(db, "no database ".repeat(200));
    const { code, stdout, stderr } = await run("--db", db, "--out", out);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/STORE_UNREADABLE: .*\nRebuild it/);
    expect(readFileSync(path.join(out, "index.html"), "utf8")).toBe("old");
  });

  test("whose Astro fails says so with its last words, and leaves the site that was there", async () => {
    mkdirSync(out);
    writeFileSync(path.join(out, "index.html"), "old");
    const env = { ...process.env, NODE_OPTIONS: "--import=./no-such-module.mjs" };
    const failure = await buildSite({ dbFile: noStore(), outDir: out, env }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "SITE_BUILD_FAILED",
      exitCode: 70,
      message: expect.stringContaining("no-such-module"),
    });
    expect(readdirSync(folder)).toEqual(["dist"]);
    expect(readFileSync(path.join(out, "index.html"), "utf8")).toBe("old");
  });

  test("that is killed leaves the site that was there, and the next build goes on", async () => {
    mkdirSync(out);
    writeFileSync(path.join(out, "index.html"), "old");
    const child = spawn(process.execPath, [PROGRAM, "--db", noStore(), "--out", out], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await once(child.stderr, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(readFileSync(path.join(out, "index.html"), "utf8")).toBe("old");
    expect((await run("--db", noStore(), "--out", out)).code).toBe(0);
    expect(readFileSync(path.join(out, "index.html"), "utf8")).toContain("Not measured.");
  });

  test("clears away what killed builds left, and mends a swap that was cut short", async () => {
    const dead = spawnSync(process.execPath, ["--eval", "0"]).pid;
    mkdirSync(path.join(folder, `.dist.next-${dead}`));
    mkdirSync(path.join(folder, `.dist.next-${process.ppid}`));
    mkdirSync(path.join(folder, ".dist.previous"));
    writeFileSync(path.join(folder, ".dist.previous", "index.html"), "old");
    await buildSite({ dbFile: noStore(), outDir: out, corporaDir: folder, env: process.env });
    expect(readdirSync(folder).toSorted()).toEqual([`.dist.next-${process.ppid}`, "dist"]);
  });
});

test("a previous site is put back only when the new one is missing", () => {
  const previous = path.join(folder, ".dist.previous");
  expect(recoverSite(out)).toBe(false);
  mkdirSync(previous);
  writeFileSync(path.join(previous, "index.html"), "old");
  expect(recoverSite(out)).toBe(true);
  expect(readFileSync(path.join(out, "index.html"), "utf8")).toBe("old");
  mkdirSync(previous);
  expect(recoverSite(out)).toBe(false);
});

describe("the command", () => {
  test("refuses options that it does not know", async () => {
    for (const args of [["--nope"], ["--db"], ["extra"]]) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^BAD_ARGUMENTS: /);
    }
  });

  test("--help of the program goes to standard output", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, "--help"], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("--db <file>");
  });
});

describe("a failure", () => {
  test("that was expected shows its code and hint", () => {
    const error = new DriftError("X", "it is not there", { hint: "Make it.", cause: "c", exitCode: 2 });
    expect(describeFailure(error)).toEqual({ text: "X: it is not there\nMake it.\n", exitCode: 2 });
    expect(error.cause).toBe("c");
    expect(describeFailure(new DriftError("Y", "no"))).toEqual({ text: "Y: no\n", exitCode: 3 });
  });

  test("that was not expected is a bug, with its stack", () => {
    expect(describeFailure(new TypeError("oops"))).toMatchObject({
      exitCode: 70,
      text: expect.stringMatching(/oops\n.*at /s),
    });
    expect(describeFailure("text")).toEqual({ exitCode: 70, text: "This is a bug in Drift.\ntext\n" });
  });
});
