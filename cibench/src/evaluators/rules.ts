/** Compares what a tool says about changes put to a repository with what the repository's own checkers say. Pure. */
import type { RuleItem, RuleTruth } from "@drift/corpora";
import type { ProposalAnswer } from "../schema/answer.ts";
import type { ItemOutcome } from "../schema/score.ts";
import type { RuleStratum } from "../scores/scoring.ts";
import { proposalId } from "../tasks/understanding/rules.ts";

/** An answer as it is judged. */
export type Said = Pick<ProposalAnswer, "verdict" | "rules">;

/**
 * In [0, 1]. Of a change that is rejected: F1 of the rules that are named, 0 unless it is said to be rejected. Of one that is not:
 * 1 when that is said. Silence is worth nothing.
 */
export function proposalCredit(
  { verdict, said }: Pick<RuleItem, "verdict" | "said">,
  answer: Said | undefined,
): number {
  if (answer?.verdict !== verdict) return 0;
  if (verdict === "allowed") return 1;
  const named = new Set(answer.rules);
  const right = said.filter((rule) => named.has(rule)).length;
  return (2 * right) / (named.size + said.length);
}

/** Two changes that differ in one thing, by their ids in the truth: right when the verdicts of both are. */
export function isPairRight(violates: Said | undefined, allowed: Said | undefined): boolean {
  return violates?.verdict === "violates" && allowed?.verdict === "allowed";
}

/** The kind of item that a change, or a pair of changes, is: about what a package lets in, or about what a linter minds. */
export function ruleStratum(
  { proposal, verdict }: Pick<RuleItem, "proposal" | "verdict">,
  isPair = false,
): RuleStratum {
  return `${proposal.kind === "reach" ? "boundary" : "rule"}-${isPair ? "pair" : verdict}`;
}

/**
 * What became of each change in the order of `truth`, then of each pair: who always says the same gets none of them right.
 *
 * @param answers at most one per change
 */
export function judgeRules(answers: readonly ProposalAnswer[], truth: RuleTruth): ItemOutcome[] {
  const byId = new Map(answers.map((answer) => [answer.itemId, answer]));
  const said = new Map(truth.items.map((item) => [item.id, byId.get(proposalId(item))]));
  const items = new Map(truth.items.map((item) => [item.id, item]));
  const outcomes = new Map(truth.items.map((item) => [item.id, judgeProposal(item, said.get(item.id), truth.corpus)]));
  const pairs = truth.pairs.flatMap(({ violates, allowed, by }): ItemOutcome[] => {
    const [item, one, other] = [items.get(violates), outcomes.get(violates), outcomes.get(allowed)];
    if (item === undefined || one === undefined || other === undefined) return [];
    const isSilent = one.outcome === "abstained" && other.outcome === "abstained";
    const isRight = isPairRight(said.get(violates), said.get(allowed));
    return [
      {
        ...one,
        itemId: `pair ${one.itemId} | ${other.itemId}`,
        syntax: `pair by ${by}`,
        stratum: ruleStratum(item, true),
        outcome: isSilent ? "abstained" : isRight ? "right" : "wrong",
        // Its rules are those of its changes and are counted there.
        counts: { truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0 },
        status: one.status === "unanswered" || other.status === "unanswered" ? "unanswered" : one.status,
        predicted: [...one.predicted, ...other.predicted.map((what) => `${what}: ${other.itemId}`)],
      },
    ];
  });
  return [...outcomes.values(), ...pairs];
}

function judgeProposal(item: RuleItem, answer: ProposalAnswer | undefined, corpus: string): ItemOutcome {
  const { proposal, verdict, said, name } = item;
  const named = new Set(answer?.verdict === "violates" ? answer.rules : []);
  const right = said.filter((rule) => named.has(rule)).length;
  const isSilent = answer === undefined || answer.verdict === "unknown";
  return {
    category: "architectural-intent",
    itemId: proposalId(item),
    corpus,
    file: proposal.kind === "append" ? proposal.file : "package.json",
    line: 1,
    column: 1,
    callee: null,
    syntax: proposal.kind === "append" ? name : proposal.by,
    stratum: ruleStratum(item),
    truth: "known",
    outcome: isSilent ? "abstained" : outcomeOf(proposalCredit(item, answer)),
    counts: {
      truePositives: right,
      falsePositives: named.size - right,
      falseNegatives: said.length - right,
      onUnknown: 0,
    },
    traced: { edges: 0, found: 0 },
    status: answer === undefined ? "unanswered" : answer.verdict === "unknown" ? "unknown" : "likely",
    predicted: isSilent ? [] : shown(answer.verdict, [...named]),
    must: shown(verdict, said),
    may: [],
    by: ["rule"],
  };
}

function outcomeOf(credit: number): ItemOutcome["outcome"] {
  if (credit === 1) return "right";
  return credit === 0 ? "wrong" : "partly";
}

/** Rules kept per item: tools may name any number. */
const SHOWN = 20;

function shown(verdict: string, rules: readonly string[]): string[] {
  if (rules.length <= SHOWN) return [verdict, ...rules];
  return [verdict, ...rules.slice(0, SHOWN), `and ${rules.length - SHOWN} more`];
}
