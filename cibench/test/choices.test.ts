import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchCorpus, type LayeredTruth, listCorpora, loadLayeredTruth } from "@drift/corpora";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readItems } from "../src/adapters/read-items.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { nullAdapter } from "../src/adapters/null.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { DEFINITIONS } from "../src/categories/all.ts";
import type { CategoryDefinition, LoadedCorpus } from "../src/category.ts";
import { judgeChoices } from "../src/evaluators/choices.ts";
import { askedCorpora, rescore } from "../src/rescore.ts";
import { itemLines, runTool } from "../src/run.ts";
import { ChoiceAnswer, ChoiceCategory, ChoiceTask } from "../src/schema/choice.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { choiceExpectations } from "../src/scores/choice-floor.ts";
import { macroF1Of } from "../src/scores/edge-table.ts";
import type { SelfCheckResult } from "../src/schema/self-check.ts";
import { scoringOf } from "../src/scores/scoring.ts";
import { selfCheck } from "../src/self-check.ts";
import { corpusOf, fixedNow } from "./support/resolved-corpus.ts";
import { tinyTruth } from "./support/tiny-truth.ts";
import { tinyAnswers, tinyChoices, type TinyQuestion } from "./support/tiny-choices.ts";

/** Judges one answer to one question: `outcome TP FP FN`. */
function check(must: string, said: string | null): string {
  const truth = tinyChoices("data-flow", [{ stratum: "reach", must }]);
  const [one] = judgeChoices(tinyAnswers([said]), truth);
  if (one === undefined) return "nothing";
  const { truePositives, falsePositives, falseNegatives } = one.counts;
  return `${one.outcome} ${truePositives} ${falsePositives} ${falseNegatives}`;
}

describe("one question", () => {
  test("is right when just what is true is chosen", () => expect(check("ab", "ba")).toBe("right 2 0 0"));
  test("is partly right when something is missed", () => expect(check("ab", "a")).toBe("partly 1 0 1"));
  test("is partly right when too much is chosen", () => expect(check("a", "ab")).toBe("partly 1 1 0"));
  test("has none for its answer, where none is right", () => expect(check("", "")).toBe("right 0 0 0"));
  test("is wrong where one is chosen and none is right", () => expect(check("", "c")).toBe("wrong 0 1 0"));
  test("takes what was not offered for a wrong choice", () => expect(check("a", "z")).toBe("wrong 0 1 1"));
  test("is missed by who knows nothing", () => expect(check("a", "?")).toBe("abstained 0 0 1"));
  test("is missed by who says nothing", () => expect(check("a", null)).toBe("abstained 0 0 1"));
  test("is not answered by what is less likely than not", () => {
    const truth = tinyChoices("data-flow", [{ stratum: "reach", must: "a" }]);
    const answer = { itemId: "0", status: "likely" as const, chosen: [{ choice: "a", probability: 0.49 }] };
    expect(judgeChoices([answer], truth)[0]?.counts).toMatchObject({ truePositives: 0, falseNegatives: 1 });
  });
});

/** Raw, floor and score of an answer in letters. */
function scoreOf(category: ChoiceCategory, questions: readonly TinyQuestion[], said: readonly (string | null)[]) {
  const truth = tinyChoices(category, questions);
  const outcomes = judgeChoices(tinyAnswers(said), truth);
  const expectations = choiceExpectations(category, [truth], 1);
  return categoryScore(category, [{ id: "tiny", kind: "synthetic", outcomes }], expectations, { seed: 1 });
}

function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

test("data flow: the worked example of the README", () => {
  const letters = [..."abcdefghij"];
  const questions = [
    ...[...letters, ...letters].map((must) => ({ stratum: "reach", must })),
    ...letters.map((must) => ({ stratum: "harm", must })),
    ...times(10, { stratum: "harm", must: "" }),
  ];
  const said = [...letters, ..."abcde", ..."ghijf", ...letters, ...letters];
  const score = scoreOf("data-flow", questions, said);
  expect(score.corpora[0]?.strata.map(({ f1 }) => f1?.toFixed(3))).toEqual(["0.750", "0.667"]);
  expect(score.raw.value).toBeCloseTo((0.75 + 2 / 3) / 2);
  expect(score.floor).toBeCloseTo((40 / 220 + 20 / 210) / 2);
  expect(score.score.value).toBeCloseTo(0.661, 3);
});

/** A letter for each of ten questions of a stratum. */
const each = (stratum: string): TinyQuestion[] => [..."abcdefghij"].map((must) => ({ stratum, must }));

test("pattern recognition: the worked example of the README", () => {
  const questions = [
    ...each("pattern-audit"),
    ...times(10, { stratum: "pattern-audit", must: "" }),
    ...each("copy-paste"),
  ];
  const said = [..."abcdefgh", "", "", ...times(4, "a"), ...times(6, ""), ..."abcdefghij"];
  const score = scoreOf("pattern-recognition", questions, said);
  expect(score.corpora[0]?.strata.map(({ f1 }) => f1?.toFixed(3))).toEqual(["0.727", "1.000"]);
  expect(score.floor).toBeCloseTo((20 / 210 + 20 / 110) / 2);
  expect(score.score.value).toBeCloseTo(0.842, 3);
});

test("compositional reasoning: the worked example of the README", () => {
  const questions = [...each("repository"), ...times(20, { stratum: "repository", must: "" }), ...each("logic")];
  const said = [..."abcdefghij", ...times(5, "a"), ...times(25, "")];
  const score = scoreOf("compositional-reasoning", questions, said);
  expect(score.corpora[0]?.strata.map(({ f1 }) => f1?.toFixed(3))).toEqual(["0.800", "0.000"]);
  expect(score.floor).toBeCloseTo((20 / 310 + 20 / 110) / 2);
  expect(score.score.value).toBeCloseTo(0.316, 3);
});

test("negative knowledge: the worked example of the README", () => {
  const score = scoreOf("negative-knowledge", [...each("dead"), ...each("edit")], [..."abcdefghij", ...times(10, "a")]);
  expect(score.corpora[0]?.strata.map(({ f1 }) => f1?.toFixed(3))).toEqual(["1.000", "0.100"]);
  expect(score.floor).toBeCloseTo(20 / 110);
  expect(score.score.value).toBeCloseTo(0.45, 3);
});

test("removing a right choice never raises raw, adding a wrong one never does either", () => {
  const letters = fc.subarray([..."abcdefghij"]).map((some) => some.join(""));
  const questions = fc.array(fc.record({ stratum: fc.constantFrom("reach", "harm"), must: letters }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(questions, fc.array(letters, { minLength: 12, maxLength: 12 }), fc.nat(11), (asked, said, at) => {
      const index = at % asked.length;
      const must = asked[index]?.must ?? "";
      const own = said[index] ?? "";
      const raw = (changed: string): number =>
        macroF1Of(judgeChoices(tinyAnswers(said.with(index, changed)), tinyChoices("data-flow", asked))) || 0;
      const before = raw(own);
      const right = [...own].find((letter) => must.includes(letter));
      const wrong = [..."abcdefghij"].find((letter) => !must.includes(letter) && !own.includes(letter));
      const worse = [right === undefined ? own : own.replace(right, ""), `${own}${wrong ?? ""}`].map(raw);
      expect(Math.max(...worse)).toBeLessThanOrEqual(before + 1e-9);
    }),
  );
});

const cacheDir = mkdtempSync(join(tmpdir(), "cibench-choices-"));
afterAll(() => rmSync(cacheDir, { recursive: true }));
const LAYERED = listCorpora().filter(({ id }) => id.startsWith("layered-"));
let corpora: (LoadedCorpus & { planted: LayeredTruth })[];
let checked: SelfCheckResult;
beforeAll(async () => {
  corpora = [];
  for (const { id } of LAYERED) {
    const fetched = await fetchCorpus(id, { cacheDir, offline: true });
    const planted = await loadLayeredTruth(fetched);
    if (planted !== null) corpora.push({ fetched, truth: null, planted });
  }
  checked = await selfCheck({ corpora, seed: 3 });
}, 120_000);

const CATEGORIES = DEFINITIONS.filter(({ category }) => ChoiceCategory.safeParse(category).success);

describe.each(CATEGORIES.map((definition) => [definition.category, definition] as const))(
  "%s",
  (category, definition) => {
    const prepared = (one: LoadedCorpus): NonNullable<ReturnType<CategoryDefinition["prepare"]>> => {
      const made = definition.prepare(one);
      if (made === null) throw new Error(`nothing of ${category} in ${one.fetched.spec.id}`);
      return made;
    };

    test("asks in every language, and each kind of item has enough to be counted", async () => {
      expect(corpora).toHaveLength(5);
      const items = corpora.flatMap((one) => prepared(one).judge({ taskId: "", items: [], usage: USAGE }));
      expect(items.length).toBeGreaterThanOrEqual(100);
      const counted = Map.groupBy(items, ({ stratum }) => stratum);
      expect([...counted.keys()].every((stratum) => scoringOf(category).strata.includes(stratum))).toBe(true);
      for (const [, own] of counted)
        expect(own.reduce((sum, { counts }) => sum + counts.falseNegatives, 0)).toBeGreaterThanOrEqual(10);
    });

    test("tells nothing of the truth in its task", () => {
      for (const one of corpora) {
        const task = ChoiceTask.parse(prepared(one).task);
        const offered = new Set(task.choices.map(({ id }) => id));
        expect(task.items.flatMap(({ choices }) => choices).every((id) => offered.has(id))).toBe(true);
        // Same questions but for what they are about, and every choice is offered in its place, right or not.
        expect(task.choices.map(({ file }) => file)).toEqual(task.choices.map(({ file }) => file).toSorted());
        expect(new Set(task.items.map(({ id }) => id)).size).toBe(task.items.length);
        expect(new Set(task.items.map((item) => Object.keys(item).join())).size).toBe(1);
      }
    });

    test("holds against every trivial answer", () => {
      const own = checked.entries.filter((entry) => entry.category === category);
      expect(own.map(({ baseline }) => baseline)).toContain("shuffled-gold");
      expect(own.filter(({ passed }) => !passed)).toEqual([]);
      expect(own[0]).toMatchObject({ baseline: "gold", raw: 1, score: 1 });
      expect(own[0]?.floor).toBeLessThanOrEqual(0.5);
    });
  },
);

test("runs are scored again from stored answers bit for bit, and generated corpora weigh where no other has truth", async () => {
  const run = await runTool({ adapter: goldAdapter, corpora, seed: 1, now: fixedNow });
  const records = itemLines(run)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ItemRecord.parse(JSON.parse(line)));
  expect((await rescore(run.report, records, corpora)).report).toEqual(run.report);
  const missing = run.report.notMeasured.map(({ category }) => category);
  expect(CATEGORIES.filter(({ category }) => missing.includes(category))).toEqual([]);
}, 120_000);

test("what a category asks about first does not say in which order corpora were given", async () => {
  const calls = corpusOf(tinyTruth([{ must: [0] }], undefined, "calls"));
  const [planted] = corpora;
  const both = [calls, planted as LoadedCorpus];
  const { report } = await runTool({ adapter: nullAdapter, corpora: both, seed: 1, now: fixedNow });
  expect(report.corpora[0]?.id).toBe(planted?.fetched.spec.id);
  expect(askedCorpora(report)).toEqual(["calls", planted?.fetched.spec.id]);
}, 60_000);

const USAGE = { indexMs: 0, answerMs: 0 };

test("an answer in wrong form counts as none", () => {
  const [one] = corpora;
  const task = DEFINITIONS.find(({ category }) => category === "data-flow")?.prepare(one as LoadedCorpus)?.task;
  const [first, second] = (task?.items ?? []).map(({ id }) => id);
  const raw = {
    taskId: task?.id,
    usage: USAGE,
    items: [
      { itemId: first, status: "certain", chosen: [{ choice: "x", probability: 2 }] },
      { itemId: second, status: "certain", chosen: [] },
    ],
  };
  expect(readItems(raw, task ?? { id: "", items: [] }, ChoiceAnswer)).toMatchObject({
    state: "answered",
    problems: { malformed: 1, kinds: { "out-of-range": 1 } },
  });
  expect(grepAdapter.dataFlow).toBeDefined();
});
