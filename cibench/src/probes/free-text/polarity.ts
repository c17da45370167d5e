/**
 * Whether a clause states what it mentions, denies it, or hedges. Pure; English only. After the idea of NegEx (Chapman et al., Journal of
 * Biomedical Informatics 34, 2001): cues with a scope to the right, and a few that look back to their subject.
 */
import type { Token } from "./clauses.ts";
import {
  ATTRIBUTE,
  AUXILIARY,
  AVOIDING,
  CONTRASTING,
  DISMISSING,
  DOUBTING,
  ENDING,
  EXCEPTING,
  FAILING,
  FALSE,
  HARMLESS,
  HEDGE,
  NEGATION,
  NEUTRAL,
  STATEMENT,
  startsAfresh,
  UNKNOWING,
} from "./cues.ts";

export type Polarity = "affirmed" | "denied" | "hedged" | "none";

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
  if (isDoubted(tokens, { from, to })) return "hedged";
  if (!about.isSaid && denial === undefined && isOnlyMentioned(tokens, { from, to })) return "none";
  if (denial !== undefined) {
    // "no longer passes", "stops passing": the opposite of the opposite.
    const before = tokens.slice(Math.max(0, denial.from - 3), denial.from);
    const isTakenBack = before.some(({ stem }) => NEGATION.has(stem) || ENDING.has(stem));
    // "All pass except A".
    const isSpared = hasException(tokens.slice(denial.to, from));
    return isTakenBack !== isSpared ? "affirmed" : "denied";
  }
  let negations = 0;
  for (const [index, { stem }] of tokens.entries()) {
    if (isWithin(index, from, to)) continue;
    if (NEGATION.has(stem) && !isHarmless(tokens, index, from)) {
      negations += Number(index < from ? reachesForward(tokens, index, { from, to }) : reachesBack(tokens, to, index));
    } else if (AVOIDING.has(stem) && index < from) negations += Number(!hasComma(tokens, index, from));
    else if (FALSE.has(stem))
      negations += Number(index < from ? isSaidOfWhatFollows(tokens, index, from) : reachesBack(tokens, to, index));
  }
  for (const phrase of CONTRASTING) {
    const at = findPhrase(tokens.slice(0, from), phrase);
    if (at >= 0 && !hasComma(tokens, at, from) && !isException(tokens, at, to)) negations++;
  }
  for (const phrase of FAILING) {
    const at = findPhrase(tokens.slice(0, from), phrase);
    if (at >= 0 && !hasComma(tokens, at, from)) negations++;
  }
  if (DISMISSING.some((phrase) => findPhrase(tokens.slice(to), phrase) >= 0)) negations++;
  return negations % 2 === 1 ? "denied" : "affirmed";
}

/** Where a phrase of stems stands; −1 where it does not. */
export function findPhrase(tokens: readonly Token[], phrase: readonly string[]): number {
  return tokens.findIndex((_, start) => phrase.every((stem, offset) => tokens[start + offset]?.stem === stem));
}

/** A doubt anywhere in the clause, save in what is only added about something: "it calls A, which may throw". */
function isDoubted(tokens: readonly Token[], { from, to }: Stretch): boolean {
  const added = tokens.findIndex(
    ({ stem }, index) => index >= to && (stem === "which" || stem === "who") && tokens[index - 1]?.text === ",",
  );
  const own = added < 0 ? tokens : tokens.slice(0, added);
  if ([...UNKNOWING, ...DOUBTING].some((phrase) => findPhrase(own, phrase) >= 0)) return true;
  return own.some(
    ({ stem }, index) => HEDGE.has(stem) && !isWithin(index, from, to) && !isCertain(tokens.slice(0, index)),
  );
}

/** "No doubt", "without a doubt". */
function isCertain(before: readonly Token[]): boolean {
  const last = before.at(-1)?.stem === "a" ? before.at(-2) : before.at(-1);
  return ["no", "without", "beyond"].includes(last?.stem ?? "");
}

/** Looked at, asked about or described, and no word of the clause says that it happens. */
function isOnlyMentioned(tokens: readonly Token[], { from, to }: Stretch): boolean {
  // "I put a note there: it goes through A": what is told behind a colon stands for itself.
  const colon = tokens.findLastIndex(({ text }, index) => index < from && text === ":");
  const start = /^(?:it|this|that|they)$/i.test(tokens[colon + 1]?.text ?? "") ? colon + 1 : 0;
  const others = tokens.filter((_, index) => index >= start && !isWithin(index, from, to));
  if (others.some(({ stem }) => STATEMENT.has(stem))) return false;
  if (others.some(({ stem }) => NEUTRAL.has(stem))) return true;
  // "I came across A" tells of the one who says it.
  if (/^(?:I|we|We)$/.test(others[0]?.text ?? "") && from > 0) return true;
  const [verb, next, last] = tokens.slice(to, to + 3).map(({ stem }) => stem);
  if (["has", "had"].includes(verb ?? "")) return ["a", "an", "no", "the", "its"].includes(next ?? "");
  return ["is", "was"].includes(verb ?? "") && [next, last].some((stem) => ATTRIBUTE.has(stem ?? ""));
}

/** `does not call A, B or C` denies all of them, `not A, B` and `neither A nor B` what stands next to the cue. */
function reachesForward(tokens: readonly Token[], cue: number, { from, to }: Stretch): boolean {
  const isVerbal = AUXILIARY.has(tokens[cue - 1]?.stem ?? "") || ["n't", "never"].includes(tokens[cue]?.stem ?? "");
  const between = tokens.slice(cue + 1, from);
  // A second cue takes over: "not A nor B" denies B once.
  if (between.some(({ stem }) => NEGATION.has(stem) && stem !== "n't")) return false;
  if (between.some(({ stem }, index) => stem === "and" && isFresh(between[index + 1], tokens[cue + index + 3]))) {
    return false;
  }
  // "A is not the target, B is".
  if (tokens[from - 1]?.text === "," && AUXILIARY.has(tokens[to]?.stem ?? "")) return false;
  // "It does not run because A is called": what is behind the reason is so.
  if (between.some(({ text }) => REASON.has(text.toLowerCase()))) return false;
  // "Not called: A, B": all of the list.
  const colon = between.findIndex(({ text }) => text === ":");
  if (colon >= 0) return !hasComma(between, 0, colon);
  return isVerbal ? findPhrase(between, [",", "it"]) < 0 : !between.some(({ text }) => text === ",");
}

const REASON: ReadonlySet<string> = new Set(["because", "since", "so", "therefore", "hence"]);

function isFresh(word: Token | undefined, next: Token | undefined): boolean {
  return word !== undefined && next !== undefined && !/^[,:()]$/.test(next.text) && startsAfresh(word.text);
}

/** "It is wrong that A is called", "unaffected: A, B". */
function isSaidOfWhatFollows(tokens: readonly Token[], cue: number, from: number): boolean {
  const next = tokens[cue + 1];
  return next?.stem === "that" || (next?.text === ":" && !tokens.slice(cue, from).some(({ text }) => text === "("));
}

/** "leaves A alone" is about what stands in it, "A is fine" about what comes before, up to a comma or through a list. */
function isAbout(tokens: readonly Token[], denial: Stretch, { from, to }: Stretch): boolean {
  if (from > denial.from && to < denial.to) return true;
  const isOpen = tokens.slice(denial.from + 1, denial.to - 1).some(({ text }) => NAME.test(text));
  if (isOpen) return false;
  const between = to <= denial.from ? tokens.slice(to, denial.from) : tokens.slice(denial.to, from);
  // "These still pass: A, B".
  if (from >= denial.to && between[0]?.text === ":") return true;
  return to <= denial.from ? !hasComma(afterList(between), 0, between.length) : !hasComma(between, 0, between.length);
}

/** Has what words of English do not have. */
const NAME = /[A-Z0-9_$#./\\:-]/;

/** `A is not called`, `A and B do not fail`: to the subject of an auxiliary, and no further than a comma. */
function reachesBack(tokens: readonly Token[], to: number, cue: number): boolean {
  const between = tokens.slice(to, cue);
  // "A: no", "A not called".
  if (between.every(({ text }) => text === ":" || text === "(") && isPredicate(tokens[cue + 1])) return true;
  const inner = afterList(between);
  // "A fails and B does not": a second statement.
  const and = inner.findIndex(({ stem }) => stem === "and" || stem === "or");
  if (and > 0 || inner.some(({ text }) => REASON.has(text))) return false;
  if (inner.length > 6 || inner.some(({ text }) => /^[,:()]$/.test(text))) return false;
  return between.some(({ stem }) => AUXILIARY.has(stem)) || (tokens[cue]?.stem === "never" && between.length === 0);
}

/** What `not` says of the name before it rather than of one behind it. */
function isPredicate(word: Token | undefined): boolean {
  return word === undefined || /^(?:[a-z]{2,}ed|run|hit|reach|here|there|at|part|broken|,|:|\))$/.test(word.text);
}

/** What is left behind the rest of a list of names: "B and C do" after the A of "A, B and C do not". */
function afterList(tokens: readonly Token[]): readonly Token[] {
  let at = 0;
  while (at < tokens.length) {
    const { text, stem } = tokens[at] as Token;
    const isJoint = text === "," || stem === "and" || stem === "or" || stem === "nor";
    const isOne = at > 0 && /^(?:,|and|or|nor)$/.test(tokens[at - 1]?.text ?? "") && !AUXILIARY.has(stem);
    if (OPENING.test(text)) return tokens;
    if (!isJoint && !isOne) break;
    at++;
  }
  return tokens.slice(at);
}

/** What begins another statement rather than being one more thing of a list. */
const OPENING = /^(?:which|who|that|it|this|there|so|then|as|if|since|because|its|they|we|i|you|not|never|also)$/i;

/** `if A were called, …` */
function isHypothetical(tokens: readonly Token[], from: number): boolean {
  const start = tokens.findIndex(({ stem }) => stem === "if" || stem === "unless");
  return start >= 0 && start < from && !hasComma(tokens, start, from);
}

/** "No, it calls A", "not only", and "nothing except A", where the one cancels the other. */
function isHarmless(tokens: readonly Token[], index: number, from: number): boolean {
  if (tokens[index]?.stem === "no" && tokens[index + 1]?.text === ",") return true;
  if (HARMLESS.some((phrase) => phrase.every((stem, offset) => tokens[index + offset]?.stem === stem))) return true;
  return hasException(tokens.slice(index, from));
}

/** "Nothing except A", "apart from A, nothing" says that it is A. */
function isException(tokens: readonly Token[], at: number, to: number): boolean {
  const isNegation = ({ stem }: Token): boolean => NEGATION.has(stem);
  return (
    tokens.slice(0, at).some(isNegation) || (tokens[to]?.text === "," && tokens.slice(to, to + 3).some(isNegation))
  );
}

function hasException(tokens: readonly Token[]): boolean {
  return EXCEPTING.some((phrase) => findPhrase(tokens, phrase) >= 0);
}

function hasComma(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens.slice(from, to).some(({ text }) => text === ",");
}

function isWithin(index: number, from: number, to: number): boolean {
  return index >= from && index < to;
}
