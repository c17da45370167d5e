import { fetchCorpus, loadLayeredTruth } from "@drift/corpora";
import { describe, expect, test } from "vitest";
import { driftAdapter } from "../src/adapters/drift.ts";
import { Keeping } from "../src/kept.ts";
import { runTool } from "../src/run.ts";
import { fixedNow } from "./support/resolved-corpus.ts";

describe("what a tool keeps about a corpus", () => {
  test("is made once and let go once, the newest first", async () => {
    const kept = new Keeping();
    const said: string[] = [];
    const get = (name: string) =>
      kept.get(
        name,
        async () => said.push(`make ${name}`),
        async () => void said.push(`close ${name}`),
      );
    await Promise.all([get("a"), get("a"), get("b")]);
    await kept.empty();
    await kept.empty();
    expect(said).toEqual(["make a", "make b", "close b", "close a"]);
  });

  test("is made again when that failed", async () => {
    const kept = new Keeping();
    await expect(kept.get("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await kept.get("a", async () => 2)).toBe(2);
    await kept.empty();
  });
});

test("drift reads a corpus once for all categories", async () => {
  const fetched = await fetchCorpus("layered-javascript", { offline: true });
  const corpus = { fetched, truth: null, planted: await loadLayeredTruth(fetched) };
  const clock = () => performance.now();
  const { report } = await runTool({ adapter: driftAdapter, corpora: [corpus], seed: 1, now: fixedNow, clock });
  const took = report.corpora.map(({ usage }) => usage?.indexMs);
  expect(took).toHaveLength(5);
  // In fractions of a millisecond: two readings would never take as long.
  expect(new Set(took).size).toBe(1);
}, 120_000);
