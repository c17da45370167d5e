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
}

/** Names with their paths and members in one piece, `n't` by itself, then marks that end or part a clause. */
const TOKEN = /n't\b|[A-Za-z0-9_$#]+?(?=n't\b)|[A-Za-z0-9_$#]+(?:(?:[./\\:-]|::)[A-Za-z0-9_$#]+)*|[,;:.!?()\n]/g;

/** Words that set what follows against what came before. */
const CONTRAST: ReadonlySet<string> = new Set(["but", "however", "whereas", "while", "although", "though", "yet"]);
/** Tokens; nobody writes such a clause, and reading one takes the square of its length. */
const LONGEST_CLAUSE = 200;
const ENDS: ReadonlySet<string> = new Set([".", "!", "?", ";", "\n"]);

/** @param text at most a megabyte; quotes and marks of emphasis are not looked at */
export function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = [];
  let sentence: Token[][] = [[]];
  const end = (isQuestion: boolean): void => {
    clauses.push(...sentence.filter(({ length }) => length > 0).map((tokens) => ({ tokens, isQuestion })));
    sentence = [[]];
  };
  const plain = text
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
  return clauses;
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
