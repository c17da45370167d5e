import { expect, test } from "vitest";
import { lastRecord, lintTally, sampleTally } from "../checks/truth.mjs";

const lint = (findings, notChecked = [], without = []) => ({
  record: { findings, notChecked, without, checked: { corpora: 3 } },
  exitCode: findings.length > 0 ? 1 : 0,
});
const finding = { corpus: "zod", rule: "unique", at: "a:1", message: "twice" };
const unseen = { corpus: "qs", reason: "not in the cache" };

test("findings fail, corpora whose files are not there are skipped, and fail in CI", () => {
  expect(lintTally(lint([]), true)).toEqual({ passed: 3, failed: 0, skipped: 0, problems: [] });
  expect(lintTally(lint([finding], [unseen]), false)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 1,
    problems: ["zod unique: a:1: twice"],
  });
  expect(lintTally(lint([], [unseen]), true)).toMatchObject({ failed: 1, skipped: 0 });
  expect(lintTally(lint([], [], ["new"]), true)).toEqual({ passed: 3, failed: 0, skipped: 1, problems: [] });
  const lacking = { ...unseen, lacksToolchain: true };
  expect(lintTally(lint([], [lacking]), true)).toEqual({ passed: 3, failed: 0, skipped: 1, problems: [] });
  expect(lintTally({ record: undefined, exitCode: 70 }, false).problems).toEqual(["corpora lint ended with code 70"]);
});

const sample = (...rechecks) => ({ record: { seed: 1, rechecks }, exitCode: 0 });
const same = { corpus: "zod", oracle: "compiler", items: 9, differing: [], notRun: null };
const untraced = { corpus: "zod", oracle: "trace", items: 0, differing: [], notRun: "no sandbox" };
const missing = { corpus: "qs", oracle: "compiler", items: 0, differing: [], notRun: "not in the cache" };

test("items that differ fail, corpora that cannot be had are skipped, and fail in CI", () => {
  expect(sampleTally(sample(same), true)).toEqual({ passed: 9, failed: 0, skipped: 0, problems: [] });
  expect(sampleTally(sample(same, untraced), false)).toEqual({ passed: 9, failed: 0, skipped: 1, problems: [] });
  expect(sampleTally(sample({ ...same, differing: ["a:1 differs"] }), true)).toMatchObject({ passed: 8, failed: 1 });
  expect(sampleTally(sample(same, missing), false)).toMatchObject({ passed: 9, failed: 0, skipped: 1 });
  expect(sampleTally(sample(same, missing), true).problems).toEqual([
    "qs, compiler: nothing was derived again with seed 1 (not in the cache)",
  ]);
  const lacking = { ...missing, lacksToolchain: true };
  expect(sampleTally(sample(same, lacking), true)).toEqual({ passed: 9, failed: 0, skipped: 1, problems: [] });
  expect(sampleTally({ record: undefined, exitCode: 3 }, false).failed).toBe(1);
});

test("the record is the last line that is one, whatever progress says before", () => {
  expect(lastRecord('fetch: 0/1\n{"a":1}\nbye\n')).toEqual({ a: 1 });
  expect(lastRecord("nothing\n{broken\n")).toBeUndefined();
  expect(lastRecord("")).toBeUndefined();
});
