import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshCorpus, freshOf, listCorpora, loadLayeredTruth } from "@drift/corpora";
import { afterAll, describe, expect, test } from "vitest";
import { grepAdapter } from "../src/adapters/grep.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import type { LoadedCorpus } from "../src/category.ts";
import { addToRecord } from "../src/cli/fresh-record.ts";
import { FreshRecord } from "../src/schema/fresh.ts";
import { freshGapReport } from "../src/report.ts";
import { runTool } from "../src/run.ts";
import { freshGaps } from "../src/scores/fresh-gap.ts";
import { fixedNow } from "./support/resolved-corpus.ts";

async function anew(seed: number): Promise<LoadedCorpus> {
  const fetched = await freshCorpus("layered-javascript", seed);
  return { fetched, truth: null, planted: await loadLayeredTruth(fetched) };
}

describe("a project made anew", () => {
  test("is of the same kind as the corpus, and another for each seed", async () => {
    const [one, other] = [await anew(71), await anew(72)];
    const spec = listCorpora().find(({ id }) => id === "layered-javascript");
    expect(one.fetched.spec).toMatchObject({
      id: "layered-javascript-fresh-71",
      kind: "synthetic",
      split: spec?.split,
    });
    expect(one.planted?.facts.length).toBeGreaterThan(1000);
    expect(one.planted?.inputsSha256).not.toBe(other.planted?.inputsSha256);
    expect((await anew(71)).planted).toEqual(one.planted);
  }, 120_000);

  test("has a name that says what it is, and other names are none", () => {
    expect(freshOf("layered-go-fresh-12")).toEqual({ base: "layered-go", seed: 12 });
    for (const id of ["layered-go", "layered-go-fresh-", "layered-go-fresh-1x", "layered-go-fresh-9999999999"])
      expect(freshOf(id)).toBeNull();
  });

  test("is refused of other corpora, and of the seed that is published", async () => {
    const published = listCorpora().find(({ id }) => id === "layered-go");
    const seed = published?.source.type === "generator" ? published.source.seed : -1;
    for (const wrong of [freshCorpus("qs", 1), freshCorpus("layered-go", seed)])
      await expect(wrong).rejects.toThrow(expect.objectContaining({ code: "CORPUS_UNKNOWN" }));
  });
});

test("the gap is none for gold, and published minus fresh for others", async () => {
  const [published, fresh] = [await anew(73), await anew(74)];
  const gapsOf = async (adapter: typeof grepAdapter | typeof goldAdapter) => {
    const runs = [];
    for (const corpus of [published, fresh])
      runs.push(await runTool({ adapter, corpora: [corpus], seed: 1, now: fixedNow }));
    const [before, after] = runs;
    if (before === undefined || after === undefined) throw new Error("two runs were made");
    return freshGaps(before, after, 1);
  };
  const gold = await gapsOf(goldAdapter);
  expect(gold.map(({ gap }) => gap.value)).toEqual([0, 0, 0, 0, 0]);
  const grep = await gapsOf(grepAdapter);
  for (const { published: before, fresh: after, gap } of grep) {
    expect(gap.value).toBeCloseTo((before.value ?? 0) - (after.value ?? 0), 10);
    expect(gap.low).toBeLessThanOrEqual(gap.value ?? 0);
    expect(gap.high).toBeGreaterThanOrEqual(gap.value ?? 0);
  }
  expect(freshGapReport(grep)).toContain("Data flow");
}, 240_000);

describe("the record of gaps", () => {
  const folder = mkdtempSync(join(tmpdir(), "cibench-fresh-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const estimate = (value: number) => ({ value, low: value - 0.1, high: value + 0.1, n: 9 });
  const entry = (tool: string, seed: number, value: number): FreshRecord["entries"][number] => ({
    tool,
    toolVersion: "1",
    seed,
    command: "cibench run",
    suiteVersion: "1",
    startedAt: "2026-01-01T00:00:00.000Z",
    gaps: [{ tool, category: "data-flow", published: estimate(value), fresh: estimate(0), gap: estimate(value) }],
  });
  const read = (file: string) => FreshRecord.parse(JSON.parse(readFileSync(file, "utf8"))).entries;

  test("keeps the last of each tool and seed, in their order", async () => {
    const file = join(folder, "gaps.json");
    await addToRecord(file, [entry("grep", 2, 0.2)]);
    await addToRecord(file, [entry("grep", 1, 0.1), entry("drift", 2, 0.3)]);
    await addToRecord(file, [entry("grep", 2, 0.4)]);
    expect(read(file).map(({ tool, seed, gaps }) => [tool, seed, gaps[0]?.gap.value])).toEqual([
      ["drift", 2, 0.3],
      ["grep", 1, 0.1],
      ["grep", 2, 0.4],
    ]);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  test("is not written over when the file is something else", async () => {
    const file = join(folder, "other.json");
    for (const text of ["", "{", '{"schemaVersion":2}']) {
      writeFileSync(file, text);
      const added = addToRecord(file, [entry("grep", 1, 0.1)]);
      await expect(added).rejects.toThrow(expect.objectContaining({ code: "REPORT_UNREADABLE" }));
      expect(readFileSync(file, "utf8")).toBe(text);
    }
    const nowhere = addToRecord(join(folder, "no", "gaps.json"), [entry("grep", 1, 0.1)]);
    await expect(nowhere).rejects.toThrow(expect.objectContaining({ code: "OUTPUT_UNWRITABLE" }));
  });
});
