/** The suites of `harness/bench/suites/`: data that covers what is there, and cases that run. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ADAPTERS } from "@drift/cibench";
import { listCorpora } from "@drift/corpora";
import { describe, expect, test } from "vitest";
import { BOUNDARY_CASES } from "../../bench/boundary.bench.ts";
import { ENGINE_CASES } from "../../bench/engine.bench.ts";
import { inputFolder } from "../../bench/inputs.ts";
import { type CaseConfig, readBenchConfig } from "../../src/gate/config.ts";
import { caseEnvironment } from "../../src/gate/gate.ts";
import { runCase } from "../../src/runners/runner.ts";
import { temporaryFolder } from "../fixtures.ts";
import { ROOT } from "../e2e/lab.ts";

const suite = (name: string) => readBenchConfig(join(ROOT, `harness/bench/suites/${name}.json`));
const idsOf = (name: string): string[] => suite(name).cases.map(({ id }) => id);
const ENGINE_INPUTS = ["generated-40", "generated-400", "generated-4000", "find-my-way", "zod", "networkx"];
const CORPORA = ["calls-small", "calls-medium", "find-my-way", "zod", "networkx"];

describe("the suites", () => {
  test("time every criterion bench of the engine's stages", () => {
    const manifest = readFileSync(join(ROOT, "crates/drift-bench/Cargo.toml"), "utf8");
    const benches = [...manifest.matchAll(/\[\[bench\]\]\nname = "(.*)"/g)].map(([, name]) => `stages/${name}`);
    expect(idsOf("stages").toSorted()).toEqual(benches.toSorted());
  });

  test("time every case of the API and of the boundary on three made-up and three real sizes", () => {
    const cases = [...ENGINE_CASES, ...BOUNDARY_CASES].map(({ id }) => id);
    const all = cases.flatMap((id) => ENGINE_INPUTS.map((input) => `${id}/${input}`));
    expect(idsOf("engine").toSorted()).toEqual(all.toSorted());
    const sizes = ENGINE_INPUTS.map((input) => listCorpora().find(({ id }) => id === input)?.sizeClass ?? "made up");
    expect(sizes).toEqual(["made up", "made up", "made up", "small", "medium", "large"]);
  });

  test("time every tool of the benchmark on every size, and a command of every product", () => {
    const ids = idsOf("commands");
    for (const tool of Object.keys(ADAPTERS))
      expect(ids).toEqual(expect.arrayContaining(CORPORA.map((corpus) => `cibench-run/${tool}/${corpus}`)));
    for (const input of ENGINE_INPUTS) expect(ids).toContain(`callgraph/${input}`);
    const scripts = new Set(suite("commands").cases.map(({ command }) => command[1]));
    for (const script of ["engine/bin/callgraph.mjs", "cibench/src/cli/main.ts", "corpora/src/cli/main.ts"])
      expect(scripts).toContain(script);
    expect(ids).toEqual(expect.arrayContaining(["corpora-list", "cibench-list", "results-list", "drift-bench-help"]));
  });

  test("build what their cases read", () => {
    const built = (name: string): string[] => suite(name).build.flatMap((command) => [...command]);
    expect(built("engine")).toEqual(expect.arrayContaining(ENGINE_INPUTS));
    expect(built("commands")).toEqual(expect.arrayContaining([...ENGINE_INPUTS, ...CORPORA]));
  });

  const caseOf = (name: string, id: string) => suite(name).cases.find((one) => one.id === id) as CaseConfig;

  test("have cases that run: one of the boundary, one whole command", async () => {
    await inputFolder("generated-40", ROOT);
    const place = { folder: ROOT, env: caseEnvironment(process.env, {}), scratch: temporaryFolder() };
    const [refused, ...others] = await runCase(caseOf("engine", "boundary/refusal/generated-40"), place);
    expect([refused?.caseId, refused?.unit, others]).toEqual(["boundary/refusal/generated-40", "ns", []]);
    // As many as its time allows, 500 at most.
    expect(refused?.value.samples.length).toBeGreaterThan(0);
    expect(refused?.value.samples.length).toBeLessThanOrEqual(500);
    const graph = await runCase(caseOf("commands", "callgraph/generated-40"), place);
    expect(graph.map(({ metric }) => metric)).toEqual(["wall", "cpu", "peak-memory", "page-faults"]);
  });
});

describe("an entry with over", () => {
  const read = (cases: object[]) => {
    const file = join(temporaryFolder(), "drift-bench.json");
    writeFileSync(file, JSON.stringify({ cases }));
    return readBenchConfig(file).cases;
  };

  test("is one case for each combination, filled in everywhere", () => {
    const cases = read([
      {
        id: "{tool}/{size}",
        over: { tool: ["a", "b"], size: ["10", "1000"] },
        command: ["run", "{tool}", "--n={size}", "{other}"],
        output: { format: "drift", file: "{tool}-{size}.json" },
      },
    ]);
    expect(cases.map(({ id }) => id)).toEqual(["a/10", "a/1000", "b/10", "b/1000"]);
    expect(cases[1]).toMatchObject({ command: ["run", "a", "--n=1000", "{other}"], output: { file: "a-1000.json" } });
  });

  test("says what is wrong with it", () => {
    const one = { id: "x/{size}", command: "x" };
    expect(() => read([{ ...one, over: { size: [] } }])).toThrow('case "x/{size}": over.size: ');
    expect(() => read([{ ...one, over: ["10"] }])).toThrow('case "x/{size}": over.');
    expect(() => read([{ ...one, id: "x", over: { size: ["1", "2"] } }])).toThrow('the case "x" is there twice');
  });
});
