/** What the answers of each category claim, part by part, for who damages them. */
import { claimedBreaks, breakKey } from "../evaluators/changes.ts";
import { claimedChoices } from "../evaluators/choices.ts";
import { PREDICTED_FROM, predictedTargets } from "../evaluators/graph-edges.ts";
import type {
  AnswerTarget,
  CallSiteAnswer,
  ChangeAnswer,
  ItemAnswer,
  ProposalAnswer,
  PropositionAnswer,
} from "../schema/answer.ts";
import type { ChoiceAnswer, ChoiceItem } from "../schema/choice.ts";
import type { ContextAnswer, ContextItem, Excerpt } from "../schema/context.ts";
import type { Chosen, RefinementAnswer, RefinementItem } from "../schema/refinement.ts";
import type { CallSiteItem, Category, ChangeItem, ProposalItem, PropositionItem } from "../schema/task.ts";
import { BASE_RATE } from "../scores/scoring.ts";
import type { AnswerParts } from "./damage.ts";

/** The parts of answers of a category that has tasks. */
export function partsIn(category: Category): AnswerParts {
  return PARTS[category] as AnswerParts;
}

/** {@link AnswerParts} of one form of answers to one form of items. */
interface PartsOf<Said, Part, Item> {
  kinds?: AnswerParts["kinds"];
  parts: (answer: Said) => readonly Part[];
  withParts: (answer: Said, parts: readonly Part[]) => Said;
  keyOf: (part: Part) => string;
  inPlaceOf: (part: Part, other: Part) => Part;
  fileOf: (item: Item) => string;
  offered?: (item: Item) => readonly Part[];
  flatten?: (part: Part) => Part | null;
}

/** Answers and items of a category have its form: what is stored was read by its schema. */
function partsOf<Said extends ItemAnswer, Part extends object, Item>(form: PartsOf<Said, Part, Item>): AnswerParts {
  return { kinds: ["drop", "swap"], ...form } as unknown as AnswerParts;
}

/** Edges that an answer commits to. Without any left it is silent, as it would be if it had found none. */
const CALLS = partsOf<CallSiteAnswer, AnswerTarget, CallSiteItem>({
  parts: predictedTargets,
  withParts: (answer, targets) => {
    const isOutside = targets.every((target) => "external" in target);
    const named = answer.status === "external" && !isOutside ? "certain" : answer.status;
    return { ...answer, status: targets.length === 0 ? "unknown" : named, targets: [...targets] };
  },
  keyOf: (target) => ("external" in target ? "external" : `${target.file}:${target.line}:${target.column}`),
  inPlaceOf: ({ probability }, other) => ({ ...other, probability }),
  fileOf: ({ file }) => file,
});

/** What is said to break; that nothing does is said too. */
type BreakPart = ChangeAnswer["breaks"][number] | { nothing: true };

const CHANGES = partsOf<ChangeAnswer, BreakPart, ChangeItem>({
  parts: (answer) => {
    if (answer.status === "unknown") return [];
    const claims = claimedBreaks(answer);
    const breaks = answer.breaks.filter((one) => one.probability >= PREDICTED_FROM);
    return claims.size === 0 ? [{ nothing: true }] : breaks;
  },
  withParts: (answer, parts) => {
    const breaks = parts.flatMap((part) => ("nothing" in part ? [] : [part]));
    // Who named breaks and has none left says that nothing breaks; who said that, and no longer does, says nothing at all.
    const isSilent = parts.length === 0 && claimedBreaks(answer).size === 0;
    return { ...answer, status: isSilent ? "unknown" : answer.status, breaks };
  },
  keyOf: (part) => ("nothing" in part ? "nothing" : breakKey(part)),
  inPlaceOf: (part, other) => {
    if ("nothing" in other) return other;
    return { ...other, probability: "nothing" in part ? 1 : part.probability };
  },
  fileOf: ({ file }) => file,
});

type Verdict = Pick<ProposalAnswer, "verdict" | "rules">;

/** One part: the verdict with its rules. */
const PROPOSALS = partsOf<ProposalAnswer, Verdict, ProposalItem>({
  parts: ({ verdict, rules }) => (verdict === "unknown" ? [] : [{ verdict, rules }]),
  withParts: (answer, [part = { verdict: "unknown", rules: [] }]) => ({ ...answer, ...part }),
  keyOf: ({ verdict, rules }) => [verdict, ...rules].join(" "),
  inPlaceOf: (_part, other) => other,
  fileOf: ({ change }) => (change.kind === "append" ? change.file : change.specifier),
});

/** One part: the probability. Left out it is an abstention. */
const PROPOSITIONS = partsOf<PropositionAnswer, { probability: number }, PropositionItem>({
  kinds: ["drop", "swap", "flatten"],
  parts: ({ probability }) => (probability === null ? [] : [{ probability }]),
  withParts: (answer, [part]) => ({ ...answer, probability: part?.probability ?? null }),
  keyOf: ({ probability }) => String(probability),
  inPlaceOf: (_part, other) => other,
  fileOf: ({ file }) => file,
  flatten: ({ probability }) => (probability === BASE_RATE ? null : { probability: (probability + BASE_RATE) / 2 }),
});

type ChoicePart = Chosen[number];

const asCertain = (choices: readonly string[]): ChoicePart[] => choices.map((choice) => ({ choice, probability: 1 }));

const CHOICES = partsOf<ChoiceAnswer, ChoicePart, ChoiceItem>({
  parts: (answer) => asCertain([...claimedChoices(answer)]),
  withParts: (answer, chosen) => ({ ...answer, chosen: [...chosen] }),
  keyOf: ({ choice }) => choice,
  inPlaceOf: (_part, other) => other,
  fileOf: () => "",
  offered: ({ choices }) => asCertain(choices),
});

/** The last round, which is the one that counts. */
const REFINEMENTS = partsOf<RefinementAnswer, ChoicePart, RefinementItem>({
  parts: ({ rounds }) => (rounds.at(-1) ?? []).filter(({ probability }) => probability >= PREDICTED_FROM),
  withParts: (answer, chosen) => ({ ...answer, rounds: [...answer.rounds.slice(0, -1), [...chosen]] }),
  keyOf: ({ choice }) => choice,
  inPlaceOf: (_part, other) => other,
  fileOf: () => "",
  offered: ({ choices }) => asCertain(choices),
});

const CONTEXTS = partsOf<ContextAnswer, Excerpt, ContextItem>({
  parts: ({ excerpts }) => excerpts,
  withParts: (answer, excerpts) => ({ ...answer, excerpts: [...excerpts] }),
  keyOf: ({ file, line, endLine }) => `${file}:${line}-${endLine}`,
  inPlaceOf: (_part, other) => other,
  fileOf: ({ subject }) => subject.file,
});

const PARTS: Partial<Record<Category, AnswerParts>> = {
  "pattern-recognition": CHOICES,
  "call-graph": CALLS,
  "data-flow": CHOICES,
  "architectural-intent": PROPOSALS,
  "causal-reasoning": CHANGES,
  "uncertainty-calibration": PROPOSITIONS,
  "token-efficiency": CONTEXTS,
  "compositional-reasoning": CHOICES,
  "negative-knowledge": CHOICES,
  "iterative-refinement": REFINEMENTS,
};
