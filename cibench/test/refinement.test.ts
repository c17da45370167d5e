import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CallGraphTruth, fetchCorpus, type FetchedCorpus, loadCallGraphTruth } from "@drift/corpora";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Adapter } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { iterativeRefinement } from "../src/categories/iterative-refinement.ts";
import type { LoadedCorpus } from "../src/category.ts";
import {
  feedbackGiver,
  feedbackOn,
  judgeRefinements,
  type KnownRefinement,
  type RefinementTruth,
  ROUNDS,
} from "../src/evaluators/refinement.ts";
import { quickCorpus } from "../src/quick.ts";
import { refineBy } from "../src/refine.ts";
import { rescore } from "../src/rescore.ts";
import { itemLines, runTool } from "../src/run.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { type Chosen, type RefinementAnswer, RefinementTask } from "../src/schema/refinement.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { itemCredit } from "../src/scores/item-credit.ts";
import { refinementExpectations } from "../src/scores/refinement-floor.ts";
import { selfCheck } from "../src/self-check.ts";
import { loadContexts } from "../src/tasks/application/context.ts";
import { loadRefinements } from "../src/tasks/application/refinement.ts";
import { fixedNow, ITEM_LIMITS } from "./support/resolved-corpus.ts";

const LETTERS = [..."abcdefghijklmnop"];

/** Questions by the letters that are right and those in the draft, of sixteen. */
function tinyRefinements(
  questions: readonly {
    must: string;
    draft: string;
    kind?: KnownRefinement["kind"];
  }[],
): RefinementTruth {
  const choices = LETTERS.map((id) => ({
    id,
    file: `${id}.ts`,
    span: null,
    name: id,
  }));
  const items = questions.map(({ must, draft, kind = "callees" }, index): KnownRefinement => ({
    id: `${index}`,
    kind,
    question: "Which of these?",
    subject: { role: "function", name: "f", file: `${index}.ts`, span: null },
    choices: LETTERS,
    draft: [...draft],
    feedback: feedbackOn(new Set(must), new Set(draft)),
    stratum: `refine-${kind}`,
    must: [...must],
    by: ["generator"],
  }));
  return {
    corpus: "tiny",
    inputsSha256: "0".repeat(64),
    oracles: [],
    files: [],
    choices,
    items,
  };
}

const chosen = (letters: string): Chosen => [...letters].map((choice) => ({ choice, probability: 1 }));

/** Answers by the letters of each round; null leaves a question out. */
function answers(said: readonly (readonly string[] | null)[]): RefinementAnswer[] {
  return said.flatMap((rounds, index) =>
    rounds === null
      ? []
      : [
          {
            itemId: `${index}`,
            rounds: rounds.map((letters) => chosen(letters)),
          },
        ],
  );
}

/** Of "abcd" with the draft "abxy", which is half right: `outcome worth`. */
function check(...rounds: string[]): string {
  const truth = tinyRefinements([{ must: "abcd", draft: "abop" }]);
  const [one] = judgeRefinements(answers([rounds.length === 0 ? null : rounds]), truth);
  return one === undefined ? "nothing" : `${one.outcome} ${itemCredit(one)?.toFixed(3)}`;
}

describe("one question", () => {
  test("is worth the share of what the draft lacks that the last round repairs", () => {
    expect(check("abcd")).toBe("right 1.000");
    expect(check("op", "abc")).toBe("partly 0.714");
    expect(check("abcd", "abop")).toBe("wrong 0.000");
  });
  test("is worth nothing when it is no better than the draft, or not answered", () => {
    expect([check("abop"), check("aop"), check("ab"), check("")]).toEqual([
      "wrong 0.000",
      "wrong 0.000",
      "partly 0.333",
      "wrong 0.000",
    ]);
    expect(check()).toBe("abstained 0.000");
  });
  test("ends with its last round", () => expect(check("a", "a", "abc", "abcd")).toBe("partly 0.714"));
  test("does not take what is less likely than not for chosen", () => {
    const truth = tinyRefinements([{ must: "abcd", draft: "abop" }]);
    const rounds = [[...chosen("abcd"), { choice: "o", probability: 0.49 }]];
    expect(judgeRefinements([{ itemId: "0", rounds }], truth)[0]?.outcome).toBe("right");
  });
});

test("feedback counts, names nothing, and ends before the last round", () => {
  const feedback = feedbackGiver(tinyRefinements([{ must: "abcd", draft: "abop" }]));
  expect(feedback("0", chosen("abo"))).toEqual({ wrong: 1, missing: 2 });
  expect(feedback("0", chosen("abcd"))).toEqual({ wrong: 0, missing: 0 });
  expect(feedback("0", chosen("abcd"))).toBeNull();
  expect(feedback("1", chosen("a"))).toBeNull();
  expect(ROUNDS).toBe(3);
});

test("of all answers that agree with the feedback the most probable is given", () => {
  const truth = tinyRefinements([{ must: "abcd", draft: "abop" }]);
  const [item] = truth.items as [KnownRefinement];
  const say = (weights: number[]): string[] =>
    refineBy(item, weights, feedbackGiver(truth)).map((round) => round.map(({ choice }) => choice).join(""));
  const believed = (letters: string) =>
    LETTERS.map((letter) => (letters.includes(letter) ? 2 : letter < "i" ? -1 : -2));
  expect(say(believed("abcd"))).toEqual(["abcd"]);
  // Who is sure of one wrong choice finds out by counting.
  const [first, ...later] = say(believed("abce"));
  expect([first, later.at(-1)]).toEqual(["abce", "abcd"]);
  expect(later.length).toBeLessThan(ROUNDS);
});

/** Four letters from one on, and a draft of the first two with two that are wrong. */
const question = (from: number, kind: KnownRefinement["kind"]) => {
  const letter = (at: number): string => LETTERS[(from + at) % 16] ?? "";
  return {
    kind,
    must: [0, 1, 2, 3].map(letter).join(""),
    draft: [0, 1, 8, 9].map(letter).join(""),
  };
};

test("the worked example of the README", () => {
  const questions = Array.from({ length: 20 }, (_, index) => question(index % 10, index < 10 ? "callees" : "callers"));
  const truth = tinyRefinements(questions);
  const said = questions.map(({ must, draft }, index) => {
    if (index >= 10) return [draft];
    return index < 5 ? [must] : [draft, must.slice(0, 3)];
  });
  const outcomes = judgeRefinements(answers(said), truth);
  const expectations = refinementExpectations([truth], 1);
  const score = categoryScore("iterative-refinement", [{ id: "tiny", kind: "real", outcomes }], expectations, {
    seed: 1,
  });
  expect(score.corpora[0]?.strata.map(({ f1 }) => f1?.toFixed(3))).toEqual(["0.857", "0.000"]);
  expect(score.raw.value).toBeCloseTo(0.429, 3);
  expect(score.floorBy).toBe("shuffled-gold");
  expect(score.floor).toBeCloseTo(0.19, 2);
  expect(score.score.value).toBeCloseTo(((score.raw.value ?? 0) - score.floor) / (1 - score.floor));
  expect(score.score.value).toBeCloseTo(0.29, 2);
});

test("removing a right choice never raises what an answer is worth, adding a wrong one never does either", () => {
  const letters = fc.subarray(LETTERS).map((some) => some.join(""));
  const sides = fc.tuple(letters, letters).filter(([must, draft]) => must !== draft && must !== "");
  fc.assert(
    fc.property(sides, letters, ([must, draft], own) => {
      const truth = tinyRefinements([{ must, draft }]);
      const worth = (said: string): number => {
        const [one] = judgeRefinements(answers([[said]]), truth);
        return one === undefined ? 0 : (itemCredit(one) ?? 0);
      };
      const right = [...own].find((letter) => must.includes(letter));
      const wrong = LETTERS.find((letter) => !must.includes(letter) && !own.includes(letter));
      const worse = [right === undefined ? own : own.replace(right, ""), `${own}${wrong ?? ""}`].map(worth);
      expect(Math.max(...worse)).toBeLessThanOrEqual(worth(own) + 1e-9);
    }),
  );
});

let folder: string;
let fetched: FetchedCorpus;
let truth: CallGraphTruth;
let corpus: LoadedCorpus & { refinements: RefinementTruth };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cibench-refinement-"));
  fetched = await fetchCorpus("calls-small", {
    cacheDir: join(folder, "cache"),
    offline: true,
  });
  truth = await loadCallGraphTruth(fetched, {
    cacheDir: join(folder, "cache"),
  });
  const refinements = await loadRefinements({ fetched, truth });
  if (refinements === null) throw new Error("calls-small has no questions with drafts");
  // Only these are asked: calls are asked about in other tests.
  corpus = { fetched, truth: null, refinements };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("on a generated project", () => {
  test("half of what is right is in the draft, and the task says no more of the truth", () => {
    const task = RefinementTask.parse(iterativeRefinement.prepare(corpus)?.task);
    expect(new Set(task.items.map((item) => Object.keys(item).join()))).toEqual(
      new Set(["id,kind,question,subject,choices,draft,feedback"]),
    );
    for (const { must, draft, choices, feedback } of corpus.refinements.items) {
      expect(choices).toHaveLength(16);
      expect(must.filter((choice) => draft.includes(choice))).toHaveLength(Math.floor(must.length / 2));
      expect(feedback).toEqual(feedbackOn(new Set(must), new Set(draft)));
      const places = choices.map((choice) => task.choices.findIndex(({ id }) => id === choice));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });

  test("no item is called like one of token efficiency, which asks about the same functions", async () => {
    const contexts = await loadContexts({ fetched, truth, changes: null });
    const ids = [...(contexts?.items ?? []), ...corpus.refinements.items].map(({ id }) => id);
    expect(contexts?.items.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("a function is not taken for one that does not call when not all calls in its text are known", async () => {
    const item = corpus.refinements.items.find(({ kind }) => kind === "callees") as KnownRefinement;
    const { file, span } = item.subject;
    const dropped = truth.sites.find(
      (site) => site.file === file && site.span.line >= (span?.line ?? 0) && site.span.endLine <= (span?.endLine ?? 0),
    );
    const sites = truth.sites.filter((site) => site !== dropped);
    expect(sites).toHaveLength(truth.sites.length - 1);
    const asked = (await loadRefinements({ fetched, truth: { ...truth, sites } }))?.items.map(({ id }) => id);
    expect(asked).not.toContain(item.id);
    expect(asked?.length).toBeGreaterThan(0);
  });

  test("every trivial answer lands on its floor", async () => {
    const { entries } = await selfCheck({ corpora: [corpus], seed: 3 });
    expect(entries.filter(({ passed }) => !passed)).toEqual([]);
    expect(entries.map(({ baseline }) => baseline)).toEqual([
      ...["gold", "null", "keep-draft", "list-everything", "flip", "first", "random", "counting", "shuffled-gold"],
    ]);
    expect(entries[0]).toMatchObject({
      category: "iterative-refinement",
      raw: 1,
      score: 1,
    });
  });

  test.each([
    [driftAdapter, 0.9],
    [grepAdapter, 0.15],
  ])("a tool makes drafts better", async (adapter: Adapter, least) => {
    const { report, items } = await runTool({
      adapter,
      corpora: [corpus],
      seed: 1,
      now: fixedNow,
    });
    const score = report.scores.find(({ category }) => category === "iterative-refinement");
    expect(score?.state === "scored" ? score.raw.value : null).toBeGreaterThan(least);
    expect(items.every(({ refinement }) => (refinement?.rounds.length ?? 0) <= ROUNDS)).toBe(true);
  });

  test("a run is scored again bit for bit; a quick one asks less", async () => {
    const run = await runTool({
      adapter: grepAdapter,
      corpora: [corpus],
      seed: 1,
      now: fixedNow,
    });
    const records = itemLines(run)
      .trimEnd()
      .split("\n")
      .map((line) => ItemRecord.parse(JSON.parse(line)));
    expect((await rescore(run.report, records, [corpus])).report).toEqual(run.report);
    expect(quickCorpus(corpus).refinements?.items).toHaveLength(24);
  });

  test("a program is told how far off it is, and answers again", async () => {
    const program = join(folder, "tool.mjs");
    // It starts with the draft, then says all but the first, then what it was offered first.
    writeFileSync(
      program,
      `import { createInterface } from "node:readline";
       let item;
       for await (const line of createInterface({ input: process.stdin })) {
         const request = JSON.parse(line);
         const say = (reply) => console.log(JSON.stringify(reply));
         const choose = (choices) => say({ taskId: request.taskId, itemId: item.id, status: "likely",
           chosen: choices.map((choice) => ({ choice, probability: 1 })) });
         if (request.type === "hello") say({ version: "1", categories: ["iterative-refinement"] });
         else if (request.type === "open") say({ ready: request.rounds === 3 });
         else if (request.type === "ask") { item = request.item; choose(item.draft); }
         else if (request.wrong !== item.feedback.wrong) choose(item.choices.slice(0, 1));
         else choose(item.draft.slice(1));
       }`,
    );
    const command = `"${process.execPath}" "${program}"`;
    const adapter = commandAdapter({
      name: "x",
      command,
      itemLimits: ITEM_LIMITS,
    });
    const { report, answers: said } = await runTool({
      adapter,
      corpora: [corpus],
      seed: 1,
      now: fixedNow,
    });
    expect(report.corpora[0]?.problems).toMatchObject({
      malformed: 0,
      unanswered: 0,
      repeated: 0,
    });
    const [first] = (said[0]?.items ?? []) as RefinementAnswer[];
    const [asked] = corpus.refinements.items;
    expect(first?.rounds.slice(0, 2).map((round) => round.map(({ choice }) => choice))).toEqual([
      asked?.draft,
      asked?.draft.slice(1),
    ]);
    expect(first?.rounds).toHaveLength(ROUNDS);
  });

  test("a file of predictions may hold rounds", async () => {
    const file = join(folder, "answers.jsonl");
    const lines = corpus.refinements.items.map(({ id, must }) => ({
      taskId: "iterative-refinement/calls-small",
      itemId: id,
      rounds: [[], must.map((choice) => ({ choice, probability: 1 }))],
    }));
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    const adapter = predictionsAdapter({ name: "x", file, version: "1" });
    const { report } = await runTool({
      adapter,
      corpora: [corpus],
      seed: 1,
      now: fixedNow,
    });
    expect(report.scores.find(({ state }) => state === "scored")).toMatchObject({ raw: { value: 1 } });
    const { report: gold } = await runTool({
      adapter: goldAdapter,
      corpora: [corpus],
      seed: 1,
      now: fixedNow,
    });
    expect(gold.suite.hash).toBe(report.suite.hash);
  });
});
