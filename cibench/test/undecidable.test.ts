import { fetchCorpus, type LayeredTruth, listCorpora, loadLayeredTruth } from "@drift/corpora";
import { beforeAll, describe, expect, test } from "vitest";
import { driftAdapter } from "../src/adapters/drift.ts";
import { grepAdapter } from "../src/adapters/grep.ts";
import type { LoadedCorpus } from "../src/category.ts";
import { uncertaintyCalibration } from "../src/categories/uncertainty-calibration.ts";
import { judgePropositions } from "../src/evaluators/propositions.ts";
import { runTool } from "../src/run.ts";
import { PropositionTask } from "../src/schema/task.ts";
import { categoryScore } from "../src/scores/category-score.ts";
import { itemCredit } from "../src/scores/item-credit.ts";
import { forecastAnswers, forecastExpectations, truthOf } from "../src/scores/proposition-floor.ts";
import { UNDECIDABLE } from "../src/scores/scoring.ts";
import { selfCheck } from "../src/self-check.ts";
import { plantedOf } from "../src/tasks/planted.ts";
import { propositionTask, type Statement, statementsOf } from "../src/tasks/understanding/propositions.ts";
import { fixedNow } from "./support/resolved-corpus.ts";

const loaded: LoadedCorpus[] = [];
let truth: LayeredTruth;
let statements: readonly Statement[];
beforeAll(async () => {
  for (const { id } of listCorpora().filter((spec) => spec.id.startsWith("layered-"))) {
    const fetched = await fetchCorpus(id, { offline: true });
    loaded.push({ fetched, truth: null, planted: await loadLayeredTruth(fetched) });
  }
  truth = loaded.find(({ fetched }) => fetched.spec.id === "layered-typescript")?.planted as LayeredTruth;
  statements = statementsOf(truth) ?? [];
}, 120_000);

describe("statements about runs", () => {
  test("are pairs: of each one is decided by what is set outside alone, of the others half are true", () => {
    const undecided = statements.filter(({ isTrue }) => isTrue === null);
    const decided = statements.filter(({ isTrue }) => isTrue !== null);
    expect([undecided.length, decided.length]).toEqual([15, 15]);
    expect(decided.filter(({ isTrue }) => isTrue)).toHaveLength(8);
    expect(new Set(undecided.map(({ partner }) => partner))).toEqual(new Set(decided.map(({ id }) => id)));
    expect(new Set(statements.map(({ id }) => id)).size).toBe(30);
    expect(statements.every(({ asks }) => asks === "enters")).toBe(true);
  });

  test("rest on runs: two that differ outside enter different definitions, and a decided call enters one alone", () => {
    const planted = plantedOf(truth);
    for (const { site, target, isTrue } of statements) {
      const call = planted.callAt(site);
      const facts = planted.facts("undecidable").filter((fact) => fact.call === call?.id);
      const reached = call?.must.map((one) => ("definition" in one ? one.definition : "outside"));
      const own = facts.find(({ definition }) => definition === target.id);
      const reaches = own?.runs.filter((run) => run.reaches).length ?? null;
      const seen = [facts.length, reaches, call?.executed, reached?.length];
      expect(seen).toEqual(isTrue === null ? [2, 1, true, 2] : [0, null, true, 1]);
      expect(isTrue === null ? null : reached?.[0] === target.id).toBe(isTrue);
    }
  });

  test("are put to tools without the truth, and are the same every time", () => {
    const task = PropositionTask.parse(propositionTask(truth));
    expect(JSON.stringify(task)).not.toMatch(/isTrue|must|partner|stratum|trait|runs/);
    expect(statementsOf(structuredClone(truth))).toEqual(statements);
    expect(new Set(task.items.map(({ file }) => file)).size).toBeGreaterThan(15);
    for (const { file } of task.items) expect(task.files).toContain(file);
  });

  test("are there for every layered project", () => {
    for (const { planted } of loaded) expect(statementsOf(planted as LayeredTruth)).toHaveLength(30);
  });
});

/** What the statements are worth together when this is said of them. */
function creditsOf(say: (one: Statement) => number | null) {
  const outcomes = judgePropositions(forecastAnswers(statements, statements.map(say)), truth);
  const of = (isUndecidable: boolean) =>
    outcomes
      .filter(({ stratum }) => (stratum === UNDECIDABLE) === isUndecidable)
      .reduce((sum, one) => sum + (itemCredit(one) ?? 0), 0);
  const corpora = [{ id: truth.corpus, kind: "synthetic" as const, outcomes }];
  const { score } = categoryScore("uncertainty-calibration", corpora, forecastExpectations([truth], 1), { seed: 1 });
  return { undecidable: of(true), decided: of(false), score: score.value ?? Number.NaN };
}

describe("abstention", () => {
  test("is worth all where the decided one beside it is known, too", () => {
    expect(creditsOf(({ isTrue }) => truthOf(isTrue))).toEqual({ undecidable: 15, decided: 15, score: 1 });
  });
  test("everywhere is worth nothing, and so is never to abstain", () => {
    const everywhere = creditsOf(() => null);
    expect([everywhere.undecidable, everywhere.decided]).toEqual([0, 0]);
    expect(everywhere.score).toBeLessThanOrEqual(0);
    expect(creditsOf(({ isTrue }) => truthOf(isTrue) ?? 0.5).undecidable).toBe(0);
  });
  test("is worth as much as the decided one, and nothing where that is wrong", () => {
    const likely = creditsOf(({ isTrue }) => (isTrue === null ? null : isTrue ? 0.9 : 0.1));
    expect([likely.undecidable, likely.decided]).toEqual([expect.closeTo(14.4, 10), expect.closeTo(14.4, 10)]);
    expect(creditsOf(({ isTrue }) => (isTrue === null ? null : Number(!isTrue))).undecidable).toBe(0);
  });
  test("has to be said: silence is none", () => {
    const known = statements.filter(({ isTrue }) => isTrue !== null);
    const answers = forecastAnswers(
      known,
      known.map(({ isTrue }) => truthOf(isTrue)),
    );
    const outcomes = judgePropositions(answers, truth).filter(({ stratum }) => stratum === UNDECIDABLE);
    expect(outcomes.map((one) => [one.outcome, itemCredit(one)])).toEqual(outcomes.map(() => ["abstained", 0]));
  });
});

test("trivial forecasts land where selfcheck expects them", async () => {
  const { entries } = await selfCheck({ corpora: loaded.filter(({ planted }) => planted === truth), seed: 3 });
  const own = entries.filter(({ category }) => category === "uncertainty-calibration");
  expect(own.filter(({ passed }) => !passed)).toEqual([]);
  expect(own.length).toBeGreaterThan(8);
  expect(own.find(({ baseline }) => baseline === "gold")).toMatchObject({ raw: 1, score: 1, kind: "synthetic" });
  const others = own.filter(({ baseline }) => baseline !== "gold");
  for (const { score } of others) expect(score).toBeLessThanOrEqual(1e-9);
}, 120_000);

test("tools say what they know: several listed targets are no answer, one is", async () => {
  const corpora = loaded.filter(({ fetched }) => fetched.spec.id === "layered-typescript");
  const answersOf = async (adapter: typeof driftAdapter) => {
    const { items } = await runTool({ adapter, corpora, seed: 1, now: fixedNow });
    return items.filter(({ category }) => category === uncertaintyCalibration.category);
  };
  const drift = await answersOf(driftAdapter);
  expect(drift).toHaveLength(30);
  const abstained = drift.filter(({ stratum, abstention }) => stratum === UNDECIDABLE && abstention?.abstains);
  expect(abstained).toHaveLength(15);
  const known = drift.filter(({ outcome, forecast }) => forecast !== undefined && outcome === "right");
  expect(known.length).toBeGreaterThan(0);
  const grep = await answersOf(grepAdapter);
  expect(grep.filter(({ forecast, outcome }) => forecast !== undefined && outcome === "right").length).toBeLessThan(15);
}, 120_000);
