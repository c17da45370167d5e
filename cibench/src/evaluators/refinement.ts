/** How much of what a draft lacks an answer repairs, and the feedback on the way there. Pure but for the count of what was asked. */
import type { Choice } from "../schema/choice.ts";
import type { Chosen, Feedback, RefinementAnswer, RefinementItem } from "../schema/refinement.ts";
import type { ReportedOracle } from "../schema/report.ts";
import type { EdgeCounts, ItemOutcome } from "../schema/score.ts";
import { countChoices } from "./choices.ts";
import { PREDICTED_FROM } from "./graph-edges.ts";

/** Answers to each question; more would let who only counts find out all. */
export const ROUNDS = 3;

/** A question with its answer. */
export interface KnownRefinement extends RefinementItem {
  stratum: string;
  /** The choices that are right; all others are wrong. */
  must: readonly string[];
  /** Kinds of oracles that it rests on. */
  by: readonly string[];
}

/** What is true of all questions with a draft about one corpus. */
export interface RefinementTruth {
  corpus: string;
  inputsSha256: string;
  oracles: readonly ReportedOracle[];
  files: readonly string[];
  choices: readonly Choice[];
  items: readonly KnownRefinement[];
}

/** Says how far an answer is off; null when there is no round left, or no such question. */
export type AskFeedback = (itemId: string, chosen: Chosen) => Feedback | null;

/** Feedback for one tool: as often as there are rounds after an answer, for each question. */
export function feedbackGiver({ items }: Pick<RefinementTruth, "items">): AskFeedback {
  const known = new Map(items.map(({ id, must }) => [id, { must: new Set(must), left: ROUNDS - 1 }]));
  return (itemId, chosen) => {
    const item = known.get(itemId);
    if (item === undefined || item.left === 0) return null;
    item.left--;
    return feedbackOn(item.must, claimed(chosen));
  };
}

export function feedbackOn(must: ReadonlySet<string>, claims: ReadonlySet<string>): Feedback {
  const { falsePositives, falseNegatives } = countChoices(must, claims);
  return { wrong: falsePositives, missing: falseNegatives };
}

/** F1 of claims; 0 where none is right. */
export function f1Of({ truePositives, falsePositives, falseNegatives }: EdgeCounts): number {
  return truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}

/** The share of what the draft lacks that is repaired: 0 where nothing is, or it became worse. */
export function repaired(draft: number, last: number): number {
  return Math.max(0, (last - draft) / (1 - draft));
}

/** F1 of the draft of a question. */
export function draftF1({ draft, must }: Pick<KnownRefinement, "draft" | "must">): number {
  return f1Of(countChoices(new Set(must), new Set(draft)));
}

/**
 * What became of each question, in the order of `truth`.
 *
 * @param answers at most one per question; one without an answer is worth nothing
 */
export function judgeRefinements(answers: readonly RefinementAnswer[], truth: RefinementTruth): ItemOutcome[] {
  const said = new Map(answers.map((answer) => [answer.itemId, answer]));
  return truth.items.map((item) => judgeRefinement(item, said.get(item.id), truth.corpus));
}

function judgeRefinement(item: KnownRefinement, answer: RefinementAnswer | undefined, corpus: string): ItemOutcome {
  const must = new Set(item.must);
  const rounds = (answer?.rounds ?? []).slice(0, ROUNDS).map((chosen) => claimed(chosen));
  const f1s = rounds.map((claims) => f1Of(countChoices(must, claims)));
  const last = rounds.at(-1) ?? new Set<string>();
  const draft = draftF1(item);
  const worth = repaired(draft, f1s.at(-1) ?? 0);
  return {
    category: "iterative-refinement",
    itemId: item.id,
    corpus,
    file: item.subject.file,
    line: item.subject.span?.line ?? 1,
    column: item.subject.span?.column ?? 1,
    callee: item.subject.name,
    syntax: item.kind,
    stratum: item.stratum,
    truth: "known",
    outcome: rounds.length === 0 ? "abstained" : worth === 1 ? "right" : worth > 0 ? "partly" : "wrong",
    counts: countChoices(must, last),
    traced: { edges: 0, found: 0 },
    status: answer === undefined ? "unanswered" : "certain",
    predicted: [...last],
    must: [...item.must],
    may: [],
    by: [...item.by],
    refinement: { draft, rounds: f1s },
  };
}

function claimed(chosen: Chosen): Set<string> {
  return new Set(chosen.filter(({ probability }) => probability >= PREDICTED_FROM).map(({ choice }) => choice));
}
