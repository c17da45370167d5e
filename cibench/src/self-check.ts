/** Attacks the scorer: gold must reach 1, nothing must reach 0, and every trivial answer its published floor. */
import { goldAdapter } from "./adapters/trivial.ts";
import { nullAdapter } from "./adapters/null.ts";
import { DEFINITIONS } from "./categories/all.ts";
import type { Attack, CategoryDefinition, LoadedCorpus, Prepared } from "./category.ts";
import type { SelfCheckEntry, SelfCheckResult } from "./schema/self-check.ts";
import { categoryScore, type JudgedCorpus } from "./scores/category-score.ts";
import type { Expectation } from "./scores/floor.ts";

export interface SelfCheckOptions {
  /** Scored per category and kind. */
  corpora: readonly LoadedCorpus[];
  seed: number;
}

/** A category above this is too easy to be published. */
const HIGHEST_FLOOR = 0.5;
/** Single draws of random answers lie this many standard deviations around their expectation. */
const ALLOWED_DEVIATIONS = 5;
const ROUNDING = 1e-9;
/** Self-checks do not hang. */
const TIMEOUT_MS = 600_000;

export async function selfCheck({ corpora, seed }: SelfCheckOptions): Promise<SelfCheckResult> {
  const entries: SelfCheckEntry[] = [];
  for (const definition of DEFINITIONS) {
    for (const kind of ["real", "synthetic"] as const) {
      const prepared = corpora
        .filter(({ fetched }) => fetched.spec.kind === kind)
        .flatMap((corpus) => definition.prepare(corpus) ?? []);
      if (prepared.length > 0) entries.push(...(await checkKind(definition, kind, prepared, seed)));
    }
  }
  return { schemaVersion: 1, passed: entries.length > 0 && entries.every((entry) => entry.passed), seed, entries };
}

const GOLD: Attack = { adapter: goldAdapter, baseline: "gold" };
const NULL: Attack = { adapter: nullAdapter, baseline: "null" };

async function checkKind(
  definition: CategoryDefinition,
  kind: "real" | "synthetic",
  prepared: readonly Prepared[],
  seed: number,
): Promise<SelfCheckEntry[]> {
  const expectations = definition.expectations(prepared);
  const known = new Map(expectations.map((one) => [one.name, one]));
  known.set("gold", { name: "gold", raw: 1, deviation: 0 });
  known.set("null", { name: "null", raw: 0, deviation: 0 });
  const entries: SelfCheckEntry[] = [];
  for (const { adapter, baseline, orLess = false } of [GOLD, NULL, ...definition.attacks]) {
    const expected = known.get(baseline) as Expectation;
    const judged: JudgedCorpus[] = [];
    for (const one of prepared) judged.push(await judgeOn(one, adapter, kind, seed));
    const { raw, floor, score } = categoryScore(definition.category, judged, expectations, { seed });
    const measured = raw.value ?? Number.NaN;
    const near = Math.abs(measured - expected.raw) <= ALLOWED_DEVIATIONS * expected.deviation + ROUNDING;
    entries.push({
      category: definition.category,
      kind,
      baseline: adapter.name,
      raw: raw.value,
      expected: expected.raw,
      floor,
      score: score.value,
      passed: (near || (orLess && measured < expected.raw)) && floor <= HIGHEST_FLOOR,
    });
  }
  return entries;
}

async function judgeOn(
  prepared: Prepared,
  adapter: Attack["adapter"],
  kind: "real" | "synthetic",
  seed: number,
): Promise<JudgedCorpus> {
  const context = { signal: new AbortController().signal, onProgress: () => undefined, seed, clock: () => 0 };
  const asked = await prepared.ask(adapter, context, TIMEOUT_MS);
  // A self-check that fails is a bug in the benchmark.
  if (asked.state !== "answered") throw new Error(`${adapter.name} on ${prepared.task.id}: ${asked.reason}`);
  return { id: prepared.task.corpus, kind, outcomes: prepared.judge(asked.answer) };
}
