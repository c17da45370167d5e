/** Scores in every published form, and judged anew where they come from untrusted code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mergeReports } from "../../src/commands/report.ts";
import { renderGate } from "../../src/commands/gate.ts";
import { GATE_DEFAULTS } from "../../src/gate/gate.ts";
import { badgeRecord } from "../../src/publish/badge.ts";
import { checkOutput } from "../../src/publish/check-run.ts";
import { readHostileReport } from "../../src/publish/hostile.ts";
import { renderComment, renderSummary } from "../../src/publish/markdown.ts";
import { renderSarif, sourceIn } from "../../src/publish/sarif.ts";
import { headline } from "../../src/publish/text.ts";
import { temporaryFolder } from "../fixtures.ts";
import { gateReport, scored, scoreRunOf, withScores } from "../gate-report.ts";

const FALLEN = withScores(gateReport({ "a/same": 1 }), [
  scored("scores/real", [0.84, 0.81]),
  scored("scores/made", [0.9, 0.9]),
]);
const CONFIG = '{\n  "scores": [\n    { "id": "scores/real", "command": "x {out}" }\n  ]\n}';
const source = sourceIn("drift-bench.json", CONFIG);
const COMMENT = { name: "gate", link: null, wasRed: false, advisory: false };

describe("a score that fell", () => {
  test("is red in every form, with base, head and what was lost", () => {
    expect([FALLEN.verdict, headline(FALLEN)]).toEqual(["regressed", "1 score fell"]);
    for (const text of [renderComment(FALLEN, COMMENT), renderSummary(FALLEN), renderGate(FALLEN)])
      for (const words of ["scores/real/call-graph/real", "84.0", "81.0", "−3.0"]) expect(text).toContain(words);
    expect(renderComment(FALLEN, COMMENT)).toContain("- `zod:aˋ¦b (1 to 0)`");
    expect(badgeRecord(FALLEN)).toMatchObject({ message: "1 of 3 regressed" });
    expect(checkOutput(FALLEN, source)).toMatchObject({
      conclusion: "failure",
      annotations: [{ path: "drift-bench.json", start_line: 3, title: "Score regression" }],
    });
    expect(renderSarif(FALLEN, { version: "1.0.0", source })).toMatchObject({
      runs: [
        {
          tool: { driver: { rules: [{ id: "a/same" }, { id: "scores/real" }, { id: "scores/made" }] } },
          results: [{ ruleId: "scores/real", ruleIndex: 1, kind: "fail", level: "error", properties: { lost: 1 } }],
        },
      ],
    });
  });

  test("is told beside a case that became slower", () => {
    const both = withScores(gateReport({ "a/slow": 1.3 }), [scored("scores/real", [0.84, 0.81])]);
    expect(headline(both)).toBe("1 case became slower or larger; 1 score fell");
  });

  test("alone is a measurement: nothing is missing without cases", () => {
    const alone = withScores(gateReport({}), [scored("scores/real", [0.84, 0.84])]);
    expect([headline(alone), checkOutput(alone, source).conclusion]).toEqual(["1 score: no change", "success"]);
    expect(badgeRecord(alone).message).toBe("1 unchanged");
  });

  test("is one in merged shards, whichever shard it was in", () => {
    const merged = mergeReports([gateReport({ "b/same": 1 }), FALLEN]);
    expect([merged.verdict, merged.scores.length]).toEqual(["regressed", 2]);
  });
});

describe("scores measured by untrusted code", () => {
  const trusted = { settings: GATE_DEFAULTS, headCommit: "e".repeat(40), reproduce: "again" };
  const read = (report: object) => {
    const file = join(temporaryFolder(), "gate.json");
    writeFileSync(file, JSON.stringify(report));
    return readHostileReport(file, trusted);
  };

  test("are judged anew from what each run scored, whatever the report says of it", () => {
    const lying = {
      ...FALLEN,
      verdict: "unchanged",
      settings: { ...FALLEN.settings, scoreFall: 0.9 },
      scores: FALLEN.scores.map((one) => ({ ...one, decision: { ...one.decision, verdict: "improved" } })),
    };
    expect(read(lying)).toMatchObject({
      verdict: "regressed",
      scores: [{ decision: { verdict: "regressed" } }, { decision: { verdict: "unchanged" } }],
    });
  });

  test("are refused when they are no scores", () => {
    const [one] = FALLEN.scores;
    const broken = (change: object) => () => read({ ...FALLEN, scores: [{ ...one, ...change }] });
    expect(broken({ id: "../../etc" })).toThrow("it is no report of a gate (at scores.0.id)");
    expect(broken({ head: [scoreRunOf(7, "b")] })).toThrow("scores.0.head.0.categories.0.corpora.0.score");
    expect(() => read({ ...FALLEN, scores: [one, one] })).toThrow("an entry of scores is there twice");
  });

  test("of before there were any are read", () => {
    const { scores: _none, ...older } = FALLEN;
    const { scoreFall: _fall, ...settings } = FALLEN.settings;
    expect(read({ ...older, settings })).toMatchObject({ scores: [], verdict: "unchanged" });
  });
});
