/** A text as clauses of tokens. Pure. */

/** A word, a name as code has it, or a mark of punctuation. */
export interface Token {
  text: string;
  /** Lower case, without the ending of a plural or a tense. */
  stem: string;
}

/** Part of a sentence within which a negation can reach. */
export interface Clause {
  tokens: Token[];
  /** The sentence ends in a question mark: nothing is stated. */
  isQuestion: boolean;
  /** The clause before it in the sentence, where this one is too short to say by itself what it says: "but B", "B does not". */
  rest: Token[];
}

/** Names with their paths and members in one piece, `n't` by itself, then marks that end or part a clause. */
const TOKEN = /n't\b|[A-Za-z0-9_$#]+?(?=n't\b)|[A-Za-z0-9_$#]+(?:(?:[./\\:-]|::)[A-Za-z0-9_$#]+)*|[,;:.!?()\n]/g;

/** Words that set what follows against what came before. */
const CONTRAST: ReadonlySet<string> = new Set(["but", "however", "whereas", "while", "although", "though", "yet"]);
/** Tokens; nobody writes such a clause, and reading one takes the square of its length. */
const LONGEST_CLAUSE = 200;
/** Tokens of a clause that leaves out its verb. */
const SHORT = 4;
const ENDS: ReadonlySet<string> = new Set([".", "!", "?", ";", "\n"]);

/** @param text at most a megabyte; quotes and marks of emphasis are not looked at */
export function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = [];
  let sentence: Token[][] = [[]];
  const end = (isQuestion: boolean): void => {
    const said = sentence.filter(({ length }) => length > 0);
    const restOf = (tokens: Token[], index: number) => (tokens.length <= SHORT ? (said[index - 1] ?? []) : []);
    clauses.push(...said.map((tokens, index) => ({ tokens, isQuestion, rest: restOf(tokens, index) })));
    sentence = [[]];
  };
  const plain = withLeads(text)
    .replaceAll(/[’ʼ]/g, "'")
    .replaceAll(/\bcannot\b/gi, "can n't")
    .replaceAll(/[`*"“”]/g, "");
  for (const [word] of plain.matchAll(TOKEN)) {
    if (ENDS.has(word)) end(word === "?");
    else if (CONTRAST.has(word.toLowerCase())) sentence.push([]);
    else {
      if ((sentence.at(-1)?.length ?? 0) >= LONGEST_CLAUSE) sentence.push([]);
      sentence.at(-1)?.push({ text: word, stem: stemOf(word) });
    }
  }
  end(false);
  return withAnswers(clauses);
}

/** "Is it A? Yes.": a question that is answered at once states, or denies, what it asks. */
function withAnswers(clauses: readonly Clause[]): Clause[] {
  return clauses.map((clause, index) => {
    const answer = clauses[index + 1]?.tokens[0]?.stem ?? "";
    if (!clause.isQuestion || clauses[index + 1]?.isQuestion === true || !/^(?:yes|no|nope|yep)$/.test(answer)) {
      return clause;
    }
    const denied: Token[] = ["does", "n't"].map((text) => ({ text, stem: text }));
    return { ...clause, isQuestion: false, tokens: [...(answer.startsWith("n") ? denied : []), ...clause.tokens] };
  });
}

/** Characters of a lead that its items are read with, and how many of them are. */
const LONGEST_LEAD = 120;
const MOST_ITEMS = 1000;

/** "These still pass:" over a list with bullets is said of each item. */
function withLeads(text: string): string {
  let lead = "";
  let items = 0;
  const lines = text.split("\n").map((line) => {
    const item = /^\s{0,8}(?:[-*•]|\d{1,3}[.)])\s+(.*)$/.exec(line)?.[1];
    if (item !== undefined && lead !== "" && items++ < MOST_ITEMS) return `${lead} ${item}`;
    // A blank line parts neither a lead from its list nor one item from the next.
    if (line.trim() !== "") lead = line.trimEnd().endsWith(":") ? lastSentence(line.trimEnd()) : "";
    return line;
  });
  return lines.join("\n");
}

function lastSentence(line: string): string {
  const start = Math.max(...[". ", "! ", "? ", "; "].map((end) => line.lastIndexOf(end))) + 1;
  return line.slice(Math.max(start, line.length - LONGEST_LEAD));
}

/** The stems of a phrase, without marks. */
export function wordsOf(phrase: string): Token[] {
  return clausesOf(phrase)
    .flatMap(({ tokens }) => tokens)
    .filter(({ text }) => !/^[,:()]$/.test(text));
}

/** Porter's first step, roughly: what is left of `passes`, `passed` and `passing` is the same. */
export function stemOf(word: string): string {
  const lower = word.toLowerCase();
  if (!/^[a-z]+$/.test(lower) || lower.length < 4) return lower;
  const plural = lower.replace(/(?<=ss|sh|ch|x|z)es$|(?<=[^s])s$/, "").replace(/ie$/, "y");
  const bare = plural.replace(/(?:ed|ing)$/, "");
  const root = bare.length >= 3 && /[aeiouy]/.test(bare) ? bare : plural;
  return root.replace(/([bdgmnprt])\1$/, "$1").replace(/e$/, "");
}
