/** What trivial answers about proposed changes are expected to reach. `selfcheck` gives the same answers through an adapter. */
import type { RuleTruth } from "@drift/corpora";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { isPairRight, proposalCredit, ruleStratum, type Said } from "../evaluators/rules.ts";
import type { ProposalAnswer } from "../schema/answer.ts";
import { proposalId } from "../tasks/understanding/rules.ts";
import type { Expectation } from "./floor.ts";
import { itemExpectations, type Rng, type TrivialKind } from "./item-expectations.ts";
import { RULE_STRATA, type RuleStratum } from "./scoring.ts";
import { shuffle } from "./shuffle.ts";

/** An answer that needs no understanding. */
export interface TrivialVerdicts extends TrivialKind {
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
 * What each trivial answer is expected to reach in raw, as {@link itemExpectations}.
 *
 * @param truths at least one
 */
export function ruleExpectations(truths: readonly RuleTruth[], seed: number): Expectation[] {
  return itemExpectations({
    truths,
    strata: RULE_STRATA,
    stratumOf: kindsOf,
    trivial: TRIVIAL_VERDICTS,
    worth: (truth, at) => {
      const worthOf = worthReader(truth);
      return (rng) => worthOf(TRIVIAL_VERDICTS[at]?.said(truth, rng) ?? []);
    },
    seed,
  });
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

/** @returns what each item, then each pair, is worth, without keeping what became of it */
function worthReader({ items, pairs }: RuleTruth): (said: readonly Said[]) => Generator<number> {
  const indexOf = new Map(items.map(({ id }, index) => [id, index]));
  return function* (said) {
    for (const [index, item] of items.entries()) yield proposalCredit(item, said[index]);
    for (const { violates, allowed } of pairs) {
      const [one, other] = [violates, allowed].map((id) => said[indexOf.get(id) ?? -1]);
      yield Number(isPairRight(one, other));
    }
  };
}

function rulesOf({ items }: RuleTruth): string[] {
  return [...new Set(items.flatMap(({ said }) => said))].sort();
}
