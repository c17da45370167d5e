import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallGraphTruth } from "@drift/corpora";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Adapter, Contestant } from "../src/adapters/adapter.ts";
import { commandAdapter } from "../src/adapters/command.ts";
import { readUnlisted } from "../src/adapters/drift-propositions.ts";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import { importsAdapter } from "../src/adapters/imports.ts";
import { nullAdapter } from "../src/adapters/null.ts";
import { predictionsAdapter } from "../src/adapters/predictions.ts";
import { goldAdapter } from "../src/adapters/trivial.ts";
import { unlistedTable } from "../src/calibration/unlisted.ts";
import { uncertaintyCalibration } from "../src/categories/uncertainty-calibration.ts";
import { judgePropositions } from "../src/evaluators/propositions.ts";
import { terminalReport } from "../src/report.ts";
import { compareRescored, rescore } from "../src/rescore.ts";
import { itemLines, type Run, runTool } from "../src/run.ts";
import { ItemRecord } from "../src/schema/item-record.ts";
import { Report } from "../src/schema/report.ts";
import type { ItemOutcome } from "../src/schema/score.ts";
import { PropositionTask } from "../src/schema/task.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { forecastCalibration } from "../src/scores/forecast-calibration.ts";
import { itemCredit } from "../src/scores/item-credit.ts";
import { forecastAnswers, forecastExpectations } from "../src/scores/proposition-floor.ts";
import { selfCheck } from "../src/self-check.ts";
import { propositionsOf, propositionTask } from "../src/tasks/understanding/propositions.ts";
import { corpusOf, fixedNow, ITEM_LIMITS } from "./support/resolved-corpus.ts";
import { sourceTruth, writeSources } from "./support/source-corpus.ts";
import { anyTruth, tinyTruth } from "./support/tiny-truth.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cibench-"));
  writeSources(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** So many calls of two definitions in turn, with closed sets: enough for half as many statements of each kind. */
function closedTruth(sites: number, corpus = "tiny"): CallGraphTruth {
  const calls = Array.from({ length: sites }, (_, index) => ({ must: [index % 2], file: `${index % 4}.ts` }));
  return tinyTruth(calls, undefined, corpus);
}
const truth = closedTruth(40);
const propositions = propositionsOf(truth) ?? [];

describe("the statements of a corpus", () => {
  test("are half true and half false, each about another site, and the same every time", () => {
    expect(propositions.filter(({ isTrue }) => isTrue)).toHaveLength(20);
    expect(propositions).toHaveLength(40);
    expect(new Set(propositions.map(({ site }) => site.id)).size).toBe(40);
    expect(propositionsOf(structuredClone(truth))).toEqual(propositions);
    const shuffledSites = { ...truth, sites: truth.sites.toReversed(), definitions: truth.definitions.toReversed() };
    expect(propositionsOf(shuffledSites)).toEqual(propositions);
  });

  test("are at most 200, and none where there are fewer than ten of a kind", () => {
    expect(propositionsOf(closedTruth(600))).toHaveLength(200);
    expect(propositionsOf(closedTruth(19))).toBeNull();
    expect(uncertaintyCalibration.prepare(corpusOf(closedTruth(19)))).toBeNull();
  });

  test("are only about what truth decides", () => {
    const wide = anyTruth.map((one) => ({
      ...one,
      sites: Array.from({ length: 6 }, (_, copy) =>
        one.sites.map((site) => ({ ...site, id: `${site.id} ${copy}` })),
      ).flat(),
    }));
    fc.assert(
      fc.property(wide, (one) => {
        for (const { site, target, isTrue } of propositionsOf(one) ?? []) {
          const reached = site.must.some((must) => "definition" in must && must.definition === target.id);
          expect(reached).toBe(isTrue);
          if (isTrue) continue;
          expect(site.closed).toBe(true);
          expect(site.callbacks).not.toContain(target.id);
          expect(site.may).not.toContainEqual({ definition: target.id });
        }
      }),
    );
  });

  test("prefer false targets that are called like the callee", () => {
    // Definition 0 has two namesakes of what is called, so to say: f0 is reached nowhere, and every second call is one of f0.
    const calls = Array.from({ length: 60 }, (_, index) => ({ must: [1], callee: index % 2 === 0 ? "f0" : "f1" }));
    const drawn = propositionsOf(tinyTruth(calls)) ?? [];
    expect(drawn).toHaveLength(60);
    const falseOnes = drawn.filter(({ isTrue }) => !isTrue);
    expect(falseOnes.filter(({ site, target }) => site.callee?.name === target.name)).toHaveLength(falseOnes.length);
  });

  test("are put to tools without the truth", () => {
    const task = PropositionTask.parse(propositionTask(truth));
    const places = task.items.map(({ file, span }) => `${file}:${String(span.line).padStart(5, "0")}`);
    expect(places).toEqual(places.toSorted());
    expect(JSON.stringify(task)).not.toMatch(/isTrue|must|closed|stratum|traced/);
  });
});

/** Probabilities for true and for false statements, in order; what is left out abstains. */
function judge(ofTrue: readonly (number | null)[], ofFalse: readonly (number | null)[], about = truth) {
  const left = { true: [...ofTrue], false: [...ofFalse] };
  const all = propositionsOf(about) ?? [];
  const said = all.map(({ isTrue }) => (isTrue ? left.true : left.false).shift() ?? null);
  return judgePropositions(forecastAnswers(all, said), about);
}

function scoreOf(outcomes: ReturnType<typeof judge>, about = truth) {
  const corpora = [{ id: about.corpus, kind: "real" as const, outcomes }];
  return categoryScore("uncertainty-calibration", corpora, forecastExpectations([about], 1), { seed: 1 });
}

describe("a forecast", () => {
  const worth = (probability: number | null, isTrue: boolean): string => {
    const found = judge(isTrue ? [probability] : [], isTrue ? [] : [probability]).find(
      ({ forecast }) => forecast?.isTrue === isTrue,
    );
    return found === undefined ? "none" : `${found.outcome} ${itemCredit(found)?.toFixed(2)} ${found.status}`;
  };
  test("is worth 1 where it is certain and right, and −3 where it is certain and wrong", () => {
    expect([worth(1, true), worth(0, false)]).toEqual(["right 1.00 certain", "right 1.00 certain"]);
    expect([worth(0, true), worth(1, false)]).toEqual(["wrong -3.00 certain", "wrong -3.00 certain"]);
  });
  test("in between is worth what its square says", () => {
    expect([worth(0.9, true), worth(0.4, true), worth(0.2, false)]).toEqual([
      "right 0.96 likely",
      "wrong -0.44 likely",
      "right 0.84 likely",
    ]);
  });
  test("of even odds, and none, are worth nothing", () => {
    expect([worth(0.5, true), worth(null, true)]).toEqual(["partly 0.00 likely", "abstained 0.00 unknown"]);
    expect(judgePropositions([], truth).map((one) => [one.status, itemCredit(one)])).toEqual(
      propositions.map(() => ["unanswered", 0]),
    );
  });
  test("nearer to the truth never lowers the score, and silence instead of a wrong side raises it", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(p, p, fc.boolean(), (a, b, isTrue) => {
        const creditOf = (probability: number | null) => Number(worth(probability, isTrue).split(" ")[1]);
        const [near, far] = [a, b].toSorted((x, y) => (isTrue ? y - x : x - y)) as [number, number];
        expect(creditOf(near)).toBeGreaterThanOrEqual(creditOf(far));
        // Silence is better than the wrong side.
        expect(creditOf(far > 0.5 === isTrue ? near : null)).toBeGreaterThanOrEqual(creditOf(far));
      }),
      { numRuns: 50 },
    );
  });
});

test("the worked example of the README", () => {
  const twenty = closedTruth(20);
  const times = (count: number, p: number | null) => Array.from({ length: count }, () => p);
  const outcomes = judge([...times(8, 0.9), ...times(2, 0.4)], [...times(9, 0.2), null], twenty);
  const { raw, floor, floorBy, score, calibration } = scoreOf(outcomes, twenty);
  expect(raw.value).toBeCloseTo(0.718, 10);
  expect([floor, floorBy]).toEqual([0.05, "easy-5-percent"]);
  expect(score.value).toBeCloseTo(0.7032, 4);
  expect(calibration?.forecasts.brier.value).toBeCloseTo(0.0705, 10);
  expect(calibration?.forecasts.skill).toBeCloseTo(0.718, 10);
  expect(calibration?.abstained).toBe(0.05);
  const bins = calibration?.reliability?.map(({ low, high, statements, correct, stated, observed }) => {
    return { low, high, statements, correct, stated, share: observed.value };
  });
  expect(bins, "an abstention is in no bin").toEqual([
    { low: 0.2, high: 0.3, statements: 9, correct: 0, stated: expect.closeTo(0.2, 10), share: 0 },
    { low: 0.4, high: 0.5, statements: 2, correct: 2, stated: expect.closeTo(0.4, 10), share: 1 },
    { low: 0.9, high: 1, statements: 8, correct: 8, stated: expect.closeTo(0.9, 10), share: 1 },
  ]);
});

describe("reliability bins", () => {
  const large = closedTruth(200, "large");
  const outcomesAt = (trueShareOf: (p: number) => number) =>
    judge(
      Array.from({ length: 100 }, (_, index) => (index < 100 * trueShareOf(0.8) ? 0.8 : 0.2)),
      Array.from({ length: 100 }, (_, index) => (index < 100 * (1 - trueShareOf(0.8)) ? 0.8 : 0.2)),
      large,
    );

  test("of a calibrated tool lie in their consistency bands, and those of one that boasts do not", () => {
    const inBand = (outcomes: ItemOutcome[]) =>
      forecastCalibration(outcomes, 1)?.reliability?.map(
        ({ observed, band }) => observed.value >= band.low && observed.value <= band.high,
      );
    expect(inBand(outcomesAt(() => 0.8))).toEqual([true, true]);
    expect(inBand(outcomesAt(() => 0.55))).toEqual([false, false]);
  });

  test("are none where nothing was given a probability", () => {
    expect(forecastCalibration(judge([], []), 1)?.reliability).toEqual([]);
  });
});

describe("trivial forecasts", () => {
  const all = (p: number | null) => propositions.map(() => p);
  test.each([
    ["abstains everywhere", all(null), 0],
    ["says the base rate", all(0.5), 0],
    ["is always wrong at p = 0", all(0), -1],
    [
      "is right about the easy 5 % only",
      propositions.map(({ isTrue }, index) => (index % 20 === 0 ? Number(isTrue) : null)),
      0.05,
    ],
  ])("who %s has no score above 0", (_who, said, skill) => {
    const { raw, score } = scoreOf(judgePropositions(forecastAnswers(propositions, said), truth));
    expect(raw.value).toBeCloseTo(skill, 10);
    expect(score.value).toBeLessThanOrEqual(0);
  });

  test("land where selfcheck expects them, and gold on 1", async () => {
    const { entries } = await selfCheck({
      corpora: [corpusOf(truth, "real"), corpusOf(closedTruth(80, "other"), "real")],
      seed: 7,
    });
    const own = entries.filter(({ category }) => category === "uncertainty-calibration");
    expect(own.filter(({ passed }) => !passed)).toEqual([]);
    expect(own.map(({ baseline }) => baseline)).toEqual([
      "gold",
      "null",
      "abstain",
      "base-rate",
      "always-0",
      "always-1",
      "always-wrong",
      "easy-5-percent",
      "random",
      "guess-half",
      "shuffled-gold",
    ]);
    expect(own[0]).toMatchObject({ raw: 1, score: 1 });
  });

  test("have no skill of their own where all statements are true, or all false", () => {
    for (const [isTrue, reason] of [
      [true, "all are correct"],
      [false, "all are wrong"],
    ] as const) {
      const some = judge([], []).filter(({ forecast }) => forecast?.isTrue === isTrue);
      const { skill, skillReason, auroc } = forecastCalibration(some, 1)?.forecasts ?? {};
      expect([skill, skillReason, auroc?.reason]).toEqual([null, reason, reason]);
    }
    expect(forecastCalibration([], 1)).toBeNull();
  });

  test("ECE is printed from 200 statements on, with the floor of a calibrated tool", () => {
    expect(scoreOf(judge([], [])).calibration?.forecasts.ece).toMatchObject({
      value: null,
      reason: "fewer than 200 lines",
    });
    const large = closedTruth(200, "large");
    const calibrated = judge(
      Array.from({ length: 100 }, (_, index) => (index < 80 ? 0.8 : 0.2)),
      Array.from({ length: 100 }, (_, index) => (index < 20 ? 0.8 : 0.2)),
      large,
    );
    const { ece, mce } = scoreOf(calibrated, large).calibration?.forecasts ?? {};
    expect(ece?.value).toBeCloseTo(0, 10);
    expect(ece?.floor).toBeGreaterThan(0);
    expect(mce?.floor).toBeGreaterThan(ece?.floor ?? 1);
  });
});

function runOf(adapter: Adapter, about = truth): Promise<Run> {
  return runTool({ adapter, corpora: [corpusOf(about, "real", folder)], seed: 1, now: fixedNow });
}

function skillOf({ report }: Run): number | string | null {
  const found = report.scores.find(({ category }) => category === "uncertainty-calibration");
  return found?.state === "scored" ? found.raw.value : `${found?.state}: ${found?.reason}`;
}

describe("a run", () => {
  test("of gold and null, stored and scored again, is the same", async () => {
    for (const [adapter, skill] of [
      [goldAdapter, 1],
      [nullAdapter, 0],
    ] as const) {
      const run = await runOf(adapter);
      expect(skillOf(run)).toBe(skill);
      const stored = Report.parse(JSON.parse(JSON.stringify(run.report)));
      const lines = itemLines(run).trimEnd().split("\n");
      const again = await rescore(
        stored,
        lines.map((line) => ItemRecord.parse(JSON.parse(line))),
        [corpusOf(truth, "real", folder)],
      );
      expect(again.report).toEqual(run.report);
      const before = Report.parse(JSON.parse(JSON.stringify(run.report)));
      for (const score of before.scores) if (score.state === "scored") delete score.calibration?.reliability;
      expect(compareRescored(before, again.report), "a report from before there were bins").toEqual({
        ...{ state: "same", moved: [] },
      });
    }
  });

  test("shows calibration beside the score", async () => {
    const text = terminalReport([(await runOf(goldAdapter)).report]);
    expect(text).toContain("Calibration, real");
    expect(text).toMatch(/gold │ 0\.000 .* = 0\.000 − 0\.250 \+ 0\.250/);
  });

  const items = propositionTask(truth).items;
  const taskId = propositionTask(truth).id;
  const answer = (index: number, more: object) => ({ taskId, itemId: items[index]?.id, ...more });

  test("of a file counts what is malformed, which never helps, and does not ask it about other categories", async () => {
    const file = join(folder, "predictions.jsonl");
    const isTrue = (index: number) => Number(propositions[index]?.isTrue);
    const lines = [
      answer(0, { probability: isTrue(0) }),
      answer(0, { probability: 1 - isTrue(0) }),
      answer(1, { probability: 2 }),
      answer(2, { probability: "1" }),
      answer(3, { probability: null, reason: "no idea" }),
      { taskId, itemId: "nobody", probability: 1 },
    ];
    writeFileSync(
      file,
      lines.map((line) => `${JSON.stringify(line)}\n`).join("") +
        `{"taskId":"${taskId}","itemId":"x","probability":NaN}\n`,
    );
    const run = await runOf(predictionsAdapter({ name: "made", file, version: "1" }));
    expect(skillOf(run)).toBeCloseTo(1 / 40, 10);
    expect(run.report.corpora.find(({ category }) => category === "uncertainty-calibration")?.problems).toEqual({
      malformed: 3,
      unasked: 1,
      repeated: 1,
      unanswered: 38,
      kinds: { "out-of-range": 1, "wrong-form": 1, "not-json": 1 },
    });
    expect(run.report.scores.find(({ category }) => category === "call-graph")).toMatchObject({
      state: "unsupported",
      reason: "the file has no line of this category",
    });
  });

  test("of a program asks about the categories that it names", async () => {
    const file = join(folder, "tool.mjs");
    writeFileSync(
      file,
      `import { createInterface } from "node:readline";
       for await (const line of createInterface({ input: process.stdin })) {
         const { type, taskId, item } = JSON.parse(line);
         if (type === "hello") console.log(JSON.stringify({ version: "1", categories: process.argv.slice(2) }));
         else if (type === "open") console.log('{"ready":true}');
         else console.log(JSON.stringify({ taskId, itemId: item.id, probability: item.target.name === item.callee.name ? 0.9 : 0.1 }));
       }`,
    );
    const program = (categories: string) =>
      commandAdapter({ name: "x", command: `"${process.execPath}" "${file}" ${categories}`, itemLimits: ITEM_LIMITS });
    expect(typeof skillOf(await runOf(program("uncertainty-calibration")))).toBe("number");
    expect(skillOf(await runOf(program("call-graph")))).toBe("unsupported: the program answers call-graph only");
    expect(skillOf(await runOf(program("")))).toBe("unsupported: the program answers nothing only");
  });
});

describe("tools of this repository", () => {
  const source = sourceTruth();
  const statement = (call: number, target: string) => {
    const { id, file, span, callee, syntax } = source.sites[call] as (typeof source.sites)[number];
    const {
      name,
      file: at,
      span: where,
    } = source.definitions.find((one) => one.id === target) as (typeof source.definitions)[number];
    return { id: `${id} ${target}`, file, span, callee, syntax, target: { name, file: at, span: where } };
  };
  /** `add` reaches itself and not `twice`; `increment()` on a counter reaches the method, not its namesake; `console.log` leaves. */
  const items = [
    statement(0, "add"),
    statement(0, "twice"),
    statement(5, "method"),
    statement(5, "main"),
    statement(6, "run"),
  ];
  const task: PropositionTask = { ...propositionTask(source), items };
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed: 1, clock: () => 0 };

  async function said(adapter: Contestant): Promise<(number | null)[]> {
    const answer = (await adapter.propositions?.(task, folder, context)) as { items: { probability: number | null }[] };
    return answer.items.map(({ probability }) => probability);
  }

  test("grep says one of as many as it found", async () => {
    expect(await said(grepAdapter)).toEqual([1, 0, 0.5, 0.5, 0]);
  });
  test("imports looks in the same file first", async () => {
    expect(await said(importsAdapter)).toEqual([1, 0, 0, 1, 0]);
  });
  test("drift says what it lists, and of all else what such statements turned out to be", async () => {
    const { answered } = await readUnlisted();
    // The tiny truth ends definitions where their header line does, so the engine's own ends are taken.
    const { open } = await import("@drift/engine");
    const project = await open(folder, { indexPath: null });
    await project.index();
    const { functions } = await project.callGraph();
    await project.close();
    for (const { target } of items) {
      const found = functions.find(({ file, line }) => file === target.file && line === target.span.line);
      if (found !== undefined) Object.assign(target.span, { endLine: found.endLine, endColumn: found.endColumn });
    }
    const [add, twice, method, main, outside] = (await said(driftAdapter)) as number[];
    expect(add).toBeGreaterThan(0.9);
    expect(twice).toBe(answered.certain.probability);
    expect(method).toBeGreaterThan(0.9);
    expect(main).toBe(answered.certain.probability);
    expect(outside).toBe(answered.external.probability);
  });
});

test("what is not listed is counted by how the site was answered, with Laplace's rule", async () => {
  const status = (index: number) => (["certain", "likely", "external"] as const)[index % 3] as "certain";
  const ids = propositions.map(({ id }) => id);
  const { answered, corpora } = unlistedTable(
    [
      {
        truth,
        listingOf: ({ id }) =>
          ids.indexOf(id) < 30 ? { status: status(ids.indexOf(id)), probability: null, targets: 1 } : null,
      },
    ],
    "by hand",
  );
  expect(corpora).toEqual([{ id: "tiny", version: "1.0.0", statements: 40 }]);
  const trueOnes = propositions.slice(0, 30).filter(({ isTrue }, index) => isTrue && index % 3 === 1).length;
  expect(answered.likely).toEqual({ statements: 10, correct: trueOnes, probability: (trueOnes + 1) / 12 });
  for (const { statements, correct, probability } of Object.values((await readUnlisted()).answered)) {
    expect(probability).toBe((correct + 1) / (statements + 2));
  }
});
