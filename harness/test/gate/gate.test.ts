/** The commands within this process, on tiny repositories whose programs take no time; what is measured is real. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gateAnswer } from "../../src/commands/gate.ts";
import { caseEnvironment } from "../../src/gate/gate.ts";
import { RunReport } from "../../src/gate/run-cases.ts";
import { GateReport } from "../../src/gate/schema.ts";
import { Proof } from "../../src/prove/schema.ts";
import { temporaryFolder } from "../fixtures.ts";
import { driftBench } from "./in-process.ts";
import { tinyRepository } from "./tiny-repository.ts";

/** A program that says a fixed value: with it a gate's answer does not depend on how busy this machine is. */
const says = (value: number, id = "fixed"): string =>
  `echo '{"cases": [{"id": "${id}", "unit": "us", "samples": [${value}, ${value + 1}, ${value}]}]}'\n`;

const config = (cases: object[], more: object = {}): string => JSON.stringify({ cases, ...more });
const FIXED = { id: "own", command: ["sh", "say.sh"], output: { format: "drift" } };
const QUICK = ["--screen-pairs", "6", "--confirm-pairs", "7", "--most-pairs", "8"];

function gate(root: string, ...args: string[]) {
  return driftBench(root, ["gate", "--cache", join(root, ".cache"), ...QUICK, ...args]);
}

const reportOf = (output: string): GateReport => GateReport.parse(JSON.parse(output));

describe("drift-bench gate", () => {
  test("compares two commits, and says again what it was asked", async () => {
    const repository = tinyRepository({ "say.sh": says(100), "drift-bench.json": config([FIXED]) });
    repository.commit({ "say.sh": says(150) });
    const slower = await gate(repository.root, "--base", "HEAD~1", "--head", "HEAD", "--json");
    const report = reportOf(slower.output);
    expect(slower.answer).toBe(1);
    expect(report).toMatchObject({
      verdict: "regressed",
      base: { ref: "HEAD~1" },
      head: { ref: "HEAD" },
      notCompared: [],
    });
    expect(report.cases[0]).toMatchObject({
      caseId: "own/fixed",
      ratio: 1.5,
      screenPairs: 6,
      confirmPairs: 7,
      unit: "ns",
    });
    expect(report.samples[0]?.pairs[0]?.base).toEqual({
      value: 100_000,
      samples: [100_000, 101_000, 100_000],
      warmupCapped: false,
    });
    const faster = await gate(repository.root, "--base", "HEAD", "--head", "HEAD~1");
    expect(faster.answer).toBe(0);
    expect(faster.output).toContain("improved: worse by more than 2 %");
    expect(faster.output).toContain("again: npm run --silent drift-bench -- gate --base HEAD --head HEAD~1 --seed 1");
  });

  test("of a commit with itself is unchanged, and remembers what this machine's noise is", async () => {
    const { root } = tinyRepository({
      "say.sh": says(100),
      "drift-bench.json": config([FIXED], { build: ["echo built > built.txt"] }),
    });
    const first = await gate(root, "--base", "HEAD", "--head", "HEAD", "--independent-builds");
    expect([first.answer, first.progress]).toEqual([0, expect.stringContaining("echo built > built.txt")]);
    const trees = join(
      root,
      ".cache",
      readdirSync(join(root, ".cache")).find((name) => !name.startsWith("noise")) as string,
    );
    expect(readdirSync(trees).filter((name) => name.endsWith(".built"))).toHaveLength(2);
    const noise = readdirSync(join(root, ".cache")).find((name) => name.startsWith("noise")) as string;
    const profile = JSON.parse(readFileSync(join(root, ".cache", noise), "utf8")) as { series: { runs: boolean[] }[] };
    expect(profile.series.map(({ runs }) => runs)).toEqual([[false]]);
    const second = await gate(root, "--base", "HEAD", "--head", "HEAD");
    expect(second.progress).not.toContain("echo built");
    expect(existsSync(join(root, "built.txt"))).toBe(false);
  });

  test("takes folders that are built already, with one configuration for both", async () => {
    const root = temporaryFolder();
    for (const [side, value] of [
      ["base", 100],
      ["head", 90],
    ] as const) {
      mkdirSync(join(root, side));
      writeFileSync(join(root, side, "say.sh"), says(value));
    }
    writeFileSync(join(root, "both.json"), config([FIXED], { gate: { screenPairs: 5 } }));
    const { output, answer } = await gate(
      root,
      "--base-dir",
      "base",
      "--head-dir",
      "head",
      "--config",
      "both.json",
      "--json",
    );
    expect([answer, reportOf(output).verdict]).toEqual([0, "improved"]);
    await expect(gate(root, "--base-dir", "base", "--head-dir", "none", "--config", "both.json")).rejects.toThrow(
      "there is no",
    );
    await expect(gate(root, "--base-dir", "base", "--head-dir", "head")).rejects.toThrow("drift-bench.json");
  });

  test("names cases of one side, and is not green when one failed", async () => {
    const old = { ...FIXED, id: "old" };
    const repository = tinyRepository({ "say.sh": says(100), "drift-bench.json": config([FIXED, old]) });
    const breaks = { id: "breaks", command: ["sh", "-c", "exit 3"] };
    repository.commit({ "drift-bench.json": config([FIXED, breaks, { ...FIXED, id: "fresh" }]) });
    repository.commit({ "drift-bench.json": config([FIXED, breaks]) });
    const first = await gate(repository.root, "--base", "HEAD~2", "--head", "HEAD", "--json");
    expect(first.answer).toBe(0);
    expect(reportOf(first.output).notCompared).toEqual([
      { caseId: "breaks", state: "new", reason: "only the head has it" },
      { caseId: "old", state: "removed", reason: "only the base has it" },
    ]);
    const second = await gate(repository.root, "--base", "HEAD~1", "--head", "HEAD");
    expect([second.answer, second.output]).toEqual([3, expect.stringContaining("breaks: failed, ")]);
    await expect(gate(repository.root, "--base", "HEAD", "--head", "HEAD", "--case", "^breaks")).rejects.toThrow(
      /no case could be measured\n {2}breaks: (base|head): "sh -c exit 3" ended with 3/,
    );
  });

  test("leaves out counts whose tool is missing, and says so", async () => {
    const count = { id: "count", command: ["sh", "-c", "true"], counts: ["instructions"] };
    const repository = tinyRepository({
      "say.sh": says(100),
      "drift-bench.json": config([FIXED, count], { env: { PATH: "/nowhere:/bin" } }),
    });
    writeFileSync(
      join(repository.root, "c.json"),
      config([{ ...FIXED, command: ["/bin/sh", "say.sh"] }, count], { env: { PATH: "/nowhere" } }),
    );
    const { output, answer } = await gate(
      repository.root,
      "--base",
      "HEAD",
      "--head",
      "HEAD",
      "--config",
      "c.json",
      "--json",
    );
    expect(answer).toBe(0);
    expect(reportOf(output).notCompared).toEqual([
      { caseId: "count", state: "unavailable", reason: expect.stringContaining("valgrind, which is not installed") },
    ]);
  });

  test("answers 4 for noise only where that is asked for", () => {
    const report = { verdict: "inconclusive", notCompared: [] } as unknown as GateReport;
    expect([gateAnswer(report, false), gateAnswer(report, true)]).toEqual([0, 4]);
  });

  test("passes on little of its environment, the same to both sides", () => {
    expect(caseEnvironment({ PATH: "/bin", SECRET: "x", HOME: undefined }, { A: "1" })).toEqual({
      PATH: "/bin",
      A: "1",
    });
  });

  test.each([[["--budget", "soon"]], [["--case", "("]], [["--screen-pairs", "0"]], [["--margin", "2"]]])(
    "refuses %j",
    async (flags) => {
      await expect(gate(".", "--base", "a", "--head", "b", ...flags)).rejects.toThrow("is invalid. It must be");
    },
  );
});

describe("drift-bench run", () => {
  test("measures what is there, and names what fails", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "say.sh"), says(100));
    writeFileSync(
      join(root, "drift-bench.json"),
      config([FIXED, { id: "breaks", command: "exit 4" }, { id: "shell", command: "true" }]),
    );
    const json = await driftBench(root, ["run", "--processes", "2", "--json"]);
    const report = RunReport.parse(JSON.parse(json.output));
    expect([json.answer, report.failed]).toEqual([3, [{ caseId: "breaks", reason: '"exit 4" ended with 4' }]]);
    expect(report.measurements.map(({ caseId, metric, processes }) => [caseId, metric, processes.length])).toEqual([
      ["own/fixed", "time", 2],
      ["shell", "wall", 2],
    ]);
    const text = await driftBench(root, ["run", "--case", "own"]);
    expect([text.answer, text.output]).toEqual([0, expect.stringContaining("100.0 us")]);
    await expect(driftBench(root, ["run", "--case", "breaks"])).rejects.toThrow("no case could be measured");
  });

  test.each([
    ["{", "Expected property name"],
    [config([]), "it has neither cases nor scores"],
    [config([], { scores: [{ id: "s", command: "x {out}", repeats: 2 }] }), "scores.0.repeats: "],
    [config([FIXED, FIXED]), 'the case "own" is there twice'],
    [config([{ ...FIXED, id: "Big Letters" }]), 'case "Big Letters": id: '],
    [config([{ ...FIXED, output: { format: "punchcards" } }]), 'case "own": output.format: '],
    [config([FIXED], { speed: 1 }), 'Unrecognized key: "speed"'],
  ])("of the configuration %s says what is wrong", async (text, said) => {
    const root = temporaryFolder();
    writeFileSync(join(root, "drift-bench.json"), text);
    await expect(driftBench(root, ["run"])).rejects.toThrow(said);
  });
});

describe("drift-bench prove", () => {
  test("fills pools, forms gates, runs live ones and keeps what came of it", { timeout: 240_000 }, async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "say.sh"), says(100));
    writeFileSync(
      join(root, "drift-bench.json"),
      config([FIXED, { ...FIXED, id: "second" }], { gate: { screenPairs: 6, confirmPairs: 6 } }),
    );
    expect((await driftBench(root, ["prove", "pool", "--pairs", "25"])).output).toBe(
      "idle-same: 25 pairs of each of 2 cases\n",
    );
    await driftBench(root, ["prove", "pool", "--pairs", "8", "--plant", "spin", "--share", "0.1", "--loaded"]);
    const live = await driftBench(root, ["prove", "live", "--count", "1", "--loaded", "--save"]);
    expect([live.answer, live.output]).toEqual([0, expect.stringMatching(/^seed 1: unchanged, 2 cases in \d+ s\n$/)]);
    const gates = await driftBench(root, ["prove", "gates", "--gates", "30", "--save"]);
    expect([gates.answer, gates.output]).toEqual([0, expect.stringContaining("red without a change: 0 of 30 gates")]);
    const simulated = await driftBench(root, ["prove", "simulate", "--gates", "2", "--save"]);
    expect(simulated.output).toContain("the last column is the negative control");
    const proof = Proof.parse(JSON.parse(readFileSync(join(root, "results/long/prove.json"), "utf8")));
    expect([proof.live.length, proof.formed.length, proof.simulated.length, proof.commands.length]).toEqual([
      1, 1, 11, 3,
    ]);
    const told = await gate(root, "--base-dir", ".", "--head-dir", ".", "--case", "^own");
    expect(told.output).toContain("on this kind of machine 0 of 30 gates without a change were red");
    await expect(driftBench(root, ["prove", "gates", "--out", "none"])).rejects.toThrow("there is no pool");
    await expect(driftBench(root, ["prove", "pool", "--case", "none"])).rejects.toThrow("no case has such an id");
  });
});

describe("drift-bench ingest and doctor", () => {
  test("show what they found", { timeout: 120_000 }, async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "mine.json"), '{"cases": [{"id": "a", "unit": "ms", "samples": [1, 2, 3]}]}');
    const { output, answer } = await driftBench(root, ["ingest", "mine.json"]);
    expect([answer, output]).toEqual([0, expect.stringContaining("2000000 ns")]);
    const json = await driftBench(root, ["ingest", "mine.json", "--format", "drift", "--json"]);
    expect(JSON.parse(json.output)).toMatchObject({ schemaVersion: 1, format: "drift", cases: [{ caseId: "a" }] });
    writeFileSync(join(root, "prose.txt"), "nothing");
    await expect(driftBench(root, ["ingest", "prose.txt"])).rejects.toThrow("no tool is known that writes this");
    const doctor = await driftBench(root, ["doctor", "--budget", "1ms", "--cases", "2", "--json"]);
    expect(JSON.parse(doctor.output)).toMatchObject({
      schemaVersion: 1,
      cases: 2,
      noise: { visible: [{ minutes: 1 }, {}, {}] },
    });
  });
});
