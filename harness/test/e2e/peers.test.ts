import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DriftError } from "@drift/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { incrementalCommand } from "../../src/commands/incremental.ts";
import { killCommand } from "../../src/commands/kill.ts";
import { peersCommand } from "../../src/commands/peers.ts";
import { scaleCommand } from "../../src/commands/scale.ts";
import { measurePeers, type PeersReport, renderPeers } from "../../src/peers/measure.ts";
import { packagePeer, PACKAGES } from "../../src/peers/tools.ts";
import { KillRecord, readLongFile, ScaleRecord } from "../../src/store/long-file.ts";
import type { IncrementalReport } from "../../src/suites/incremental.ts";
import { contextOf, createLab, type Lab } from "./lab.ts";

let lab: Lab;
let project: string;
beforeEach(() => {
  lab = createLab();
  project = join(lab.results, "shop");
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src/price.ts"), "export function price(n: number) { return n * 2; }\n");
  writeFileSync(
    join(project, "src/cart.ts"),
    'import { price } from "./price.ts";\nexport const total = () => price(1);\n',
  );
  writeFileSync(join(project, "tool.py"), "def run():\n    return run()\n");
});
afterEach(() => lab.remove());

// Cargo may have to build the parser first.
test("tools are measured on the same files, with counts and ratios", { timeout: 600_000 }, async () => {
  const { context, output } = written();
  await peersCommand(project, { tools: ["drift", "@ast-grep/cli", "tree-sitter"], rounds: 2, json: true }, context);
  const report = JSON.parse(output.join("")) as PeersReport;
  const [drift, astGrep, treeSitter] = report.tools;
  expect(drift).toMatchObject({
    status: "measured",
    counts: { files: 3, functions: 3, callSites: 2 },
    passes: [{ name: "cold" }, { name: "unchanged" }],
  });
  expect(astGrep).toMatchObject({ status: "measured", counts: { files: 3 }, passes: [{ ratio: { wall: 1 } }] });
  expect(treeSitter).toMatchObject({ status: "measured", counts: { files: 3 } });
  for (const tool of report.tools) {
    if (tool.status !== "measured") throw new Error(`${tool.tool} was not measured`);
    for (const { wallMs, ratio } of tool.passes) {
      expect(wallMs.samples).toHaveLength(2);
      expect(ratio?.wall).toBeGreaterThan(0);
    }
  }
  expect(renderPeers(report)).toMatch(/drift .*cold.*3 files, 3 functions, 2 callSites/);
});

test("a tool that fails or cannot be had is not measured, for a reason, and stops no other", async () => {
  const fails = (tool: string, code: number) => ({
    ...{ tool, version: "1", does: "nothing", counts: () => ({}) },
    passes: [
      {
        name: "cold" as const,
        command: { tool, file: process.execPath, args: ["-e", `process.exit(${code})`], cwd: project, okCodes: [0, 1] },
      },
    ],
  });
  const results = await measurePeers(
    [fails("bad", 2), fails("good", 1), { tool: "gone", version: "1", reason: "no network" }],
    {
      rounds: 1,
      onRound: () => {},
    },
  );
  expect(results).toMatchObject([
    { tool: "bad", status: "not measured", reason: "bad ended with 2" },
    { tool: "good", status: "measured", passes: [{ ratio: null }] },
    { tool: "gone", status: "not measured", reason: "no network" },
  ]);
  const report = { schemaVersion: 1 as const, folder: "shop", environment: "", rounds: 1, tools: results };
  expect(renderPeers(report)).toContain("not measured: gone 1: no network");
});

test("what tools from the registry print is read for counts", () => {
  const modules = join(lab.results, "node_modules");
  const said: Record<string, [string, Record<string, number>]> = {
    oxlint: ["Finished in 3ms on 7,062 files with 1 rules", { files: 7062 }],
    "dependency-cruiser": ['{"modules":[{},{}]}', { modules: 2 }],
    madge: ['{"a":[],"b":["a"]}', { modules: 2 }],
    tsc: ["Files:            12\nLines: 3\n", { files: 12 }],
    codegraph: ["Indexed 2 files\n1,024 nodes, 30 edges", { files: 2, nodes: 1024, edges: 30 }],
  };
  for (const of of PACKAGES) {
    mkdirSync(join(modules, of.package), { recursive: true });
    writeFileSync(join(modules, of.package, "package.json"), '{ "bin": { "it": "cli.js" } }');
    const peer = packagePeer(of, modules, { folder: project, scratch: join(lab.results, "beside") });
    const [text, counts] = said[of.tool] ?? ["", {}];
    expect(peer.counts(text), of.tool).toEqual(counts);
    expect(Object.keys(peer.counts("nothing of use")), of.tool).toEqual([]);
    for (const { command, forget } of peer.passes) {
      forget?.();
      expect(command.args.length).toBeGreaterThan(0);
    }
  }
});

test("a tool or folder that is not there is said to be missing", async () => {
  const flags = { rounds: 1, json: false };
  await expect(peersCommand(join(project, "no"), flags, written().context)).rejects.toMatchObject({
    code: "FOLDER_MISSING",
  });
  const unknown = peersCommand(project, { ...flags, tools: ["grep"] }, written().context);
  await expect(unknown).rejects.toMatchObject({ code: "UNKNOWN_TOOL" });
});

test(
  "edits, starts and questions are timed, and edited states are those of a cold index",
  { timeout: 600_000 },
  async () => {
    const flags = { edits: 2, solves: 1, starts: 1, queries: 3, checks: 1, seed: 1 };
    const { context, output } = written();
    await incrementalCommand(project, { ...flags, json: true }, context);
    const report = JSON.parse(output.join("")) as IncrementalReport;
    expect(report).toMatchObject({ folder: "shop", files: 3, checked: 4, wrong: 0, centralEdit: { callingFiles: 1 } });
    expect([report.edit.move?.n, report.edit.call?.n, report.query?.callers.n]).toEqual([2, 1, 3]);
    const shown = written();
    await incrementalCommand(project, { ...flags, queries: 0, json: false }, shown.context);
    expect(shown.output.join("")).toMatch(/nothing changed +p50/);
    const empty = join(lab.results, "empty");
    mkdirSync(empty);
    const nothing = incrementalCommand(empty, { ...flags, json: false }, written().context);
    await expect(nothing).rejects.toMatchObject({ code: "NOTHING_TO_INDEX" });
  },
);

test("killed runs are counted on from where the last call ended", { timeout: 600_000 }, async () => {
  for (const next of [4, 8]) {
    await killCommand({ times: 4, files: 20, seed: 1, json: false }, written().context);
    const [run, ...more] = readLongFile(lab.results, "kill", KillRecord)?.runs ?? [];
    expect(more).toEqual([]);
    expect(run).toMatchObject({ first: 0, next, failures: [] });
    expect((run?.killed ?? 0) + (run?.late ?? 0)).toBe(next);
  }
});

test("projects of each shape are measured once, and kept", { timeout: 600_000 }, async () => {
  const flags = { sizes: [10, 20], packages: 3, seed: 1, json: false };
  // What so small sizes cost says nothing about growth; the record is kept and shown whatever it says.
  const codeOf = (error: unknown): string => (error as DriftError).code;
  const code = await scaleCommand(flags, written().context).then(() => "GROWS_TOO_FAST", codeOf);
  expect(code).toBe("GROWS_TOO_FAST");
  const rows = readLongFile(lab.results, "scale", ScaleRecord)?.rows ?? [];
  expect(rows.map(({ shape, size }) => `${shape} ${size}`)).toEqual([
    "one 10",
    "mixed 10",
    "one 20",
    "mixed 20",
    "packages 3",
  ]);
  expect(rows.find(({ shape }) => shape === "packages")).toMatchObject({ files: 12, callSites: 18 });
  const bad = scaleCommand({ ...flags, sizes: [1] }, written().context);
  await expect(bad).rejects.toMatchObject({ code: "BAD_SIZES" });
});

function written(): { context: ReturnType<typeof contextOf>; output: string[] } {
  const output: string[] = [];
  const context = { ...contextOf(lab), stdout: { write: (text: string) => output.push(text) } };
  return { context, output };
}
