/** What a free text is worth by the concepts that it states. Pure; lexical, with a place for an embedding model. */
import type { Concept, ConceptState, FreeTextRubric, FreeTextScore } from "../../schema/free-text.ts";
import { type Clause, clausesOf, type Token, wordsOf } from "./clauses.ts";
import { type Polarity, polarityOf, type Stretch } from "./polarity.ts";

/**
 * Says whether a clause, in which the name in question is "it" and other names are "that", means what a phrasing says. Asked only where no
 * word decides, and about the same pairs whatever it says.
 */
export type Paraphrase = (clause: string, phrasing: string) => boolean;

/** Words between those of a phrasing. */
const GAP = 3;
/** Of one name in one clause; more than that says nothing new. */
const MOST_MENTIONS = 3;

/**
 * Each concept is read from every clause that names it. With r, e, w the required, expected and wrong concepts that are affirmed (hedged
 * ones count one half): score = (2r + e) / (2·|required| + |expected|) · (1 − w / |wrong|). So an answer that says everything is
 * worth 0, and so is silence.
 *
 * @param paraphrase by default words alone decide
 */
export function scoreFreeText(rubric: FreeTextRubric, text: string, paraphrase?: Paraphrase): FreeTextScore {
  const clauses = clausesOf(text);
  const roles = ["required", "expected", "wrong"] as const;
  const concepts = roles.flatMap((role) =>
    rubric[role].map((concept) => ({ id: concept.id, role, state: stateOf(concept, clauses, paraphrase) })),
  );
  const weigh = (role: (typeof roles)[number]): number =>
    concepts.reduce((sum, one) => sum + (one.role === role ? (WEIGHT[one.state] ?? 0) : 0), 0);
  const { required, expected, wrong } = rubric;
  const coverage = (2 * weigh("required") + weigh("expected")) / (2 * required.length + expected.length);
  const score = coverage * (1 - (wrong.length === 0 ? 0 : weigh("wrong") / wrong.length));
  const isComplete = concepts.every(({ role, state }) => role !== "required" || state === "affirmed");
  const isClean = concepts.every(({ role, state }) => role !== "wrong" || state === "denied" || state === "absent");
  const isSilent = concepts.every(({ state }) => state === "absent");
  const verdict = isComplete && isClean ? "right" : isSilent ? "unanswered" : score > 0 ? "partly" : "wrong";
  return { itemId: rubric.itemId, verdict, score, concepts };
}

const WEIGHT: Partial<Record<ConceptState, number>> = { affirmed: 1, hedged: 0.5 };

/** A denial takes back what another clause affirms; a hedge beside a statement changes nothing. */
function stateOf(concept: Concept, clauses: readonly Clause[], paraphrase: Paraphrase | undefined): ConceptState {
  const found = new Set(
    clauses.flatMap((clause) => (clause.isQuestion ? [] : polarities(concept, clause, paraphrase))),
  );
  if (found.has("affirmed")) return found.has("denied") ? "contradicted" : "affirmed";
  if (found.has("denied")) return "denied";
  return found.has("hedged") ? "hedged" : "absent";
}

function polarities(concept: Concept, { tokens, rest }: Clause, paraphrase: Paraphrase | undefined): Polarity[] {
  const { names, says, denials } = concept;
  const isInWords = [tokens, rest].some((said) =>
    says.some((phrasing) => matchesOf(wordsOf(phrasing), said).length > 0),
  );
  const opposites = denials.flatMap((phrasing) => matchesOf(wordsOf(phrasing), tokens));
  return names
    .flatMap((name) => matchesOf(wordsOf(name), tokens).slice(0, MOST_MENTIONS))
    .map((place) => {
      const isMeant = (phrasing: string): boolean => paraphrase?.(withoutNames(tokens, place), phrasing) ?? false;
      const isSaid = isInWords || (opposites.length === 0 && says.filter(isMeant).length > 0);
      const isLeftOpen = says.length > 0 && !isSaid && opposites.length === 0;
      return isLeftOpen ? "none" : polarityOf(tokens, place, { isSaid, denials: opposites });
    })
    .filter((polarity) => polarity !== "none");
}

/** A clause as people say it of anything. */
function withoutNames(tokens: readonly Token[], { from, to }: Stretch): string {
  return tokens
    .flatMap(({ text }, index) => {
      if (index >= from && index < to) return index === from ? ["it"] : [];
      return [NAME.test(text.slice(1)) || /[_$#]/.test(text) ? "that" : text];
    })
    .join(" ");
}

/** Has what words of English do not have. */
const NAME = /[A-Z0-9_$#./\\:-]/;

/** Places where all words of a phrasing stand in their order, close to each other; a name as code has it has to be the same. */
function matchesOf(phrasing: readonly Token[], tokens: readonly Token[]): Stretch[] {
  return tokens.flatMap((_, from) => {
    let at = from - 1;
    for (const word of phrasing) {
      const next = tokens.slice(at + 1, at + 2 + (at < from ? 0 : GAP)).findIndex((token) => isSame(word, token));
      if (next < 0) return [];
      at += next + 1;
    }
    return phrasing.length === 0 ? [] : [{ from, to: at + 1 }];
  });
}

/** Words by their stem; what has capitals inside, digits, dots or underscores is a name. */
function isSame(wanted: Token, token: Token): boolean {
  return NAME.test(wanted.text.slice(1)) || /[_$#]/.test(wanted.text)
    ? wanted.text === token.text
    : wanted.stem === token.stem;
}
