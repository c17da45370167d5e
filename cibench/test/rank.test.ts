import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Contestant } from "../src/adapters/adapter.ts";
import { ADAPTERS } from "../src/adapters/all.ts";
import { type Run, runTool } from "../src/run.ts";
import { adjustForDiscovery, rankings, rankReports } from "../src/scores/rank.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyAnswer, tinyTruth } from "./support/tiny-truth.ts";

const FILES = 30;
const truth = tinyTruth(
  Array.from({ length: FILES * 4 }, (_, index) => ({ file: `${Math.floor(index / 4)}.ts`, must: [index % 2] })),
);

/** A run of a tool that is right on the sites for which `isRight` holds. */
function runOf(name: string, isRight: (site: number) => boolean, about = truth): Promise<Run> {
  const items = about.sites.map((_, site) => tinyAnswer(about, site, [isRight(site) ? site % 2 : 2]));
  const answer: Contestant["answer"] = async (task) => ({ taskId: task.id, items, usage: { indexMs: 0, answerMs: 0 } });
  const adapter: Contestant = { name, role: "contestant", version: async () => "1", answer };
  return runTool({ adapter, corpora: [corpusOf(about, "real")], seed: 1, now: fixedNow });
}

describe("ranks", () => {
  test("are drawn where tools differ and shared where they do not", async () => {
    const runs = [
      await runOf("weak", (site) => site % 3 === 0),
      await runOf("good", (site) => site % 10 > 0),
      await runOf("alike", (site) => site % 10 < 9),
    ];
    const { ranked, pairs } = rankReports(runs, { category: "call-graph", kind: "real", seed: 1 });
    expect(ranked.map(({ tool, rank }) => `${rank} ${tool}`).toSorted()).toEqual(["1 alike", "1 good", "3 weak"]);
    expect(ranked[0]?.tiedWith).toEqual([ranked[1]?.runId]);
    expect(pairs).toHaveLength(3);
    expect(pairs.filter((pair) => pair.separated)).toHaveLength(2);
    const weakGood = pairs.find((pair) => pair.a === runs[0]?.report.runId && pair.b === runs[1]?.report.runId);
    expect(weakGood?.difference.high).toBeLessThan(0);
  });

  test("do not depend on the order of the runs", async () => {
    const runs = [
      await runOf("a", (site) => site % 3 > 0),
      await runOf("b", (site) => site % 7 > 0),
      await runOf("c", () => true),
    ];
    const order = (list: Run[]) => rankReports(list, { category: "call-graph", kind: "real", seed: 1 }).ranked;
    expect(order(runs.toReversed()).map(({ tool, rank }) => [tool, rank])).toEqual(
      order(runs).map(({ tool, rank }) => [tool, rank]),
    );
  });

  test("of equal answers are equal, with a p-value of 1", async () => {
    const { ranked, pairs } = rankReports(
      [await runOf("a", (site) => site % 2 > 0), await runOf("b", (site) => site % 2 > 0)],
      { category: "call-graph", kind: "real", seed: 1 },
    );
    expect(ranked.map((one) => one.rank)).toEqual([1, 1]);
    expect(pairs[0]).toMatchObject({ p: 1, q: 1, separated: false, difference: { value: 0, low: 0, high: 0 } });
  });

  test("are not drawn from a single file", async () => {
    const one = tinyTruth([{ must: [0] }, { must: [1] }]);
    const { pairs } = rankReports([await runOf("a", () => true, one), await runOf("b", () => false, one)], {
      category: "call-graph",
      kind: "real",
      seed: 1,
    });
    expect(pairs[0]).toMatchObject({ p: 1, separated: false, difference: { value: 1, low: null } });
  });

  test("leave out self-checks, other suites, relatives of an oracle, repeats and kinds without a score", async () => {
    const good = await runOf("good", () => true);
    const gold = await runTool({
      adapter: ADAPTERS.gold,
      corpora: [corpusOf(truth, "real")],
      seed: 1,
      now: fixedNow,
    });
    const other = await runOf("other", () => true, { ...truth, corpusVersion: "2.0.0" });
    const [oracle] = truth.oracles as [(typeof truth.oracles)[number]];
    const related = structuredClone(good);
    related.report.runId = "related-0";
    related.report.corpora[0]?.oracles.push({ ...oracle, name: "cousin", sharesCodeWith: ["good"] });
    const { ranked, notRanked } = rankReports([good, gold, other, related, good], {
      category: "call-graph",
      kind: "real",
      seed: 1,
    });
    expect(ranked.map((one) => one.tool)).toEqual(["good"]);
    expect(notRanked.map(({ tool, reason }) => `${tool}: ${reason}`)).toEqual([
      "gold: a self-check",
      "other: judged on another suite",
      "good: it shares code with the oracle cousin",
      "good: given twice",
    ]);
    expect(rankReports([good], { category: "call-graph", kind: "synthetic", seed: 1 }).notRanked[0]?.reason).toBe(
      "it has no score",
    );
    expect(rankings([good, gold], 1).map((one) => one.kind)).toEqual(["real"]);
    expect(rankings([], 1)).toEqual([]);
  });
});

describe("Benjamini-Hochberg", () => {
  test("gives the adjusted values of a published example", () => {
    // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "BH") in R gives 0.05 for all.
    adjustForDiscovery([0.05, 0.01, 0.04, 0.02, 0.03]).forEach((q) => expect(q).toBeCloseTo(0.05));
    // p.adjust(c(0.001, 0.5, 0.2), "BH") is 0.003, 0.5, 0.3.
    expect(adjustForDiscovery([0.001, 0.5, 0.2]).map((q) => q.toFixed(3))).toEqual(["0.003", "0.500", "0.300"]);
    expect(adjustForDiscovery([])).toEqual([]);
  });
  test("never lowers a p-value, never passes 1, and keeps their order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (p) => {
        const q = adjustForDiscovery(p);
        p.forEach((value, index) => {
          expect(q[index]).toBeGreaterThanOrEqual(value - 1e-12);
          expect(q[index]).toBeLessThanOrEqual(1);
          const larger = p.flatMap((other, at) => (other > value ? [q[at] as number] : []));
          expect(Math.min(1, ...larger)).toBeGreaterThanOrEqual(q[index] as number);
        });
      }),
    );
  });
});

test("on equally good tools few false separations are drawn", async () => {
  // Two tools with independent errors at the same rate, 40 times: at most a handful may look different.
  const scatter = (site: number, salt: number) => ((site + 1) * 2654435761 * (2 * salt + 1)) % 1000 < 700;
  let separated = 0;
  for (let trial = 0; trial < 40; trial++) {
    const runs = [
      await runOf("a", (site) => scatter(site, 2 * trial)),
      await runOf("b", (site) => scatter(site + 5000, 2 * trial + 1)),
    ];
    if (rankReports(runs, { category: "call-graph", kind: "real", seed: trial }).pairs[0]?.separated) separated++;
  }
  expect(separated).toBeLessThanOrEqual(5);
});
