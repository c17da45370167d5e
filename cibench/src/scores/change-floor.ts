/** What trivial answers about changes are expected to reach. `selfcheck` gives the same answers through an adapter. */
import type { ChangeTruth } from "@drift/corpora";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import {
  breakCredit,
  breakKey,
  changePairs,
  changeStratum,
  countBreaks,
  isPairRight,
  type KnownBreaks,
  knownBreaks,
} from "../evaluators/changes.ts";
import type { ChangeAnswer } from "../schema/answer.ts";
import { mixSeed } from "./bootstrap.ts";
import { averagedStrata } from "./edge-table.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";
import { CHANGE_STRATA } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

type Break = Pick<ChangeAnswer["breaks"][number], "what" | "file">;
type Rng = ReturnType<typeof xoroshiro128plus>;

/** An answer that needs no understanding. */
export interface TrivialChanges {
  name: string;
  /** The same everywhere, so that the best for each corpus may be chosen in hindsight. */
  isConstant?: true;
  /** It differs from draw to draw. */
  isDrawn?: true;
  /** What it says of each change, in the order of the truth. */
  breaks: (truth: ChangeTruth, rng: Rng) => readonly (readonly Break[])[];
}

/**
 * - `nothing-breaks`, `own-file` (the changed file does not compile), `all-tests`, `own-file-and-tests`: the same everywhere.
 * - `list-everything`: every test file fails, and no file compiles.
 * - `random`: nothing, the changed file, or one test file, each as likely.
 * - `shuffled-gold`: the true answers of a corpus, permuted over its changes.
 */
export const TRIVIAL_CHANGES: readonly TrivialChanges[] = [
  { name: "nothing-breaks", isConstant: true, breaks: ({ truth }) => truth.items.map(() => []) },
  { name: "own-file", isConstant: true, breaks: ({ truth }) => truth.items.map(ownFile) },
  { name: "all-tests", isConstant: true, breaks: (about) => about.truth.items.map(() => allTests(about)) },
  {
    name: "own-file-and-tests",
    isConstant: true,
    breaks: (about) => about.truth.items.map((item) => [...ownFile(item), ...allTests(about)]),
  },
  {
    name: "list-everything",
    breaks: (about) => {
      const tests = allTests(about);
      const files = new Set([...about.truth.items.map(({ file }) => file), ...tests.map(({ file }) => file)]);
      const all = [...tests, ...[...files].map((file): Break => ({ what: "compile", file }))];
      return about.truth.items.map(() => all);
    },
  },
  {
    name: "random",
    isDrawn: true,
    breaks: (about, rng) => {
      const tests = allTests(about);
      return about.truth.items.map((item) => {
        const choice = uniformInt(rng, 0, 2);
        if (choice === 0) return [];
        return choice === 1 ? ownFile(item) : [tests[uniformInt(rng, 0, tests.length - 1)] as Break];
      });
    },
  },
  {
    name: "shuffled-gold",
    isDrawn: true,
    breaks: (about, rng) => {
      return shuffle(goldBreaks(about), rng);
    },
  },
];

/** What is true of each change. */
export function goldBreaks({ truth }: ChangeTruth): Break[][] {
  return truth.items.map((item) =>
    [...knownBreaks(item, truth).must].map((key): Break => {
      const what = key.startsWith("test ") ? "test" : "compile";
      return { what, file: key.slice(what.length + 1) };
    }),
  );
}

/** Answers with certainty, in the form in which tools give them. */
export function changeAnswers({ truth }: ChangeTruth, breaks: readonly (readonly Break[])[]): ChangeAnswer[] {
  return truth.items.map(({ id }, index) => ({
    itemId: id,
    status: "certain",
    breaks: (breaks[index] ?? []).map((one) => ({ ...one, probability: 1 })),
  }));
}

/** What each trivial answer makes of one corpus: sums over its items by stratum. */
interface CorpusSums {
  items: number[];
  trivial: { name: string; isConstant: boolean; mean: number[]; variance: number[] }[];
}

const known = new WeakMap<ChangeTruth, CorpusSums>();

/**
 * What each trivial answer is expected to reach in raw, with the weights of the score: the mean over strata of what all items
 * of a stratum are worth. `constant` is the best of the constants for each corpus in hindsight, so that nothing that is the
 * same in all of a corpus beats it. Draws are means of 1,000.
 *
 * @param truths at least one
 */
export function changeExpectations(truths: readonly ChangeTruth[], seed: number): Expectation[] {
  const sums = truths.map((truth) => {
    const one = known.get(truth) ?? sumsOf(truth, seed);
    known.set(truth, one);
    return one;
  });
  const items = CHANGE_STRATA.map((_, stratum) => sums.reduce((sum, one) => sum + (one.items[stratum] as number), 0));
  const isAveraged = averagedStrata(items);
  const strata = isAveraged.filter(Boolean).length;
  // An item of a stratum counts this much in raw.
  const weights = items.map((count, stratum) => (isAveraged[stratum] === true ? 1 / (strata * count) : 0));
  const rawOf = (credits: readonly number[]): number =>
    credits.reduce((sum, credit, stratum) => sum + credit * (weights[stratum] as number), 0);
  const names = TRIVIAL_CHANGES.map(({ name }) => name);
  const expectations = names.map((name, index): Expectation => {
    const own = sums.map(({ trivial }) => trivial[index] as CorpusSums["trivial"][number]);
    const raw = own.reduce((sum, { mean }) => sum + rawOf(mean), 0);
    // Strata share items, so that their deviations add up at most.
    const deviations = CHANGE_STRATA.map((_, stratum) =>
      Math.sqrt(own.reduce((sum, { variance }) => sum + (variance[stratum] as number), 0)),
    );
    return { name, raw, deviation: rawOf(deviations) };
  });
  const constant = sums.reduce(
    (sum, { trivial }) => sum + Math.max(...trivial.filter((one) => one.isConstant).map(({ mean }) => rawOf(mean))),
    0,
  );
  return [{ name: "null", raw: 0, deviation: 0 }, { name: "constant", raw: constant, deviation: 0 }, ...expectations];
}

function sumsOf(about: ChangeTruth, seed: number): CorpusSums {
  const sum = creditSummer(about);
  return {
    items: sum.items,
    trivial: TRIVIAL_CHANGES.map(({ name, isConstant = false, isDrawn = false, breaks }) => {
      const rng = xoroshiro128plus(mixSeed(seed, `${name} ${about.truth.corpus}`));
      const draws = isDrawn ? BASELINE_DRAWS : 1;
      const [mean, squares] = [CHANGE_STRATA.map(() => 0), CHANGE_STRATA.map(() => 0)];
      for (let draw = 0; draw < draws; draw++) {
        sum.credits(breaks(about, rng)).forEach((credit, stratum) => {
          mean[stratum] = (mean[stratum] as number) + credit / draws;
          squares[stratum] = (squares[stratum] as number) + credit ** 2 / draws;
        });
      }
      const variance = squares.map((square, stratum) => Math.max(0, square - (mean[stratum] as number) ** 2));
      return { name, isConstant, mean, variance };
    }),
  };
}

/** Judges whole answers quickly, without keeping what became of each item. */
function creditSummer({ truth }: ChangeTruth): {
  items: number[];
  credits: (breaks: readonly (readonly Break[])[]) => number[];
} {
  const about = truth.items.map((item): KnownBreaks & { stratum: number } => ({
    ...knownBreaks(item, truth),
    stratum: CHANGE_STRATA.indexOf(changeStratum(item)),
  }));
  const indexOf = new Map(truth.items.map(({ id }, index) => [id, index]));
  const pairs = changePairs(truth).map((pair) => ({
    ...pair,
    at: CHANGE_STRATA.indexOf(pair.stratum),
    breaking: indexOf.get(pair.breaks) ?? 0,
    holding: indexOf.get(pair.holds) ?? 0,
  }));
  const items = CHANGE_STRATA.map((_, stratum) => {
    return about.filter((one) => one.stratum === stratum).length + pairs.filter(({ at }) => at === stratum).length;
  });
  const keys = new WeakMap<readonly Break[], Set<string>>();
  const keysOf = (breaks: readonly Break[]): Set<string> => {
    const found = keys.get(breaks) ?? new Set(breaks.map(breakKey));
    keys.set(breaks, found);
    return found;
  };
  return {
    items,
    credits: (breaks) => {
      const sums = CHANGE_STRATA.map(() => 0);
      const judged = about.map((one, index) => {
        const claims = keysOf(breaks[index] ?? []);
        const counts = countBreaks(one, claims);
        const credit = breakCredit(one, counts, true);
        sums[one.stratum] = (sums[one.stratum] as number) + credit;
        const { isUnknown } = one;
        return { named: counts.truePositives, isRight: credit === 1, isAnswered: true, claims, isUnknown };
      });
      for (const pair of pairs) {
        const [breaking, holding] = [judged[pair.breaking], judged[pair.holding]];
        if (breaking === undefined || holding === undefined) continue;
        if (isPairRight(pair, breaking.named, holding)) sums[pair.at] = (sums[pair.at] as number) + 1;
      }
      return sums;
    },
  };
}

function ownFile({ file }: { file: string }): Break[] {
  return [{ what: "compile", file }];
}

function allTests({ truth }: ChangeTruth): Break[] {
  return truth.tests.map(({ file }) => ({ what: "test", file }));
}
