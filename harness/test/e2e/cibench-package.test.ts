/** CIBench as a stranger gets it: packed, installed outside the workspace, and measuring tools there without network. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RunOutput, SelfCheckResult } from "@drift/cibench";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INSTALLED, makeCibenchPackage } from "../../pack-cibench.ts";

const CORPORA = join(import.meta.dirname, "../../../corpora");

describe("the packed CIBench", () => {
  let folder: string;

  /** Node as it is here, and nothing of this workspace. */
  const cibench = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, "node_modules/drift-cibench/cibench.js"), ...args], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      env: { PATH: dirname(process.execPath), HOME: folder, DRIFT_CACHE_DIR: join(folder, "cache") },
    });

  const recordOf = (...args: string[]): unknown => {
    const { status, stdout, stderr } = cibench(...args, "--json");
    expect([status, stderr.includes("a bug in Drift")], stderr).toEqual([0, false]);
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "drift-cibench-test-"));
    const made = join(folder, "package");
    await makeCibenchPackage(made);
    const npm = (cwd: string, ...args: string[]) =>
      execFileSync("npm", args, { cwd, env: { ...process.env, npm_config_cache: join(folder, ".npm") } });
    npm(made, "pack", "--silent", "--pack-destination", folder);
    const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    // What npm would install beside the program comes from the workspace, so that no network is needed.
    const beside = INSTALLED.map((name) => realpathSync(join(CORPORA, "node_modules", name)));
    npm(folder, "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${archive}`, ...beside);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("brings the licences of what is in it, and no source", () => {
    const installed = join(folder, "node_modules/drift-cibench");
    const licences = readFileSync(join(installed, "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of ["zod", "commander", "typescript", "gpt-tokenizer"]) expect(licences).toContain(`\n${name} `);
    for (const name of INSTALLED) expect(licences).not.toContain(`\n${name} `);
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(existsSync(join(folder, "node_modules/.bin/cibench"))).toBe(true);
  });

  test("checks itself on a generated corpus", () => {
    const { passed, entries } = SelfCheckResult.parse(recordOf("selfcheck", "--corpus", "calls-small", "--offline"));
    expect([passed, entries.length > 10]).toEqual([true, true]);
  });

  test("asks grep, drift and a program of its user, without network", () => {
    const run = (...args: string[]) => {
      return RunOutput.parse(recordOf("run", ...args, "--corpus", "calls-small", "--offline")).reports[0];
    };
    const grep = run("--adapter", "grep");
    expect(grep?.subject.name).toBe("grep");
    expect(grep?.corpora.map(({ notRun }) => notRun)).toEqual(grep?.corpora.map(() => null));
    expect(run("--adapter", "drift")?.scores.find(({ category }) => category === "call-graph")).toMatchObject({
      state: "scored",
      raw: { value: 1 },
    });
    const tool = join(folder, "tool.mjs");
    writeFileSync(
      tool,
      `import { createInterface } from "node:readline";
       const say = (reply) => console.log(JSON.stringify(reply));
       for await (const line of createInterface({ input: process.stdin })) {
         const { type, taskId, item } = JSON.parse(line);
         if (type === "hello") say({ version: "1" });
         else if (type === "open") say({ ready: true });
         else say({ taskId, itemId: item.id, status: "external", targets: [] });
       }`,
    );
    const program = run("--command", `"${process.execPath}" "${tool}"`, "--name", "outside");
    expect(program?.corpora[0]?.problems).toEqual({ malformed: 0, unasked: 0, repeated: 0, unanswered: 0 });
  });

  test("scores answers that were made elsewhere, and measures calibration", () => {
    const truth = join(folder, "node_modules/drift-cibench/corpora/real/svgwrite/truth/call-graph.json.gz");
    const answers = join(folder, "answers.jsonl");
    writeFileSync(answers, '{"taskId":"call-graph/svgwrite","itemId":"nothing","status":"unknown","targets":[]}\n');
    const scored = RunOutput.parse(recordOf("score", "--answers", answers, "--truth", truth)).reports[0];
    expect(scored?.corpora[0]?.problems).toMatchObject({ unasked: 1 });
    const lines = join(folder, "lines.jsonl");
    const said = [true, false, true, true].map((correct, at) => ({ confidence: 0.8, correct, cluster: `${at % 2}` }));
    writeFileSync(lines, said.map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect(recordOf("calibration", "--in", lines)).toMatchObject({ lines: 4, correct: 3 });
  });

  test("says what is wrong with arguments, and what is missing", () => {
    expect(cibench("run", "--tool", "x")).toMatchObject({ status: 2, stdout: "" });
    const missing = cibench("run", "--tool", "grep", "--corpus", "zod", "--offline");
    expect([missing.status, missing.stderr]).toEqual([3, expect.stringContaining("CORPUS_OFFLINE")]);
  });
});
