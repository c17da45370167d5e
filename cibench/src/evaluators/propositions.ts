/** Compares how probable a tool says that statements are with whether they are true. Pure. */
import type { PropositionAnswer } from "../schema/answer.ts";
import type { ItemOutcome } from "../schema/score.ts";
import { BASE_ERROR, BASE_RATE, UNDECIDABLE } from "../scores/scoring.ts";
import { type Statement, statementsOf, type StatementTruth } from "../tasks/understanding/propositions.ts";

/**
 * What became of each statement, in the order of the task. One without an answer, or without a probability, counts as a forecast of the
 * base rate. For precision and recall a statement is said to be true when it is more probable than not.
 *
 * An undecidable one is worth something only to who abstains there and says so: as much as the decided statement that it is paired with,
 * and never less than nothing. So neither abstaining everywhere nor abstaining nowhere is worth anything.
 *
 * @param answers at most one per statement
 */
export function judgePropositions(answers: readonly PropositionAnswer[], truth: StatementTruth): ItemOutcome[] {
  const said = new Map(answers.map((answer) => [answer.itemId, answer]));
  const all = statementsOf(truth) ?? [];
  const byId = new Map(all.map((one) => [one.id, one]));
  return all.map((one): ItemOutcome => {
    const { id, partner, isTrue } = one;
    const answer = said.get(id);
    if (isTrue !== null) return judgeDecided({ ...one, isTrue }, answer, truth.corpus);
    const decided = byId.get(partner ?? "");
    const worth = statedWorth(said.get(partner ?? "")?.probability, decided?.isTrue === true);
    return judgeUndecidable(one, answer, { corpus: truth.corpus, worth });
  });
}

/** What a forecast of a decided statement is worth, at least 0; silence and abstention are worth nothing. */
export function statedWorth(stated: number | null | undefined, isTrue: boolean): number {
  return Math.max(0, 1 - ((stated ?? BASE_RATE) - Number(isTrue)) ** 2 / BASE_ERROR);
}

function judgeUndecidable(
  { id, site, target }: Statement,
  answer: PropositionAnswer | undefined,
  { corpus, worth }: { corpus: string; worth: number },
): ItemOutcome {
  const abstains = answer?.probability === null;
  return {
    ...about(id, site, corpus),
    stratum: UNDECIDABLE,
    truth: "known",
    outcome: abstains ? (worth === 1 ? "right" : "partly") : answer === undefined ? "abstained" : "wrong",
    counts: { truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0 },
    traced: { edges: 0, found: 0 },
    status: statusOf(answer, answer?.probability ?? null),
    predicted: answer?.probability == null ? [] : [`${shownTarget(target)} with probability ${answer.probability}`],
    must: [],
    may: [shownTarget(target)],
    by: site.by,
    abstention: { abstains, worth },
  };
}

function judgeDecided(
  { id, site, target, isTrue }: Statement & { isTrue: boolean },
  answer: PropositionAnswer | undefined,
  corpus: string,
): ItemOutcome {
  const stated = answer?.probability ?? null;
  const isClaimed = stated !== null && stated > 0.5;
  const shown = shownTarget(target);
  return {
    ...about(id, site, corpus),
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

function about(itemId: string, { file, span, callee, syntax }: Statement["site"], corpus: string) {
  const { line, column } = span;
  const category = "uncertainty-calibration" as const;
  return { category, itemId, corpus, file, line, column, callee: callee?.name ?? null, syntax };
}

function shownTarget({ name, file, span }: Statement["target"]): string {
  return `${name} (${file}:${span.line})`;
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
