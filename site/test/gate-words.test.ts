import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { foretoldChart, kindsOf, powerChart, powerWords } from "../src/charts/power.ts";
import { riskChart } from "../src/charts/risk.ts";
import { PLANNED_CATEGORIES, questionOf, titleOf, wordsOf } from "../src/data/categories.ts";
import { calibrationOfRun } from "../src/data/category-calibration.ts";
import { inOrder, plantsInOrder, readGateRecord } from "../src/data/gate-record.ts";
import { conditionName, formedName, intervalOf, recordName, shareOf } from "../src/data/gate-words.ts";
import { gateRecord } from "./gate-record.ts";

const text = { id: "chart", title: "A chart", description: "What it shows." };

function inFolder(step: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "drift-words-"));
  try {
    step(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("conditions, shares and names of the gate's record are put into words", () => {
  const [loaded, idle] = gateRecord().formed;
  if (loaded === undefined || idle === undefined) throw new Error("two conditions");
  expect([loaded, idle].map(({ condition }) => conditionName(condition)).toSorted()).toEqual([
    "Idle computer",
    "One core kept busy",
  ]);
  expect(formedName({ ...idle, independentBuilds: true })).toMatch(/, two builds of one commit$/);
  expect(formedName({ ...idle, independentBuilds: false })).toMatch(/, one build$/);
  expect(recordName("a\u202eb")).not.toContain("\u202e");
  expect(shareOf({ n: 4, count: 1, low: 0, high: 1 })).toBe("25.0 %");
  expect(shareOf({ n: 0, count: 0, low: 0, high: 1 })).toBe("–");
  expect(intervalOf({ n: 4, count: 1, low: 0.1, high: 0.5 })).toBe("[10.0 %, 50.0 %]");
  expect(intervalOf({ n: 0, count: 0, low: 0, high: 1 })).toBe("");
});

test("conditions come idle first, and plants by kind and share", () => {
  const { formed } = gateRecord();
  const twice = inOrder([...formed, ...formed.map((one) => ({ ...one, independentBuilds: true }))]);
  expect(twice.map(({ condition, independentBuilds }) => [condition, independentBuilds])).toEqual([
    ["idle", false],
    ["idle", true],
    ["loaded", false],
    ["loaded", true],
  ]);
  const planted = formed[0]?.planted ?? [];
  expect(plantsInOrder(planted).map(({ kind, share }) => `${kind} ${share}`)).toEqual([
    ...["spin 0.02", "spin 0.05", "spin 0.1", "allocate 0.05", "instructions 0.05"],
  ]);
  expect(kindsOf(planted)).toEqual(["spin", "allocate", "instructions"]);
});

test("charts of what was found leave out what was not planted, and say so in words", () => {
  const planted = gateRecord().formed[0]?.planted ?? [];
  const none = { n: 0, count: 0, low: 0, high: 1 };
  const chart = powerChart(planted, ({ found }) => found, text);
  const without = powerChart(planted, ({ kind, found }) => (kind === "spin" ? found : none), text);
  const dots = (svg: string): number => svg.match(/<circle/g)?.length ?? 0;
  expect(dots(chart)).toBe(planted.length);
  expect(dots(without)).toBe(planted.filter(({ kind }) => kind === "spin").length);
  expect(powerWords(planted, ({ kind, found }) => (kind === "spin" ? found : none))).toContain(
    "allocate +5.0 %: none planted",
  );
  const [first] = planted;
  if (first === undefined) throw new Error("a plant");
  const cases = [...first.cases.slice(0, 3), { ...first.cases[0], caseId: "none", predicted: 0.5, found: none }];
  expect(dots(foretoldChart([{ ...first, cases }], text))).toBe(3);
  expect(riskChart([{ coverage: 1, risk: 0.25 }], text)).toContain("25 %");
});

test("a record that is there and is none is refused", () => {
  inFolder((folder) => {
    const db = path.join(folder, "history.db");
    expect(readGateRecord(db)).toBeNull();
    mkdirSync(path.join(folder, "long"));
    writeFileSync(path.join(folder, "long", "prove.json"), "{}");
    expect(() => readGateRecord(db)).toThrow(expect.objectContaining({ code: "GATE_RECORD_UNREADABLE" }));
  });
});

test("a run whose report is not published has no calibration, and a broken report is named", () => {
  inFolder((folder) => {
    expect(calibrationOfRun(path.join(folder, "history.db"), "run")).toEqual([]);
    const published = path.join(folder, "other", "published", "cibench");
    mkdirSync(published, { recursive: true });
    writeFileSync(path.join(published, "broken.json"), "{}");
    expect(() => calibrationOfRun(path.join(folder, "other", "history.db"), "run")).toThrow(
      expect.objectContaining({ code: "REPORT_UNREADABLE" }),
    );
  });
});

test("each category asks in a way of its own", () => {
  const item = { callee: "f", syntax: "pair", place: "a.ts:1:2" };
  const unnamed = { ...item, callee: null };
  const asked = PLANNED_CATEGORIES.map(({ id }) => questionOf(id, item));
  expect(new Set(asked).size).toBe(PLANNED_CATEGORIES.length);
  for (const { id } of PLANNED_CATEGORIES) expect(questionOf(id, unnamed)).toContain("a.ts:1:2");
  expect(questionOf("architectural-intent", { ...item, syntax: "import" })).toContain('If the change "import"');
  expect(questionOf("iterative-refinement", { ...unnamed, syntax: "callers" })).toContain("call the function at");
  expect(questionOf("token-efficiency", { ...item, syntax: "elsewhere" })).toBe("Token efficiency (a.ts:1:2)");
  expect(wordsOf("token-efficiency").nothing).toBe("no line of another file");
  expect(titleOf("no-such-category")).toBe("no-such-category");
});
