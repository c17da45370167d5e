/** Attacks the scorer: gold must reach 1, nothing must reach 0, and every trivial answer its published floor. */
import type { CallGraphTruth } from "@drift/corpora";
import type { SelfCheck } from "./adapters/adapter.ts";
import { nullAdapter } from "./adapters/null.ts";
import { ATTACKS, goldAdapter } from "./adapters/trivial.ts";
import { judgeCallGraph } from "./evaluators/graph-edges.ts";
import { expectationsOf } from "./run.ts";
import type { SelfCheckEntry, SelfCheckResult } from "./schema/self-check.ts";
import { callGraphScore } from "./scores/call-graph-score.ts";
import type { Expectation } from "./scores/floor.ts";
import { callGraphTask } from "./tasks/perception/call-graph.ts";

export interface SelfCheckOptions {
  /** Scored per kind. */
  corpora: readonly { kind: "real" | "synthetic"; truth: CallGraphTruth }[];
  seed: number;
}

/** A category above this is too easy to be published. */
const HIGHEST_FLOOR = 0.5;
/** Single draws of random answers lie this many standard deviations around their expectation. */
const ALLOWED_DEVIATIONS = 5;
const ROUNDING = 1e-9;

export async function selfCheck({ corpora, seed }: SelfCheckOptions): Promise<SelfCheckResult> {
  const entries: SelfCheckEntry[] = [];
  for (const kind of ["real", "synthetic"] as const) {
    const truths = corpora.filter((corpus) => corpus.kind === kind).map((corpus) => corpus.truth);
    if (truths.length > 0) entries.push(...(await checkKind(kind, truths, seed)));
  }
  return { schemaVersion: 1, passed: entries.length > 0 && entries.every((entry) => entry.passed), seed, entries };
}

async function checkKind(
  kind: "real" | "synthetic",
  truths: readonly CallGraphTruth[],
  seed: number,
): Promise<SelfCheckEntry[]> {
  const expectations = truths.map(expectationsOf);
  const entry = async (
    adapter: SelfCheck,
    expected: { raw: number; within: number; orLess?: boolean },
  ): Promise<SelfCheckEntry> => {
    const { raw, floor, score } = await scoreOf(adapter, kind, truths, expectations, seed);
    const measured = raw.value ?? Number.NaN;
    const near = Math.abs(measured - expected.raw) <= expected.within + ROUNDING;
    const passed = near || (expected.orLess === true && measured < expected.raw);
    return {
      category: "call-graph",
      kind,
      baseline: adapter.name,
      raw: raw.value,
      expected: expected.raw,
      floor,
      score: score.value,
      passed,
    };
  };
  const entries = [await entry(goldAdapter, { raw: 1, within: 0 }), await entry(nullAdapter, { raw: 0, within: 0 })];
  for (const { adapter, baseline } of ATTACKS) {
    const perCorpus = expectations.map((all) => all.find((one) => one.name === baseline) as (typeof all)[number]);
    const raw = perCorpus.reduce((sum, one) => sum + one.raw, 0) / truths.length;
    const deviation = Math.hypot(...perCorpus.map((one) => one.deviation)) / truths.length;
    // The constant of the floor is the best one in hindsight; the one that is run may be worse.
    entries.push(
      await entry(adapter, { raw, within: ALLOWED_DEVIATIONS * deviation, orLess: baseline === "constant" }),
    );
  }
  return entries.map((one) => ({ ...one, passed: one.passed && one.floor <= HIGHEST_FLOOR }));
}

async function scoreOf(
  adapter: SelfCheck,
  kind: "real" | "synthetic",
  truths: readonly CallGraphTruth[],
  expectations: readonly Expectation[][],
  seed: number,
) {
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed, clock: () => 0 };
  const judged = [];
  for (const [index, truth] of truths.entries()) {
    const answer = await adapter.answer(callGraphTask(truth), "", context, truth);
    judged.push({
      id: truth.corpus,
      kind,
      outcomes: judgeCallGraph(answer.items, truth),
      expectations: expectations[index] as Expectation[],
    });
  }
  return callGraphScore(judged, seed);
}
