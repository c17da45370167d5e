import { freshCorpus, freshOf, listCorpora, loadLayeredTruth } from "@drift/corpora";
import { describe, expect, test } from "vitest";
import { grepAdapter } from "../src/adapters/grep.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import type { LoadedCorpus } from "../src/category.ts";
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
