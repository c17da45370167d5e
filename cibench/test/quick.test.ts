import { expect, test } from "vitest";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { compareRuns } from "../src/compare.ts";
import { QUICK_CHANGES, QUICK_SITES, quickCorpus } from "../src/quick.ts";
import { terminalReport } from "../src/report.ts";
import { mergeRuns, rescore } from "../src/rescore.ts";
import { itemLines, type Run, runTool } from "../src/run.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import { rankReports } from "../src/scores/rank.ts";
import { tinyChanges } from "./support/tiny-changes.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyRules } from "./support/tiny-rules.ts";
import { tinyTruth } from "./support/tiny-truth.ts";

const many = 2 * QUICK_CHANGES;
const corpus = {
  ...corpusOf(
    tinyTruth(Array.from({ length: 2 * QUICK_SITES }, (_, index) => ({ must: [index % 2], file: `${index % 5}.ts` }))),
    "real",
  ),
  changes: tinyChanges(
    Array.from({ length: many }, (_, index) => ({ executed: [0], broken: index % 2 === 0 ? [0] : [] })),
    Array.from({ length: many / 2 }, (_, index) => [2 * index, 2 * index + 1]),
  ),
  rules: tinyRules(
    Array.from({ length: many }, (_, index) => (index % 2 === 0 ? { said: ["A1"] } : {})),
    Array.from({ length: many / 2 }, (_, index) => [2 * index, 2 * index + 1, "place"]),
  ),
};

const runOf = (adapter: typeof goldAdapter, profile: "full" | "quick"): Promise<Run> =>
  runTool({ adapter, corpora: [corpus], seed: 1, profile, now: fixedNow });

test("a quick run asks a sample of every category, pairs whole, and the same every time", async () => {
  const { truth, changes, rules } = quickCorpus(corpus);
  expect(truth?.sites.length).toBeLessThanOrEqual(QUICK_SITES);
  expect([changes?.truth.items, rules?.items].map((items) => items?.length)).toEqual([QUICK_CHANGES, QUICK_CHANGES]);
  expect([changes?.truth.pairs, rules?.pairs].map((pairs) => pairs?.length)).toEqual([
    QUICK_CHANGES / 2,
    QUICK_CHANGES / 2,
  ]);
  expect(Object.keys(changes?.texts ?? {})).toHaveLength(QUICK_CHANGES);
  expect(quickCorpus({ ...corpus })).toEqual(quickCorpus(corpus));
  const { report } = await runOf(goldAdapter, "quick");
  expect(report.corpora.map(({ category }) => category)).toEqual([
    "call-graph",
    "architectural-intent",
    "causal-reasoning",
    "uncertainty-calibration",
  ]);
  expect(report.profile).toBe("quick");
  expect(report.reproduce).toMatch(/--profile quick$/);
  expect(terminalReport([report])).toContain(`A sample of the items only (--profile quick): ${report.runId}.`);
});

test("a corpus without changes and rules stays without", () => {
  const { changes, rules } = quickCorpus(corpusOf(tinyTruth([{ must: [0] }]), "real"));
  expect([changes, rules]).toEqual([null, null]);
});

test("runs of different profiles are neither ranked nor compared nor merged", async () => {
  const [full, quick] = [await runOf(goldAdapter, "full"), await runOf(goldAdapter, "quick")];
  expect(full.report.profile).toBe("full");
  expect(full.report.suite.hash).not.toBe(quick.report.suite.hash);
  expect(full.report.reproduce).not.toContain("--profile");
  const asContestant = ({ report, items }: Run) => ({
    report: { ...report, subject: { ...report.subject, role: "contestant" as const } },
    items,
  });
  const ranked = rankReports([full, full, quick].map(asContestant), { category: "call-graph", kind: "real", seed: 1 });
  expect(ranked.notRanked.at(-1)?.reason).toBe("judged on another suite");
  expect(() => compareRuns(full, quick, 1)).toThrow("judged on different suites");
  const raw = ({ report }: Run) => ({ report: { ...report, corpora: [] }, records: [] });
  await expect(mergeRuns([raw(full), raw(quick)], [corpus])).rejects.toThrow("profiles");
});

test("a quick run is scored again as one, and a report of old is a full one", async () => {
  const run = await runOf(goldAdapter, "quick");
  const stored = Report.parse(JSON.parse(JSON.stringify(run.report)));
  const records = itemLines(run)
    .trimEnd()
    .split("\n")
    .map((line) => ItemRecord.parse(JSON.parse(line)));
  expect((await rescore(stored, records, [corpus])).report).toEqual(run.report);
  const { profile: _, ...old } = stored;
  expect(Report.parse(old).profile).toBe("full");
});
