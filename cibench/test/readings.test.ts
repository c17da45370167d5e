import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepVerdicts } from "@drift/corpora";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Io } from "../src/cli/io.ts";
import { runCli } from "../src/cli/program.ts";
import { drawEdges, edgeKey } from "../src/readings/draw.ts";
import { readingsMarkdown } from "../src/readings/describe.ts";
import { summarizeReadings } from "../src/readings/summary.ts";
import { Reading, ReadingOutput, type ReadEdge } from "../src/schema/reading.ts";
import { sourceCorpora, writeSources } from "./support/source-corpus.ts";

let folder: string;
let root: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-readings-"));
  root = join(folder, "source");
  mkdirSync(root);
  writeSources(root);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function reading(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const io: Io = {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    isTerminal: false,
    now: () => new Date("2026-11-29T12:00:00.000Z"),
    clock: () => 0,
    corpora: sourceCorpora(root),
    code: () => "of this test",
    interrupted: async () => undefined,
  };
  return { code: await runCli(["reading", ...argv], io), stdout, stderr };
}

const EDGE: ReadEdge = {
  site: { file: "a.ts", line: 1, column: 1, kind: "call", text: "f()" },
  target: { file: "b.ts", line: 2, column: 1, name: "f", kind: "function" },
  probability: 0.9,
  verdict: null,
  why: null,
};

function readingOf(...verdicts: ReadEdge["verdict"][]): Reading {
  return {
    schemaVersion: 1,
    corpus: { id: "one", version: "1.0.0" },
    tool: { name: "drift", version: "0.0.0" },
    command: "none",
    seed: 1,
    from: 50,
    edges: verdicts.map((verdict) => ({ ...EDGE, verdict })),
  };
}

describe("cibench reading draw", () => {
  test("draws edges to functions of the corpus with the text of the call, the same for the same seed", async () => {
    const first = await reading("draw", "--corpus", "source", "--count", "4", "--seed", "7");
    expect(first.code).toBe(0);
    const drawn = Reading.parse(JSON.parse(first.stdout));
    expect(drawn.edges).toHaveLength(4);
    expect(drawn.from).toBeGreaterThan(4);
    for (const { site, target, verdict } of drawn.edges) {
      const line = readFileSync(join(root, site.file), "utf8").split("\n")[site.line - 1] as string;
      expect(line.slice(site.column - 1)).toBe(site.text);
      expect(readFileSync(join(root, target.file), "utf8").split("\n")[target.line - 1]).toContain(
        target.name.replaceAll(/[<>]/g, ""),
      );
      expect(verdict).toBeNull();
    }
    expect(await reading("draw", "--corpus", "source", "--count", "4", "--seed", "7")).toEqual(first);
    const other = Reading.parse(
      JSON.parse((await reading("draw", "--corpus", "source", "--count", "4", "--seed", "8")).stdout),
    );
    expect(other.edges).not.toEqual(drawn.edges);
  });
  test("draws each edge once, and all when there are not as many as wanted", async () => {
    const { stdout } = await reading("draw", "--corpus", "source", "--count", "1000");
    const { edges, from } = Reading.parse(JSON.parse(stdout));
    expect(edges).toHaveLength(from);
    expect(new Set(edges.map((edge) => JSON.stringify([edge.site, edge.target]))).size).toBe(from);
  });
  test("writes them into a file, or says that it could not", async () => {
    const out = join(folder, "drawn.json");
    expect(await reading("draw", "--corpus", "source", "--out", out)).toMatchObject({ code: 0, stdout: "" });
    expect(Reading.parse(JSON.parse(readFileSync(out, "utf8"))).edges.length).toBeGreaterThan(0);
    const { code, stderr } = await reading("draw", "--corpus", "source", "--out", join(folder, "no", "drawn.json"));
    expect([code, stderr]).toEqual([3, expect.stringContaining("OUTPUT_UNWRITABLE")]);
  });
  test("refuses a count that is none", async () => {
    expect(await reading("draw", "--corpus", "source", "--count", "0")).toMatchObject({ code: 2 });
  });
  test("every edge is drawn equally often", () => {
    const functions = Array.from({ length: 10 }, (_, i) => ({
      ...{ id: `a.ts#f${i}`, name: `f${i}`, kind: "function" as const, file: "a.ts" },
      ...{ line: i + 1, column: 1, endLine: i + 1, endColumn: 1 },
    }));
    const callSites = functions.map(({ id, line }) => ({
      ...{ kind: "call" as const, file: "b.ts", line, column: 1, endLine: line, endColumn: 1, caller: "b.ts#<module>" },
      ...{ status: "certain" as const, targets: [{ id, probability: 0.9, evidence: "tracked" as const, among: 1 }] },
    }));
    const times = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      const options = { graph: { functions, callSites }, files: new Set(["b.ts"]), count: 3, seed, linesOf: () => [] };
      for (const { target } of drawEdges(options).edges) times.set(target.name, (times.get(target.name) ?? 0) + 1);
    }
    // 1,200 draws over ten edges: 120 each, with a standard deviation of 9.2.
    for (const { name } of functions) expect(Math.abs((times.get(name) ?? 0) - 120)).toBeLessThan(45);
  });
});

describe("edges that are drawn again", () => {
  const functions = ["f", "g"].map((name, i) => ({
    ...{ id: `a.ts#${name}`, name, kind: "function" as const, file: "a.ts" },
    ...{ line: i + 1, column: 1, endLine: i + 1, endColumn: 2 },
  }));
  const sites = Array.from({ length: 40 }, (_, i) => ({
    ...{ kind: "call" as const, file: "b.ts", line: i + 1, column: 1, endLine: i + 1, endColumn: 2, caller: "b.ts#g" },
    ...{ status: "certain" as const },
    targets: [{ id: functions[i % 2]?.id as string, probability: 0.9, evidence: "tracked" as const, among: 1 }],
  }));
  const draw = (callSites: typeof sites) =>
    drawEdges({ graph: { functions, callSites }, files: new Set(["b.ts"]), count: 8, seed: 1, linesOf: () => [] })
      .edges;

  test("are the same where only others are gone, and keep their verdicts", () => {
    const first = draw(sites).map((edge) => ({ ...edge, verdict: "right" as const, why: "l. 1" }));
    const drawn = new Set(first.map(({ site }) => site.line));
    const other = sites.find(({ line }) => !drawn.has(line));
    expect(keepVerdicts(draw(sites.filter((site) => site !== other)), first, edgeKey)).toEqual(first);
  });
  test("are unread where they had not been drawn", () => {
    const first = draw(sites).map((edge) => ({ ...edge, verdict: "right" as const, why: "l. 1" }));
    const gone = first[0]?.site.line;
    const again = keepVerdicts(draw(sites.filter(({ line }) => line !== gone)), first, edgeKey);
    expect(again.filter(({ verdict }) => verdict === null)).toHaveLength(1);
    expect(again.filter(({ verdict }) => verdict === "right")).toHaveLength(7);
  });
});

describe("cibench reading show", () => {
  test("counts verdicts; what is undecided is neither right nor wrong", () => {
    const { corpora } = summarizeReadings([readingOf("right", "right", "right", "wrong", "undecided", null)]);
    expect(corpora).toMatchObject([
      { id: "one", from: 50, right: 3, wrong: 1, undecided: 1, unread: 1, precision: 0.75 },
    ]);
    // Clopper and Pearson for 3 of 4.
    expect(corpora[0]?.low).toBeCloseTo(0.1941, 4);
    expect(corpora[0]?.high).toBeCloseTo(0.9937, 4);
  });
  test("has no share where nothing was decided", () => {
    expect(summarizeReadings([readingOf("undecided", null)]).corpora).toMatchObject([
      { precision: null, low: null, high: null },
    ]);
  });
  test("reads a folder, as table and as record", async () => {
    const files = join(folder, "readings");
    mkdirSync(files);
    writeFileSync(join(files, "one.json"), JSON.stringify(readingOf("right", "wrong")));
    const { corpora } = ReadingOutput.parse(JSON.parse((await reading("show", files, "--json")).stdout));
    expect(corpora).toMatchObject([{ right: 1, wrong: 1, precision: 0.5 }]);
    expect((await reading("show", files)).stdout).toContain("50.0 %");
  });
  test("writes the table into a README", async () => {
    const [files, readme] = [join(folder, "shown"), join(folder, "README.md")];
    mkdirSync(files);
    writeFileSync(join(files, "one.json"), JSON.stringify(readingOf("right", "wrong")));
    writeFileSync(readme, "# A\n\n<!-- readings: generated by `x` -->\n\n<!-- readings: end -->\n");
    expect(await reading("show", files, "--readme", readme)).toMatchObject({ code: 0 });
    expect(readFileSync(readme, "utf8")).toContain(
      "| one    | 50       | 1     | 1     | 0         | 0        | 50.0 %    |",
    );
    writeFileSync(readme, "# A\n");
    expect(await reading("show", files, "--readme", readme)).toMatchObject({ code: 3 });
  });
  test("the README of the package has what the stored readings say, and none is unread", () => {
    const stored = new URL("../readings/", import.meta.url);
    const names = readdirSync(stored).toSorted();
    const readings = names.map((name) => Reading.parse(JSON.parse(readFileSync(new URL(name, stored), "utf8"))));
    expect(readings.length).toBeGreaterThanOrEqual(6);
    expect(readings.flatMap(({ edges }) => edges).filter(({ verdict, why }) => verdict === null || !why)).toEqual([]);
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    for (const line of readingsMarkdown(summarizeReadings(readings)).split("\n").slice(2))
      expect(readme).toContain(line);
  });
  test("names what is no reading", async () => {
    const files = join(folder, "broken");
    mkdirSync(files);
    writeFileSync(join(files, "one.json"), "{");
    const { code, stderr } = await reading("show", files);
    expect([code, stderr]).toEqual([3, expect.stringContaining("one.json is no reading")]);
    expect(await reading("show", join(folder, "nowhere"))).toMatchObject({ code: 3 });
  });
});
