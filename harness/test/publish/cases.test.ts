/** Every kind of case in every form: counts, quarantine, nothing known, several metrics. */
import { expect, test } from "vitest";
import type { CaseVerdict, GateReport } from "../../src/gate/schema.ts";
import { badgeRecord } from "../../src/publish/badge.ts";
import { checkOutput } from "../../src/publish/check-run.ts";
import { renderComment, renderSummary } from "../../src/publish/markdown.ts";
import { describe as sentence, renderSarif, sourceIn } from "../../src/publish/sarif.ts";
import { headline, wouldSee } from "../../src/publish/text.ts";
import { gateReport } from "../gate-report.ts";

const plain = gateReport({ "a/b": 1.3 });
const [red] = plain.cases as [CaseVerdict];
const cases: CaseVerdict[] = [
  { ...red, caseId: "q", quarantined: true, reason: "its A/A runs reject too often" },
  { ...red, caseId: "n", metric: "allocations", unit: "count", channel: "count", interval: null },
  {
    ...red,
    caseId: "u",
    verdict: "inconclusive",
    ratio: null,
    interval: null,
    reason: "3 of at least 5 pairs",
    confirmPairs: 0,
  },
  { ...red, caseId: "i", verdict: "improved", ratio: 0.7 },
  { ...red, caseId: "s", verdict: "unchanged" },
];
const report: GateReport = {
  ...plain,
  cases,
  base: { ref: "folder", commit: null },
  head: { ref: "folder", commit: null },
  falseAlarms: { gates: 1000, red: 2, high: 0.0072 },
};
const source = sourceIn("drift-bench.json", "{}");

test("a quarantined case is no failure, a count has no p, an unknown one no figure", () => {
  expect(sentence(cases[0] as CaseVerdict, report)).toContain("reject too often");
  expect(sentence(cases[1] as CaseVerdict, report)).not.toContain("adjusted p");
  expect(sentence(cases[2] as CaseVerdict, report)).toMatch(/^u is inconclusive, adjusted p/);
  expect(checkOutput(report, source).annotations.map(({ message }) => message.split(" ")[0])).toEqual(["n"]);
  expect(renderSarif(report, { version: "1.0.0", source })).toMatchObject({
    runs: [
      {
        automationDetails: { id: "drift-bench/folder" },
        results: [
          { level: "note", kind: "informational" },
          { level: "error", kind: "fail", ruleId: "n (allocations)" },
          { level: "note", kind: "review" },
          { level: "note", kind: "informational" },
        ],
      },
    ],
  });
});

test("the comment and the summary tell what was proved, and why something cannot be told", () => {
  const body = renderComment(report, { name: "gate", link: "https://example.org/run", wasRed: false, advisory: true });
  for (const words of ["(quarantined)", "Of 1000 gates of identical code 2 were red", "[The whole report]", "advisory"])
    expect(body).toContain(words);
  expect(renderSummary(report)).toContain("3 of at least 5 pairs");
});

test("titles and badges are of the verdict", () => {
  const of = (verdict: GateReport["verdict"], kept: readonly CaseVerdict[]): string[] => {
    const one = { ...report, verdict, cases: [...kept] };
    return [headline(one), badgeRecord(one).message];
  };
  expect(of("inconclusive", cases.slice(2, 3))).toEqual(["Nothing regressed; 1 case cannot be told", "cannot be told"]);
  expect(of("improved", cases.slice(3))).toEqual(["Nothing regressed; 1 case improved", "improved"]);
  expect(of("unchanged", [])).toEqual(["Nothing was measured", "not measured"]);
});

test("what would have been seen says what that is known from", () => {
  const see = (effect: number | null, basis: "profile" | "this-run" | "formula"): string =>
    wouldSee({ ...red, detectable: { effect, basis } });
  expect([see(null, "profile"), see(0.05, "profile"), see(0.05, "this-run"), see(0.05, "formula")]).toEqual([
    "nothing",
    "5.0 %",
    "5.0 % (this run)",
    "5.0 % (formula)",
  ]);
});
