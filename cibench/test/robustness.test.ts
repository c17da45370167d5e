import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type FetchedCorpus,
  generateLayered,
  listCorpora,
  loadLayeredTruth,
  RenamedPlaces,
  variantCorpus,
  type VariantKind,
} from "@drift/corpora";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Adapter } from "../src/adapters/adapter.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { renamedQuestions } from "../src/adapters/renamed-questions.ts";
import { nullAdapter } from "../src/adapters/null.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import type { LoadedCorpus } from "../src/category.ts";
import type { Io } from "../src/cli/io.ts";
import { type FetchedAndLoaded, loadVariant, type LoadedVariant, withoutChanges } from "../src/cli/load-variants.ts";
import { addToRobustnessRecord } from "../src/cli/robustness-record.ts";
import { robustnessReport } from "../src/report.ts";
import { type Run, runTool } from "../src/run.ts";
import { type RobustnessDrop, RobustnessRecord } from "../src/schema/robustness.ts";
import type { PropositionTask } from "../src/schema/task.ts";
import { robustnessDrops } from "../src/scores/robustness.ts";
import { commandsOn } from "./support/cli.ts";
import { fixedNow } from "./support/resolved-corpus.ts";

const folder = mkdtempSync(path.join(tmpdir(), "cibench-robustness-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Forty files of a layered project, with what was planted in them. */
async function layered(): Promise<FetchedAndLoaded> {
  const known = listCorpora().find(({ id }) => id === "layered-javascript");
  if (known?.source.type !== "generator" || known.source.trait !== "layered") throw new Error("it is a layered corpus");
  const source = { ...known.source, files: 40, seed: 5 };
  const root = path.join(folder, "layered");
  for (const { sources, support } of generateLayered(source)) {
    for (const { file, text } of [...sources, ...support]) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
  }
  const fetched: FetchedCorpus = { spec: { ...known, source }, root, files: [] };
  return withoutChanges({ fetched, truth: null, planted: await loadLayeredTruth(fetched) });
}

/** Variants come from a cache of the test's own. */
const io = {
  corpora: {
    variant: (fetched: FetchedCorpus, options: { kind: VariantKind; seed: number }) =>
      variantCorpus(fetched, { ...options, cacheDir: path.join(folder, "cache") }),
  },
} as unknown as Io;

let original: FetchedAndLoaded;
const variants = new Map<VariantKind, LoadedVariant>();
beforeAll(async () => {
  original = await layered();
  for (const kind of ["renamed", "misleading", "lying"] as const) {
    const made = await loadVariant(original, kind, 1, io);
    if (made !== null) variants.set(kind, made);
  }
}, 60_000);

function run(adapter: Adapter, corpus: LoadedCorpus): Promise<Run> {
  return runTool({ adapter, corpora: [corpus], seed: 1, now: fixedNow });
}

async function dropsOf(adapter: Adapter, kind: VariantKind): Promise<RobustnessDrop[]> {
  const { corpus, table, places } = variants.get(kind) as LoadedVariant;
  const asked = renamedQuestions(adapter, new Map([[table.corpus, places]]));
  const runs = { original: await run(adapter, original), varied: await run(asked, corpus) };
  return robustnessDrops({ ...runs, variant: kind, leftOut: new Map() }, 1);
}

test("a variant that changes nothing is none: layered projects have no comments to take away", async () => {
  expect(await loadVariant(original, "uncommented", 1, io)).toBeNull();
  expect([...variants.keys()]).toEqual(["renamed", "misleading", "lying"]);
});

test.for(["renamed", "misleading", "lying"] as const)(
  "gold and silence lose nothing by a %s variant, and all questions are compared",
  async (kind) => {
    for (const adapter of [goldAdapter, nullAdapter]) {
      const drops = await dropsOf(adapter, kind);
      expect(drops).toHaveLength(5);
      for (const { drop, unpaired, items } of drops) {
        expect([drop.value, unpaired]).toEqual([0, 0]);
        expect(items).toBeGreaterThan(5);
      }
    }
  },
);

test("grep follows names and says what words mean, so that lies and meaningless names cost it something", async () => {
  const lying = await dropsOf(grepAdapter, "lying");
  const flow = lying.find(({ category }) => category === "data-flow");
  expect(flow?.drop.value).toBeGreaterThan(0);
  for (const { original: before, varied, drop } of lying)
    expect(drop.value).toBeCloseTo((before?.value ?? 0) - (varied?.value ?? 0), 10);
  expect(robustnessReport([{ drops: lying } as RobustnessRecord["entries"][number]])).toContain("Data flow");
});

test("a question about a variant is in its names, at the same places", async () => {
  const { corpus, places, table } = variants.get("renamed") as LoadedVariant;
  let task: PropositionTask | undefined;
  const curious: Adapter = {
    name: "curious",
    role: "contestant",
    version: async () => "1",
    answer: async () => null,
    propositions: async (given) => {
      task = given;
      return null;
    },
  };
  await run(renamedQuestions(curious, new Map([[table.corpus, places]])), corpus);
  expect(task?.items.length).toBeGreaterThan(5);
  for (const { file, callee } of task?.items ?? []) {
    const line = readFileSync(path.join(corpus.fetched.root, file), "utf8").split("\n")[(callee?.line ?? 0) - 1];
    expect(line?.slice((callee?.column ?? 0) - 1)).toMatch(new RegExp(`^${callee?.name}\\b`));
  }
});

test("scores of split fit are not told, their difference is", async () => {
  const { corpus } = variants.get("lying") as LoadedVariant;
  const runs = { original: await run(grepAdapter, original), varied: await run(grepAdapter, corpus) };
  const [first] = runs.original.report.corpora;
  if (first !== undefined) first.split = "fit";
  const drops = robustnessDrops({ ...runs, variant: "lying", leftOut: new Map() }, 1);
  expect(new Set(drops.map(({ original: before, varied }) => before ?? varied))).toEqual(new Set([null]));
  expect(drops.some(({ drop }) => drop.value !== 0)).toBe(true);
});

test("files that a variant leaves out are not compared", async () => {
  const runs = { original: await run(nullAdapter, original), varied: await run(nullAdapter, original) };
  const files = runs.original.items.flatMap(({ category, file }) => (category === "data-flow" ? [file] : []));
  const drops = (leftOut: readonly string[]): RobustnessDrop[] =>
    robustnessDrops({ ...runs, variant: "renamed", leftOut: new Map([["layered-javascript", new Set(leftOut)]]) }, 1);
  const all = drops([]).find(({ category }) => category === "data-flow");
  const some = drops(files.slice(0, 1)).find(({ category }) => category === "data-flow");
  expect(some?.items).toBe((all?.items ?? 0) - files.filter((file) => file === files[0]).length);
  expect(drops(files).find(({ category }) => category === "data-flow")).toBeUndefined();
});

describe("the command", () => {
  const cibench = commandsOn(() => path.join(folder, "sources"));

  test("refuses variants that do not exist, and corpora that have none", async () => {
    const wrong = await cibench("robustness", "--adapter", "grep", "--variants", "renamed,shouted");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("renamed, misleading, uncommented, lying")]);
    const none = await cibench("robustness", "--adapter", "grep", "--corpus", "source");
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("have no variants")]);
  });

  test("keeps the last entry of each tool and seed", async () => {
    const file = path.join(folder, "robustness.json");
    const entry = (tool: string, seed: number): RobustnessRecord["entries"][number] => ({
      ...{ tool, toolVersion: "1", seed, command: "cibench robustness", suiteVersion: "1" },
      ...{ startedAt: "2026-01-01T00:00:00.000Z", variants: [], drops: [] },
    });
    await addToRobustnessRecord(file, [entry("grep", 2)]);
    await addToRobustnessRecord(file, [entry("grep", 1), entry("drift", 2)]);
    await addToRobustnessRecord(file, [{ ...entry("grep", 2), toolVersion: "2" }]);
    const { entries } = RobustnessRecord.parse(JSON.parse(readFileSync(file, "utf8")));
    expect(entries.map(({ tool, seed, toolVersion }) => [tool, seed, toolVersion])).toEqual([
      ["drift", 2, "1"],
      ["grep", 1, "1"],
      ["grep", 2, "2"],
    ]);
    writeFileSync(file, "{}");
    await expect(addToRobustnessRecord(file, [entry("grep", 1)])).rejects.toThrow("is no record of robustness");
  });
});

test("places of a variant are those of its corpus, under the name that stands there", () => {
  const before = new Map([["a.js", ["class Box {", "  open(item) { return item; }", "}", "const close = (x) => x;"]]]);
  const after = new Map([["a.js", ["class Jar {", "  shut(tick) { return tick; }", "}", "const empty = (z) => z;"]]]);
  const places = new RenamedPlaces(before, after);
  const at = (line: number, column: number, endLine: number, endColumn: number) => ({
    line,
    column,
    endLine,
    endColumn,
  });
  const named = (name: string, span: ReturnType<typeof at>) => places.definition({ file: "a.js", name, span }).name;
  expect(named("Box.open", at(2, 3, 2, 31))).toBe("Jar.shut");
  expect(named("close", at(4, 15, 4, 23))).toBe("empty");
  expect(named("(anonymous)", at(4, 15, 4, 23))).toBe("(anonymous)");
  expect(places.callee("a.js", { name: "open", line: 2, column: 3 })).toEqual({ name: "shut", line: 2, column: 3 });
  expect(places.callee("b.js", { name: "open", line: 2, column: 3 })?.name).toBe("open");
});
