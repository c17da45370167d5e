/** What trivial answers about proposed changes are expected to reach. `selfcheck` gives the same answers through an adapter. */
import type { RuleTruth } from "@drift/corpora";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { isPairRight, proposalCredit, ruleStratum, type Said } from "../evaluators/rules.ts";
import type { ProposalAnswer } from "../schema/answer.ts";
import { proposalId } from "../tasks/understanding/rules.ts";
import { mixSeed } from "./bootstrap.ts";
import { averagedStrata } from "./edge-table.ts";
import { BASELINE_DRAWS, type Expectation } from "./floor.ts";
import { RULE_STRATA, type RuleStratum } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

type Rng = ReturnType<typeof xoroshiro128plus>;

/** An answer that needs no understanding. */
export interface TrivialVerdicts {
  name: string;
  /** The same everywhere, so that the best for each corpus may be chosen in hindsight. */
  isConstant?: true;
  /** It differs from draw to draw. */
  isDrawn?: true;
  /** What it says of each change, in the order of the truth. */
  said: (truth: RuleTruth, rng: Rng) => readonly Said[];
}

const ALLOWED: Said = { verdict: "allowed", rules: [] };

/**
 * - `all-allowed`, `all-rejected` (without a rule), `commonest-rule` (rejected everywhere, by the rule that rejects most): the same
 *   everywhere.
 * - `list-everything`: rejected everywhere, by every rule that rejects anything in the corpus.
 * - `random`: allowed, or rejected by one of these rules, each as likely.
 * - `shuffled-gold`: the true answers of a corpus, permuted over its changes.
 */
export const TRIVIAL_VERDICTS: readonly TrivialVerdicts[] = [
  { name: "all-allowed", isConstant: true, said: ({ items }) => items.map(() => ALLOWED) },
  {
    name: "all-rejected",
    isConstant: true,
    said: ({ items }) => items.map(() => ({ verdict: "violates", rules: [] })),
  },
  {
    name: "commonest-rule",
    isConstant: true,
    said: (truth) => {
      const said = Map.groupBy(
        truth.items.flatMap((item) => item.said),
        (rule) => rule,
      );
      const [commonest] = [...said].toSorted((a, b) => b[1].length - a[1].length || Number(a[0] > b[0]) - 0.5);
      return truth.items.map(() => ({ verdict: "violates", rules: commonest === undefined ? [] : [commonest[0]] }));
    },
  },
  {
    name: "list-everything",
    said: (truth) => {
      const rules = rulesOf(truth);
      return truth.items.map(() => ({ verdict: "violates", rules }));
    },
  },
  {
    name: "random",
    isDrawn: true,
    said: (truth, rng) => {
      const rules = rulesOf(truth);
      return truth.items.map((): Said => {
        if (rules.length === 0 || uniformInt(rng, 0, 1) === 0) return ALLOWED;
        return { verdict: "violates", rules: [rules[uniformInt(rng, 0, rules.length - 1)] as string] };
      });
    },
  },
  {
    name: "shuffled-gold",
    isDrawn: true,
    said: (truth, rng) => {
      return shuffle(goldVerdicts(truth), rng);
    },
  },
];

/** What is true of each change. */
export function goldVerdicts({ items }: RuleTruth): Said[] {
  return items.map(({ verdict, said }) => ({ verdict, rules: said }));
}

/** In the form in which tools answer. */
export function proposalAnswers({ items }: RuleTruth, said: readonly Said[]): ProposalAnswer[] {
  return items.flatMap((item, index) => {
    const one = said[index];
    return one === undefined ? [] : [{ itemId: proposalId(item), verdict: one.verdict, rules: [...one.rules] }];
  });
}

/**
 * What each trivial answer is expected to reach in raw, with the weights of the score: the mean over kinds of what all items of a
 * kind are worth. `constant` is the best of the constants for each corpus in hindsight. Draws are means of 1,000.
 *
 * @param truths at least one
 */
export function ruleExpectations(truths: readonly RuleTruth[], seed: number): Expectation[] {
  const kinds = truths.map((truth) => kindsOf(truth).map((kind) => RULE_STRATA.indexOf(kind)));
  const items = RULE_STRATA.map((_, at) =>
    kinds.reduce((sum, own) => sum + own.filter((kind) => kind === at).length, 0),
  );
  const isAveraged = averagedStrata(items);
  const strata = isAveraged.filter(Boolean).length;
  // An item of a kind counts this much in raw.
  const weights = items.map((count, at) => (isAveraged[at] === true ? 1 / (strata * count) : 0));
  const found = truths.map((truth) => {
    const rawOf = creditSummer(truth, weights);
    return TRIVIAL_VERDICTS.map(({ name, isDrawn = false, said }) => {
      const rng = xoroshiro128plus(mixSeed(seed, `${name} ${truth.corpus}`));
      const draws = isDrawn ? BASELINE_DRAWS : 1;
      let [mean, squares] = [0, 0];
      for (let draw = 0; draw < draws; draw++) {
        const raw = rawOf(said(truth, rng));
        mean += raw / draws;
        squares += raw ** 2 / draws;
      }
      return { mean, variance: Math.max(0, squares - mean ** 2) };
    });
  });
  const sum = (of: (own: (typeof found)[number]) => number): number => found.reduce((all, own) => all + of(own), 0);
  const constant = sum((own) =>
    Math.max(...own.flatMap(({ mean }, at) => (TRIVIAL_VERDICTS[at]?.isConstant === true ? [mean] : []))),
  );
  return [
    { name: "null", raw: 0, deviation: 0 },
    { name: "constant", raw: constant, deviation: 0 },
    ...TRIVIAL_VERDICTS.map(({ name }, at): Expectation => ({
      name,
      raw: sum((own) => own[at]?.mean ?? 0),
      deviation: Math.sqrt(sum((own) => own[at]?.variance ?? 0)),
    })),
  ];
}

/** The kind of every item, then of every pair. */
function kindsOf({ items, pairs }: RuleTruth): RuleStratum[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return [
    ...items.map((item) => ruleStratum(item)),
    ...pairs.flatMap(({ violates }) => {
      const item = byId.get(violates);
      return item === undefined ? [] : [ruleStratum(item, true)];
    }),
  ];
}

/** @returns what whole answers add to raw, without keeping what became of each item */
function creditSummer(truth: RuleTruth, weights: readonly number[]): (said: readonly Said[]) => number {
  const { items, pairs } = truth;
  const own = kindsOf(truth).map((kind) => weights[RULE_STRATA.indexOf(kind)] as number);
  const indexOf = new Map(items.map(({ id }, index) => [id, index]));
  return (said) => {
    let raw = 0;
    items.forEach((item, index) => (raw += (own[index] as number) * proposalCredit(item, said[index])));
    pairs.forEach(({ violates, allowed }, index) => {
      const [one, other] = [violates, allowed].map((id) => said[indexOf.get(id) ?? -1]);
      if (isPairRight(one, other)) raw += own[items.length + index] ?? 0;
    });
    return raw;
  };
}

function rulesOf({ items }: RuleTruth): string[] {
  return [...new Set(items.flatMap(({ said }) => said))].sort();
}
