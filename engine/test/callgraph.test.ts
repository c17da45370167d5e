import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { callgraph } from "../src/callgraph-command.ts";
import { progressReporter } from "../src/progress.ts";
import type { CallGraph, CallSite } from "../src/index.ts";
import { folder, SHOP, write } from "./folder.ts";

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

async function run(cwd: string, ...argv: string[]): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const code = await callgraph(argv, {
    cwd,
    stdout: async (data) => void (stdout += typeof data === "string" ? data : Buffer.from(data).toString("utf8")),
    stderr: (text) => void (stderr += text),
    isTerminal: false,
    nowMs: () => 0,
  });
  return { code, stdout, stderr };
}

test("--json prints the answer and nothing else, and leaves the folder alone", async () => {
  const root = folder(SHOP);
  const { code, stdout, stderr } = await run(root, ".", "--json");
  expect(code).toBe(0);
  const graph = JSON.parse(stdout) as CallGraph;
  expect(Object.keys(graph)).toEqual(["schemaVersion", "tool", "functions", "callSites", "skipped", "stats"]);
  expect(graph.callSites.find(({ status }) => status === "unknown")).toMatchObject({
    caller: "src/main.ts#run",
    reason: expect.stringMatching(/^[a-z-]+$/) as string,
    targets: [],
  });
  expect(stderr).toMatch(/parse 3\/3 files\n/);
  expect(existsSync(join(root, ".drift"))).toBe(false);
});

test("--out writes the same bytes, whole", async () => {
  const root = folder(SHOP);
  const to = folder();
  const { stdout } = await run(root, ".", "--json");
  const written = await run(to, root, "--json", "--out", "answer.json", "--threads", "1");
  expect(written).toMatchObject({ code: 0, stdout: "" });
  expect(readFileSync(join(to, "answer.json"), "utf8")).toBe(stdout);
  expect(readdirSync(to)).toEqual(["answer.json"]);
});

test("without --json a person reads counts", async () => {
  const root = folder({
    ...SHOP,
    "bad.ts": "(",
    ".gitignore": "dist",
    "dist/a.ts": "",
    "latin.js": Buffer.from([0xe9]),
  });
  const { code, stdout } = await run(root, root);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^files +5\n/);
  expect(stdout).toMatch(/\n {2}certain +\d+ \(\d+\.\d %\)\n/);
  expect(stdout).toMatch(/\n {2}ignored-by-rule +1\n/);
  expect((await run(root, folder())).stdout).toMatch(/call sites +0\n {2}certain +0\n/);
});

test("--index makes the next call parse nothing", async () => {
  const root = folder(SHOP);
  const first = await run(root, ".", "--json", "--index");
  expect(first.stderr).toMatch(/3 files parsed, 0 reused/);
  const second = await run(root, ".", "--json", "--index");
  expect(second.stderr).toMatch(/0 files parsed, 3 reused/);
  expect(second.stdout).toBe(first.stdout);
});

test("a warning goes to standard error", async () => {
  const root = folder({ ...SHOP, ".drift": "in the way" });
  expect((await run(root, ".", "--json", "--index")).stderr).toMatch(/^warning: the index is kept in memory only/m);
});

test.each([
  [[], "exactly one folder"],
  [["a", "b"], "exactly one folder"],
  [[".", "--nope"], "--nope"],
  [[".", "--threads", "0"], "--threads takes a whole number"],
  [[".", "--threads", "2x"], "--threads takes a whole number"],
  [[".", "--max-file-bytes", "-1"], "--max-file-bytes"],
  [[".", "--index", "--in-memory"], "exclude each other"],
])("bad arguments %j exit with 2 and say what is wrong", async (argv, message) => {
  const { code, stdout, stderr } = await run(folder(), ...argv);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("what is missing exits with 3 and says what to do", async () => {
  const missing = await run(folder(), "nowhere", "--json");
  expect([missing.code, missing.stdout]).toEqual([3, ""]);
  expect(missing.stderr).toMatch(/nowhere \(ROOT_MISSING\)\n.*path/);
  const unwritable = await run(folder(SHOP), ".", "--out", "no/such/folder/a.json");
  expect(unwritable.code).toBe(3);
  expect(unwritable.stderr).toContain("OUT_UNWRITABLE");
});

test("--help explains each option", async () => {
  const { code, stdout } = await run(folder(), "--help");
  expect(code).toBe(0);
  for (const option of ["--json", "--out", "--in-memory", "--index", "--threads", "--max-file-bytes"]) {
    expect(stdout).toContain(option);
  }
});

test("on a terminal progress is one line with what is left", () => {
  let text = "";
  let nowMs = 0;
  const progress = progressReporter({ write: (more) => void (text += more), isTerminal: true, nowMs: () => nowMs });
  progress.show({ phase: "parse", done: 0, total: 100 });
  nowMs = 2000;
  progress.show({ phase: "parse", done: 25, total: 100 });
  progress.end();
  expect(text.split("\r\x1b[K")).toEqual(["", "parse 0/100 files", "parse 25/100 files, about 6 s left", ""]);
});

const command = fileURLToPath(new URL("../bin/callgraph.mjs", import.meta.url));

test("the program prints whole answers of many pipe buffers", async () => {
  const calls = "f();\n".repeat(20_000);
  const root = folder({ "a.js": `function f() {}\n${calls}` });
  const child = spawn(process.execPath, [command, root, "--json"], { stdio: ["ignore", "pipe", "ignore"] });
  const chunks = await child.stdout.toArray();
  expect((JSON.parse(Buffer.concat(chunks as Buffer[]).toString("utf8")) as CallGraph).stats.callSites).toBe(20_000);
});

test("a reader that stops early is no failure", async () => {
  const root = folder({ "a.js": `function f() {}\n${"f();\n".repeat(20_000)}` });
  const child = spawn(process.execPath, [command, root, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  const errors = child.stderr.toArray();
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect(code).toBe(0);
  expect(Buffer.concat((await errors) as Buffer[]).toString("utf8")).not.toContain("EPIPE");
});

test("--callers answers from the index as it was saved, and with --index as the folder is", async () => {
  const root = folder(SHOP);
  const first = await run(root, ".", "--callers", "src/price.ts#price");
  expect(first).toMatchObject({ code: 0, stdout: "src/cart.ts:3:29 src/cart.ts#Cart.total\n" });
  expect(first.stderr).toMatch(/no index yet/);
  write(root, { "src/more.ts": 'import { price } from "./price.ts";\nprice(1);\n' });
  const second = await run(root, ".", "--callers", "price", "--json");
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect((JSON.parse(second.stdout) as CallSite[]).map(({ caller }) => caller)).toEqual(["src/cart.ts#Cart.total"]);
  const third = await run(root, ".", "--callers", "price", "--index");
  expect(third.stdout.split("\n")).toHaveLength(3);
  expect(await run(root, ".", "--callers", "nothing")).toMatchObject({ code: 3, stdout: "" });
  expect(await run(root, ".", "--callers", "price", "--out", "x")).toMatchObject({ code: 2 });
});

test("--flows begins with what is nearest, and leaves out the middle of a long way", async () => {
  const steps = Array.from({ length: 8 }, (_, at) => `function f${at}(v) { f${at + 1}(v); }`);
  const root = folder({
    "a.js": [...steps, "function f8(v) { save(v); }", "function main(input) { f0(input); }"].join("\n"),
  });
  const { stdout, stderr } = await run(root, ".", "--flows", "a.js:10:27");
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("a.js:10:24 f0, argument 1, as it is");
  expect(lines.at(-1)).toBe(
    "a.js:9:18 save, argument 1, as it is: by a.js:10:24 f0, a.js:1:18 f1, 5 more calls, a.js:7:18 f7, a.js:8:18 f8",
  );
  expect(stderr).not.toContain("warning");
});

test("--flows says where a value arrives, and by which calls", async () => {
  const root = folder(SHOP);
  const column = String(SHOP["src/cart.ts"]).split("\n")[2]?.lastIndexOf("n)") ?? 0;
  const { code, stdout } = await run(root, ".", "--flows", `src/cart.ts:3:${column + 1}`);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n")).toEqual([
    "src/cart.ts:3:29 price, argument 1, as it is",
    "src/price.ts:1:43 round, argument 1, as it is, number: by src/cart.ts:3:29 price",
    "src/price.ts:2:36 Math.round, argument 1, as it is, number: by src/cart.ts:3:29 price, src/price.ts:1:43 round",
  ]);
  const json = await run(root, ".", "--flows", `src/cart.ts:3:${column + 1}`, "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({ complete: true });
  expect(await run(root, ".", "--flows", "src/cart.ts:9:1")).toMatchObject({ code: 3 });
  expect(await run(root, ".", "--flows", "src/cart.ts")).toMatchObject({ code: 2 });
});
