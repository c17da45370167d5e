/** Compares how probable a tool says that statements are with whether they are true. Pure. */
import type { CallGraphTruth } from "@drift/corpora";
import type { PropositionAnswer } from "../schema/answer.ts";
import type { ItemOutcome } from "../schema/score.ts";
import { BASE_RATE } from "../scores/scoring.ts";
import { type Proposition, propositionsOf } from "../tasks/understanding/propositions.ts";

/**
 * What became of each statement, in the order of the task. One without an answer, or without a probability, counts as a forecast of the
 * base rate. For precision and recall a statement is said to be true when it is more probable than not.
 *
 * @param answers at most one per statement
 */
export function judgePropositions(answers: readonly PropositionAnswer[], truth: CallGraphTruth): ItemOutcome[] {
  const said = new Map(answers.map((answer) => [answer.itemId, answer]));
  return (propositionsOf(truth) ?? []).map((one) => judgeProposition(one, said.get(one.id), truth.corpus));
}

function judgeProposition(
  { id, site, target, isTrue }: Proposition,
  answer: PropositionAnswer | undefined,
  corpus: string,
): ItemOutcome {
  const stated = answer?.probability ?? null;
  const isClaimed = stated !== null && stated > 0.5;
  const shown = `${target.name} (${target.file}:${target.span.line})`;
  return {
    category: "uncertainty-calibration",
    itemId: id,
    corpus,
    file: site.file,
    line: site.span.line,
    column: site.span.column,
    callee: site.callee?.name ?? null,
    syntax: site.syntax,
    stratum: `statement-${site.stratum}`,
    truth: "known",
    outcome: outcomeOf(stated, isTrue),
    counts: {
      truePositives: Number(isClaimed && isTrue),
      falsePositives: Number(isClaimed && !isTrue),
      falseNegatives: Number(!isClaimed && isTrue),
      onUnknown: 0,
    },
    traced: { edges: 0, found: 0 },
    status: statusOf(answer, stated),
    predicted: stated === null ? [] : [`${shown} with probability ${stated}`],
    must: isTrue ? [shown] : [],
    may: [],
    by: site.by,
    forecast: { probability: stated ?? BASE_RATE, isTrue },
  };
}

/** `right` and `wrong` by the more probable side; even odds are neither. */
function outcomeOf(stated: number | null, isTrue: boolean): ItemOutcome["outcome"] {
  if (stated === null) return "abstained";
  if (stated === 0.5) return "partly";
  return stated > 0.5 === isTrue ? "right" : "wrong";
}

function statusOf(answer: PropositionAnswer | undefined, stated: number | null): ItemOutcome["status"] {
  if (answer === undefined) return "unanswered";
  if (stated === null) return "unknown";
  return stated === 0 || stated === 1 ? "certain" : "likely";
}
