/**
 * Answers whose labels follow from how they were made: true, false, denied and hedged statements about what was executed, and what says
 * nothing. They test the scorer, no tool. Pure.
 */
import type { Concept, ConceptState, FreeTextRubric, FreeTextVerdict } from "../../schema/free-text.ts";

/** A question of which an execution decided the answer. */
export interface KnownQuestion {
  id: string;
  corpus: string;
  /** Which phrasings fit. */
  kind: "call" | "break";
  /** What is true, and what is false though it could be: names as an answer would say them, the longest first. */
  truth: string[];
  falsehood: string[];
}

/** Sentences with `{x}` for a name; `{x}` is said to be so, not to be so, perhaps to be so, or only mentioned. */
export interface Phrasings {
  affirm: string[];
  deny: string[];
  hedge: string[];
  mention: string[];
  /** `{x}` is so and `{y}` is not. */
  contrast: string[];
}

/** Phrasings of both kinds of questions, from one place. */
export interface PhrasingSet {
  source: string;
  call: Phrasings;
  break: Phrasings;
}

/** An answer with what it says. */
export interface LabelledAnswer {
  itemId: string;
  /** How it was made. */
  way: string;
  half: "seen" | "unseen";
  text: string;
  required: ConceptState;
  wrong: ConceptState;
  verdict: FreeTextVerdict;
}

/**
 * What a good answer to such a question says: one concept is required, one is wrong.
 *
 * @param isStrict whether it has to be said that they are called, or fail; else naming them says it
 */
export function rubricOf({ id, kind, truth, falsehood }: KnownQuestion, isStrict: boolean): FreeTextRubric {
  const says = isStrict ? SAYS[kind] : [];
  const concept = (role: string, names: string[]): Concept => ({ id: role, names, says, denials: DENIALS[kind] });
  return { itemId: id, required: [concept("truth", truth)], expected: [], wrong: [concept("falsehood", falsehood)] };
}

/** What the seen phrasings say of what is so, and other words for it of a thesaurus. */
export const SAYS: Record<KnownQuestion["kind"], string[]> = {
  call: [
    ...["call", "enter", "invoke", "go to", "go through", "reach", "run", "bring to", "jump", "stack", "end up"],
    ...[
      "dispatch",
      "hit",
      "would be",
      "could be",
      "should be",
      "be",
      "is",
      "maybe",
      "lead",
      "arrive",
      "resolve",
      "delegate",
    ],
    ...[
      "forward",
      "take over",
      "pass to",
      "target",
      "callee",
      "get to",
      "come to",
      "choose",
      "select",
      "use",
      "happen",
    ],
  ],
  break: [
    "fail",
    "failure",
    "break",
    "broken",
    "red",
    "regress",
    "regression",
    "blow up",
    "stop",
    "no longer",
    "n't pass",
    "crash",
    "error",
    "fall over",
    "affect",
    "impact",
    "hurt",
    "damage",
    "go wrong",
    "complain",
    "detect",
    "catch",
    "notice",
  ],
};

/** Ways to say that a test does not fail, or that a function is not called, without a negation. */
const DENIALS: Record<KnownQuestion["kind"], string[]> = {
  call: [],
  break: [
    "pass",
    "stay green",
    "remain green",
    "survive",
    "unaffected",
    "hold",
    "keep working",
    "green",
    "fine",
    "ok",
    "leave alone",
  ],
};

/**
 * Every way to make an answer, once for each question; phrasings take turns.
 *
 * @param turn of the question, so that another one gets other phrasings
 */
export function composeAnswers(
  question: KnownQuestion,
  phrasings: Phrasings,
  half: LabelledAnswer["half"],
  turn: number,
): LabelledAnswer[] {
  const pick = (list: readonly string[], offset: number): string => list[(turn + offset) % list.length] as string;
  // Who answers says the whole name or its last part.
  const [x, y] = [pick(question.truth, 0), pick(question.falsehood, 0)];
  const say = (sentence: string, one: string, other = ""): string =>
    sentence.replaceAll("{x}", one).replaceAll("{y}", other);
  const { affirm, deny, hedge, mention, contrast } = phrasings;
  const made = (way: string, text: string, [required, wrong]: [ConceptState, ConceptState]): LabelledAnswer => {
    return { itemId: question.id, way, half, text, required, wrong, verdict: verdictOf(required, wrong) };
  };
  return [
    made("true", say(pick(affirm, 0), x), ["affirmed", "absent"]),
    made("false", say(pick(affirm, 1), y), ["absent", "affirmed"]),
    made("true denied", say(pick(deny, 0), x), ["denied", "absent"]),
    made("false denied", say(pick(deny, 1), y), ["absent", "denied"]),
    made("true, false denied", `${say(pick(affirm, 2), x)} ${say(pick(deny, 2), y)}`, ["affirmed", "denied"]),
    made("false, true denied", `${say(pick(deny, 3), x)} ${say(pick(affirm, 3), y)}`, ["denied", "affirmed"]),
    made("contrast", say(pick(contrast, 0), x, y), ["affirmed", "denied"]),
    made("contrast, turned round", say(pick(contrast, 1), y, x), ["denied", "affirmed"]),
    made("true hedged", say(pick(hedge, 0), x), ["hedged", "absent"]),
    made("false hedged", say(pick(hedge, 1), y), ["absent", "hedged"]),
    made("true, after a mention", `${say(pick(mention, 0), y)} ${say(pick(affirm, 4), x)}`, ["affirmed", "absent"]),
    made("mention", say(pick(mention, 1), x), ["absent", "absent"]),
    made("contradiction", `${say(pick(affirm, 5), x)} ${say(pick(deny, 4), x)}`, ["contradicted", "absent"]),
    made("everything", `${say(pick(affirm, 6), x)} ${say(pick(affirm, 7), y)}`, ["affirmed", "affirmed"]),
    made("empty", "", ["absent", "absent"]),
  ];
}

/** As `scoreFreeText` has it, with one required and one wrong concept, one of the two being so. */
function verdictOf(required: ConceptState, wrong: ConceptState): FreeTextVerdict {
  if (required === "affirmed" && (wrong === "denied" || wrong === "absent")) return "right";
  if (required === "absent" && wrong === "absent") return "unanswered";
  return required === "hedged" ? "partly" : "wrong";
}
