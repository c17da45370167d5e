/** Compares what a tool chooses with what is true of the listed choices. Pure. */
import type { ChoiceAnswer, ChoiceCategory, ChoiceItem, ChoiceTask } from "../schema/choice.ts";
import type { ReportedOracle } from "../schema/report.ts";
import type { EdgeCounts, ItemOutcome } from "../schema/score.ts";
import { PREDICTED_FROM } from "./graph-edges.ts";

/** Display forms kept per item. */
const SHOWN = 20;

/** A question with its answer. */
export interface KnownChoice extends ChoiceItem {
  stratum: string;
  /** The choices that are right; all others are wrong. */
  must: readonly string[];
}

/** What is true of all questions of one category about one corpus. */
export interface ChoiceTruth extends Omit<ChoiceTask, "items" | "category"> {
  category: ChoiceCategory;
  inputsSha256: string;
  oracle: ReportedOracle;
  items: readonly KnownChoice[];
}

/** What an answer commits to: choices that are at least as likely as not. `unknown` commits to nothing. */
export function claimedChoices(answer: ChoiceAnswer | undefined): Set<string> {
  if (answer === undefined || answer.status === "unknown") return new Set();
  return new Set(answer.chosen.filter(({ probability }) => probability >= PREDICTED_FROM).map(({ choice }) => choice));
}

/** Claims against what is right; the set is closed, so every other claim is wrong, a choice that was not offered too. */
export function countChoices(must: ReadonlySet<string>, claims: ReadonlySet<string>): EdgeCounts {
  const truePositives = claims.values().reduce((sum, claim) => sum + Number(must.has(claim)), 0);
  return {
    truePositives,
    falsePositives: claims.size - truePositives,
    falseNegatives: must.size - truePositives,
    onUnknown: 0,
  };
}

/**
 * What became of each question, in the order of `truth`.
 *
 * @param answers at most one per question; one without an answer is unanswered, and what is right is missed
 */
export function judgeChoices(answers: readonly ChoiceAnswer[], truth: ChoiceTruth): ItemOutcome[] {
  const said = new Map(answers.map((answer) => [answer.itemId, answer]));
  return truth.items.map((item) => judgeChoice(item, said.get(item.id), truth));
}

function judgeChoice(item: KnownChoice, answer: ChoiceAnswer | undefined, truth: ChoiceTruth): ItemOutcome {
  const claims = claimedChoices(answer);
  const counts = countChoices(new Set(item.must), claims);
  const status = answer?.status ?? "unanswered";
  const [subject] = item.subjects;
  return {
    category: truth.category,
    itemId: item.id,
    corpus: truth.corpus,
    file: subject?.file ?? "",
    line: subject?.span?.line ?? 1,
    column: subject?.span?.column ?? 1,
    callee: subject?.name ?? null,
    syntax: item.kind,
    stratum: item.stratum,
    truth: "known",
    outcome: outcomeOf(counts, status === "unanswered" || status === "unknown"),
    counts,
    traced: { edges: 0, found: 0 },
    status,
    predicted: shown([...claims]),
    must: shown(item.must),
    may: [],
    by: [truth.oracle.kind],
  };
}

function outcomeOf(
  { truePositives, falsePositives, falseNegatives }: EdgeCounts,
  isSilent: boolean,
): ItemOutcome["outcome"] {
  if (isSilent) return "abstained";
  if (falsePositives === 0 && falseNegatives === 0) return "right";
  return truePositives > 0 ? "partly" : "wrong";
}

function shown(choices: readonly string[]): string[] {
  return choices.length > SHOWN ? [...choices.slice(0, SHOWN), `and ${choices.length - SHOWN} more`] : [...choices];
}
