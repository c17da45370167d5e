/** What there is to know about the truth about changes, in numbers, and whether there is enough of it. Pure. */
import { z } from "zod";
import { Language } from "../manifest.ts";
import { Effect, type MutationItem, type MutationTruth, Operator } from "./mutation.ts";
import { Aim } from "./totals.ts";

const count = z.int().nonnegative();

/** Items of one operator. */
const OperatorCounts = z.strictObject({ operator: Operator, items: count, effects: z.record(Effect, count) });

const Counts = {
  items: count,
  effects: z.record(Effect, count),
  operators: z.array(OperatorCounts),
  pairs: z.strictObject({ function: count, file: count }),
  /** Items for which the import graph's answer has an F1 below 0.8, and those of them that break a test. */
  hard: count,
  hardTestBreaks: count,
  /** Changes that were drawn and are no items. */
  dropped: z.strictObject({ unreadable: count, disagreed: count, endless: count }),
};

/** One corpus. */
export const MutationStats = z.strictObject({
  corpus: z.string(),
  language: Language,
  ...Counts,
  /** Tests that passed every time, those that passed only sometimes and so are left out, and test files left out. */
  tests: z.strictObject({ stable: count, flaky: count, filesLeft: count }),
  /** Share of the tested changes on which all runs agreed. */
  agreement: z.number().min(0).max(1),
});
export type MutationStats = z.infer<typeof MutationStats>;

/** All corpora together. */
export const MutationTotals = z.strictObject({ corpora: count, languages: count, ...Counts, aims: z.array(Aim) });
export type MutationTotals = z.infer<typeof MutationTotals>;

const HARD_F1 = 0.8;
const LEAST = { items: 1_500, pairs: 300, corpora: 8, languages: 3, operators: 6 };
const LARGEST_OPERATOR = 0.25;
const LEAST_SHARES = { testBreaks: 0.5, hard: 0.3, noEffect: 0.2 };

export function mutationStatsOf(truth: MutationTruth): MutationStats {
  const { baseline } = truth;
  return {
    corpus: truth.corpus,
    language: truth.language,
    ...countsOf([truth]),
    tests: { stable: baseline.stable, flaky: baseline.flaky.length, filesLeft: baseline.left.length },
    agreement: truth.oracle.agreement,
  };
}

export function mutationTotalsOf(truths: readonly MutationTruth[]): MutationTotals {
  const counts = countsOf(truths);
  const languages = new Set(truths.map(({ language }) => language)).size;
  return { corpora: truths.length, languages, ...counts, aims: aimsOf(counts, truths.length, languages) };
}

type CountsOf = Omit<MutationTotals, "corpora" | "languages" | "aims">;

function countsOf(truths: readonly MutationTruth[]): CountsOf {
  const items = truths.flatMap((truth) => truth.items);
  const pairs = truths.flatMap((truth) => truth.pairs);
  const hard = items.filter(({ controlF1 }) => controlF1 < HARD_F1);
  const lost = (why: keyof MutationTruth["dropped"]): number =>
    truths.reduce((sum, { dropped }) => sum + dropped[why].length, 0);
  return {
    items: items.length,
    effects: effectsOf(items),
    operators: Operator.options.map((operator) => {
      const own = items.filter((item) => item.operator === operator);
      return { operator, items: own.length, effects: effectsOf(own) };
    }),
    pairs: {
      function: pairs.filter(({ within }) => within === "function").length,
      file: pairs.filter(({ within }) => within === "file").length,
    },
    hard: hard.length,
    hardTestBreaks: hard.filter(({ effect }) => effect === "test-break").length,
    dropped: { unreadable: lost("unreadable"), disagreed: lost("disagreed"), endless: lost("endless") },
  };
}

function effectsOf(items: readonly MutationItem[]): Record<Effect, number> {
  const number = (effect: Effect): number => items.filter((item) => item.effect === effect).length;
  return {
    "compile-break": number("compile-break"),
    "test-break": number("test-break"),
    observable: number("observable"),
    "no-effect-observed": number("no-effect-observed"),
  };
}

function aimsOf({ items, effects, operators, pairs, hard }: CountsOf, corpora: number, languages: number): Aim[] {
  const aim = (text: string, value: string, holds: boolean): Aim => ({ aim: text, value, holds: items > 0 && holds });
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  const used = operators.filter((one) => one.items > 0);
  const largest = operators.reduce((most, one) => (one.items > most.items ? one : most));
  const ofLargest = share(largest.items, items);
  const breaks = effects["test-break"] + effects["compile-break"];
  const testBreaks = share(effects["test-break"], breaks);
  const noEffect = share(effects["no-effect-observed"], items);
  const paired = pairs.function + pairs.file;
  return [
    aim(`at least ${LEAST.items} changes`, String(items), items >= LEAST.items),
    aim(
      `at least ${LEAST.pairs} contrastive pairs`,
      `${paired}, ${pairs.function} within a function`,
      paired >= LEAST.pairs,
    ),
    aim(`at least ${LEAST.corpora} corpora`, String(corpora), corpora >= LEAST.corpora),
    aim(`at least ${LEAST.languages} languages`, String(languages), languages >= LEAST.languages),
    aim(`at least ${LEAST.operators} operators`, String(used.length), used.length >= LEAST.operators),
    aim("no operator above 25 %", `${largest.operator} ${percent(ofLargest)}`, ofLargest <= LARGEST_OPERATOR),
    aim("at least half of the breaks are of tests", percent(testBreaks), testBreaks >= LEAST_SHARES.testBreaks),
    aim(
      "at least 30 % on which the import graph has F1 < 0.8",
      percent(share(hard, items)),
      share(hard, items) >= LEAST_SHARES.hard,
    ),
    aim("at least 20 % without an effect, the line run", percent(noEffect), noEffect >= LEAST_SHARES.noEffect),
  ];
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
