/** The benches on small folders: what they measure, what they keep, and what they say when something is missing. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listCorpora } from "@drift/corpora";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runBenches } from "../../src/bench-run.ts";
import { benchCommand, benchIndexCommand } from "../../src/commands/bench.ts";
import { resultPaths, readRawLines } from "../../src/store/run-file.ts";
import { Measurement, RunFile } from "../../src/store/schema.ts";
import { temporaryFolder } from "../fixtures.ts";
import { contextOf, createLab, inspect, type Lab, ROOT } from "./lab.ts";

const LONG_MS = 300_000;
let lab: Lab;

beforeAll(() => {
  lab = createLab();
  vi.stubEnv("npm_config_cache", lab.env["npm_config_cache"]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  lab.remove();
});

describe("bench index", { timeout: LONG_MS }, () => {
  test("finds every call that the peer's parser finds, in the same files, and keeps the samples", async () => {
    const folder = sources({
      "a.ts":
        'import { go } from "./b.js";\nconst s = "é😀"; go(1); new Map();\nasync function f() { return await g<string>(`x`); }\n',
      "b.js": "export function go(x) { return tag`a${x}` ?? x?.y?.(import('./c.mjs')); }\n",
      "c.mjs": "require('d');\nclass A extends B { constructor() { super(); super.m(); } }\n",
      "view.tsx": "export const v = <div onClick={() => go()}>{map(x)}</div>;\n",
      ".hidden/d.cjs": "hidden();\n",
      "ignored/e.ts": "ignored();\n",
      ".gitignore": "ignored/\n",
    });
    const file = await bench((context) =>
      benchIndexCommand(folder, { rounds: 3, label: "small", seed: 1, json: true }, context),
    );
    const { measurements, ratios } = file.report;
    const ratio = (name: string): unknown => ratios.find((one) => one.name === `index/${name}/small`);
    expect(ratio("completeness")).toMatchObject({ numerator: 12, denominator: 12, value: 1 });
    expect(ratio("beyond")).toMatchObject({ numerator: 0 });
    expect(ratio("files")).toMatchObject({ numerator: 5, denominator: 5 });
    expect(
      measurements.filter(({ metric }) => metric === "wall").map(({ tool, sampleCount }) => [tool, sampleCount]),
    ).toEqual([
      ["drift", 3],
      ["ast-grep", 3],
    ]);
    const raw = readRawLines(resultPaths(lab.results), file.raw.sha256) ?? "";
    const kept = raw
      .trim()
      .split("\n")
      .map((line) => Measurement.parse(JSON.parse(line)));
    expect(kept.map(({ samples }) => samples.length)).toEqual(measurements.map(({ sampleCount }) => sampleCount));
    expect(JSON.stringify(file)).not.toContain(folder);
    expect(inspect(lab).runs).toContain(file.id);
  });
});

describe("bench index refuses", () => {
  test.each([
    [{ label: "../x" }, "BAD_LABEL"],
    [{ rounds: 0 }, "BAD_LABEL"],
    [{ label: "x" }, "FOLDER_MISSING"],
  ])("%j with %s", async (flags, code) => {
    const folder = join(temporaryFolder(), "Missing Folder");
    const options = { rounds: 1, seed: 1, json: true, ...flags };
    await expect(benchIndexCommand(folder, options, contextOf(lab))).rejects.toMatchObject({ code });
  });

  test("a folder whose name cannot stand in results, unless it is given one", async () => {
    const folder = join(temporaryFolder(), "Missing Folder");
    await expect(benchIndexCommand(folder, { rounds: 1, seed: 1, json: true }, contextOf(lab))).rejects.toMatchObject({
      code: "BAD_LABEL",
      hint: expect.stringContaining("--label") as string,
    });
  });
});

describe("bench", { timeout: LONG_MS }, () => {
  test("a checkout beside itself has ratios around one, by case", async () => {
    const file = await bench((context) =>
      benchCommand(
        { quick: true, against: ROOT, rounds: 2, offline: true, seed: 1, json: true, corpus: ["calls-small"] },
        context,
      ),
    );
    const { ratios } = file.report;
    expect(ratios.map(({ name }) => name)).toEqual(
      ["index-cold", "reopen-unchanged", "callers", "call-graph"].map((name) => `against/engine/${name}/calls-small`),
    );
    for (const { value, n } of ratios) {
      expect(n).toBe(2);
      expect(value).toBeGreaterThan(0.1);
      expect(value).toBeLessThan(10);
    }
  });

  test("a case that fails is named, and the others still stand", async () => {
    const spec = listCorpora().find(({ id }) => id === "calls-small");
    if (spec === undefined) throw new Error("calls-small is part of the checkout");
    const corpus = { spec, root: temporaryFolder(), files: [], dependencies: null };
    const close = async (): Promise<void> => {};
    const { report } = await runBenches({
      ...{
        root: ROOT,
        corpora: [corpus],
        mode: "quick",
        seed: 1,
        now: () => new Date(),
        engineVersion: "0.1.0",
        reproduce: "x",
      },
      criterion: { skip: "no compiler" },
      onCase: () => {},
      cases: [
        { id: "engine/good", samples: { quick: 3, full: 3 }, prepare: async () => ({ run: async () => 1, close }) },
        {
          id: "engine/bad",
          samples: { quick: 3, full: 3 },
          prepare: async () => ({ run: () => Promise.reject(new Error("x")), close }),
        },
      ],
    });
    expect(report.measurements.map(({ caseId }) => caseId)).toEqual(["engine/good/calls-small"]);
    expect(report.notRun).toEqual([
      { runner: "tinybench", reason: "engine/bad/calls-small: engine/bad on calls-small did not finish" },
      { runner: "criterion", reason: "no compiler" },
    ]);
  });
});

type BenchRun = Extract<RunFile, { suite: "bench" }>;

/** Runs a bench command and reads the record that it prints. */
async function bench(command: (context: ReturnType<typeof contextOf>) => Promise<void>): Promise<BenchRun> {
  const stdout: string[] = [];
  await command({ ...contextOf(lab), stdout: { write: (text) => stdout.push(text) } });
  const file = RunFile.parse(JSON.parse(stdout.join("")));
  if (file.suite !== "bench") throw new Error("a bench run was asked for");
  return file;
}

/** A git checkout with these files. */
function sources(files: Record<string, string>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".git"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
