/**
 * Whether a clause states what it mentions, denies it, or hedges. Pure; English only. After the idea of NegEx (Chapman et al., Journal of
 * Biomedical Informatics 34, 2001): cues with a scope to the right, and a few that look back to their subject.
 */
import { stemOf, type Token } from "./clauses.ts";

export type Polarity = "affirmed" | "denied" | "hedged" | "none";

const stems = (text: string): string[] => text.split(" ").map(stemOf);
const words = (list: string): ReadonlySet<string> => new Set(stems(list));

const NEGATION = words("not n't never neither nor no none nobody nothing without");
const AUXILIARY = words("is are was were be been do does did has have had can ca could will wo would should may might");
/** Verbs of which what follows is what does not happen. */
const AVOIDING = words("avoid skip bypass exclude omit lack miss spare ignore deny refute");
/** Verbs of which what follows is over. */
const ENDING = words("stop cease quit");
/** After `is` or before `that`: what is said of it is not so. */
const FALSE = words(
  "false wrong incorrect untrue mistaken impossible excluded unaffected unchanged untouched unreachable irrelevant uninvolved",
);
const HEDGE = words(
  "might may maybe perhaps possibly could probably presumably likely seems appears apparently suppose guess unclear unsure " +
    "whether either potentially conceivably uncertain doubt believe think suspect assume expect bet imagine reckon " +
    "chances odds should hunch tentatively",
);
/** What is only looked at is not said to be so. */
const NEUTRAL = words(
  "look consider check compare ask question define declare live locate stand import mention read open name rename rebase " +
    "breakpoint signature fixture document highlight write rewrite add move copy resemble",
);
/** A phrase with a cue in it that negates nothing. */
const HARMLESS = ["not only", "nothing but", "no doubt", "no question"].map(stems);
/** Before a name: it is the one that is not meant. */
const CONTRASTING = ["rather than", "instead of", "unlike", "except", "other than"].map(stems);
/** Doubt in more than one word. */
const DOUBTING = ["look like", "as far as", "if i am"].map(stems);
const UNKNOWING = [
  ...["not sure", "not certain", "not tell", "not know", "not clear", "n't sure", "n't certain"],
  ...["n't tell", "n't know", "n't clear", "no idea"],
].map(stems);

/** Tokens from `from` on, up to before `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/**
 * @param tokens of one clause
 * @param mention what is named
 * @param about whether what must be said of it is said, and where its opposite is
 */
export function polarityOf(
  tokens: readonly Token[],
  { from, to }: Stretch,
  about: { isSaid: boolean; denials: readonly Stretch[] },
): Polarity {
  const denial = about.denials.find((one) => isAbout(tokens, one, { from, to }));
  if (isHypothetical(tokens, from)) return "none";
  if ([...UNKNOWING, ...DOUBTING].some((phrase) => findPhrase(tokens, phrase) >= 0)) return "hedged";
  const isHedge = ({ stem }: Token, index: number): boolean =>
    HEDGE.has(stem) && !isWithin(index, from, to) && tokens[index - 1]?.stem !== "no";
  if (tokens.some(isHedge)) return "hedged";
  if (!about.isSaid && denial === undefined && tokens.some(({ stem }) => NEUTRAL.has(stem))) return "none";
  let negations = 0;
  if (denial !== undefined) {
    // "no longer passes", "stops passing": the opposite of the opposite.
    const before = tokens.slice(Math.max(0, denial.from - 3), denial.from);
    const isTakenBack = before.some(({ stem }) => NEGATION.has(stem) || ENDING.has(stem));
    return isTakenBack ? "affirmed" : "denied";
  }
  for (const [index, { stem }] of tokens.entries()) {
    if (isWithin(index, from, to)) continue;
    if (NEGATION.has(stem) && !isHarmless(tokens, index)) {
      negations += Number(index < from ? reachesForward(tokens, index, from) : reachesBack(tokens, to, index));
    } else if (AVOIDING.has(stem) && index < from) negations += Number(!hasComma(tokens, index, from));
    else if (FALSE.has(stem))
      negations += Number(index < from ? tokens[index + 1]?.stem === "that" : reachesBack(tokens, to, index));
  }
  for (const phrase of CONTRASTING) {
    const at = findPhrase(tokens.slice(0, from), phrase);
    if (at >= 0 && !hasComma(tokens, at, from)) negations++;
  }
  if (findPhrase(tokens.slice(to), stems("ruled out")) >= 0) negations++;
  return negations % 2 === 1 ? "denied" : "affirmed";
}

/** Where a phrase of stems stands; −1 where it does not. */
export function findPhrase(tokens: readonly Token[], phrase: readonly string[]): number {
  return tokens.findIndex((_, start) => phrase.every((stem, offset) => tokens[start + offset]?.stem === stem));
}

/** `does not call A, B or C` denies all of them, `not A, B` and `neither A nor B` what stands next to the cue. */
function reachesForward(tokens: readonly Token[], cue: number, from: number): boolean {
  const isVerbal = AUXILIARY.has(tokens[cue - 1]?.stem ?? "") || ["n't", "never"].includes(tokens[cue]?.stem ?? "");
  const between = tokens.slice(cue + 1, from);
  // A second cue takes over: "not A nor B" denies B once.
  if (between.some(({ stem }) => NEGATION.has(stem) && stem !== "n't")) return false;
  return isVerbal ? findPhrase(between, [",", "it"]) < 0 : !between.some(({ text }) => text === ",");
}

/** "leaves A alone" is about what stands in it, "A is fine" about what comes before, up to a comma. */
function isAbout(tokens: readonly Token[], denial: Stretch, { from, to }: Stretch): boolean {
  if (from > denial.from && to < denial.to) return true;
  const isOpen = tokens.slice(denial.from + 1, denial.to - 1).some(({ text }) => NAME.test(text));
  return !isOpen && !hasComma(tokens, Math.min(to, denial.to), Math.max(from, denial.from));
}

/** Has what words of English do not have. */
const NAME = /[A-Z0-9_$#./\\:-]/;

/** `A is not called`, `A and B do not fail`: to the subject of an auxiliary, and no further than a comma. */
function reachesBack(tokens: readonly Token[], to: number, cue: number): boolean {
  const between = tokens.slice(to, cue);
  // "That one, A, is never called": the comma behind it only closes what was put in.
  const inner = between[0]?.text === "," && AUXILIARY.has(between[1]?.stem ?? "") ? between.slice(1) : between;
  if (inner.length > 6 || inner.some(({ text }) => /^[,:()]$/.test(text))) return false;
  return between.some(({ stem }) => AUXILIARY.has(stem)) || (tokens[cue]?.stem === "never" && between.length === 0);
}

/** `if A were called, …` */
function isHypothetical(tokens: readonly Token[], from: number): boolean {
  const start = tokens.findIndex(({ stem }) => stem === "if" || stem === "unless");
  return start >= 0 && start < from && !hasComma(tokens, start, from);
}

function isHarmless(tokens: readonly Token[], index: number): boolean {
  return HARMLESS.some((phrase) => phrase.every((stem, offset) => tokens[index + offset]?.stem === stem));
}

function hasComma(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens.slice(from, to).some(({ text }) => text === ",");
}

function isWithin(index: number, from: number, to: number): boolean {
  return index >= from && index < to;
}
