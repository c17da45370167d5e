/** What a reader has seen of the lines that matter when so many tokens are read. Pure. */
import type { ContextAnswer, ContextItem, Excerpt } from "../schema/context.ts";
import type { ReportedOracle } from "../schema/report.ts";
import type { ItemOutcome } from "../schema/score.ts";
import type { Sources } from "../sources.ts";

/** Tokens after which recall is taken; each is twice the one before, so that their logarithms are one step apart. */
export const BUDGETS = [1_000, 2_000, 4_000, 8_000] as const;
const LARGEST = BUDGETS[BUDGETS.length - 1] as number;

/** Display forms kept per item. */
const SHOWN = 20;

/** A question with its answer. */
export interface KnownContext extends ContextItem {
  stratum: string;
  /** The lines that matter: stretches that neither touch nor overlap, in source order, none of them of the file in question. */
  gold: readonly Excerpt[];
  /** Kinds of oracles that it rests on. */
  by: readonly string[];
}

/** What is true of all questions of what has to be read about one corpus. */
export interface ContextTruth {
  corpus: string;
  inputsSha256: string;
  oracles: readonly ReportedOracle[];
  /** Files of which lines can be answered, sorted. */
  files: readonly string[];
  items: readonly KnownContext[];
  sources: Sources;
}

/** The lines that matter, by file. */
export type GoldLines = ReadonlyMap<string, readonly number[]>;

export function goldLines(gold: readonly Excerpt[]): GoldLines {
  const lines = new Map<string, number[]>();
  for (const { file, line, endLine } of gold) {
    const own = lines.get(file) ?? [];
    lines.set(file, own);
    for (let one = line; one <= endLine; one++) own.push(one);
  }
  return lines;
}

/** Excerpts in the order in which they are read. */
export interface Reading {
  /** By file: what is read of it within the largest budget, and what was spent when its lines begin, were they read from line 1. */
  byFile: ReadonlyMap<string, readonly { line: number; endLine: number; start: number }[]>;
  /** Tokens of all excerpts. */
  tokens: number;
}

/** Lays excerpts end to end; what is read again is paid again. */
export function readingOf(excerpts: readonly Excerpt[], sources: Sources): Reading {
  const byFile = new Map<string, { line: number; endLine: number; start: number }[]>();
  let tokens = 0;
  for (const { file, line, endLine } of excerpts) {
    const sums = sources.sums(file);
    const start = tokens + sources.headTokens(file) - (sums[line - 1] ?? 0);
    tokens = start + (sums[endLine] ?? 0);
    if (start + (sums[line] ?? 0) > LARGEST) continue;
    const own = byFile.get(file) ?? [];
    byFile.set(file, own);
    own.push({ line, endLine, start });
  }
  return { byFile, tokens };
}

/**
 * How far who reads so comes, line by line: a line is seen when it was read to its end, and counts once. After each of
 * {@link BUDGETS} the lines that matter and were seen.
 */
export function linesFound({ byFile }: Reading, gold: GoldLines, sources: Sources): number[] {
  const found = BUDGETS.map(() => 0);
  for (const [file, lines] of gold) {
    const read = byFile.get(file);
    if (read === undefined) continue;
    const sums = sources.sums(file);
    for (const one of lines) {
      let spent = Number.POSITIVE_INFINITY;
      for (const { line, endLine, start } of read)
        if (line <= one && one <= endLine) spent = Math.min(spent, start + (sums[one] ?? 0));
      for (let at = BUDGETS.length - 1; at >= 0 && spent <= (BUDGETS[at] ?? 0); at--) found[at] = (found[at] ?? 0) + 1;
    }
  }
  return found;
}

/** Each as a share of all lines that matter. */
export function recallsOf(found: readonly number[], gold: GoldLines): number[] {
  const all = lineCount(gold);
  return found.map((lines) => (all === 0 ? 0 : lines / all));
}

/** The area under recall against the logarithm of the budget, as a share of what it would be if all were seen at once, in [0, 1]. */
export function areaUnder(recalls: readonly number[]): number {
  const steps = recalls.slice(1).map((recall, index) => (recall + (recalls[index] ?? 0)) / 2);
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

/**
 * What became of each question, in the order of `truth`.
 *
 * @param answers at most one per question, all of lines that exist; one without an answer is worth nothing
 */
export function judgeContexts(answers: readonly ContextAnswer[], truth: ContextTruth): ItemOutcome[] {
  const said = new Map(answers.map((answer) => [answer.itemId, answer]));
  return truth.items.map((item) => judgeContext(item, said.get(item.id), truth));
}

function judgeContext(item: KnownContext, answer: ContextAnswer | undefined, truth: ContextTruth): ItemOutcome {
  const gold = goldLines(item.gold);
  const excerpts = answer?.excerpts ?? [];
  const reading = readingOf(excerpts, truth.sources);
  const inTime = linesFound(reading, gold, truth.sources);
  const recalls = recallsOf(inTime, gold);
  const found = inTime.at(-1) ?? 0;
  const area = areaUnder(recalls);
  const { subject } = item;
  return {
    category: "token-efficiency",
    itemId: item.id,
    corpus: truth.corpus,
    file: subject.file,
    line: subject.span?.line ?? 1,
    column: subject.span?.column ?? 1,
    callee: subject.name,
    syntax: item.kind,
    stratum: item.stratum,
    truth: "known",
    outcome: excerpts.length === 0 ? "abstained" : area === 1 ? "right" : area > 0 ? "partly" : "wrong",
    counts: {
      truePositives: found,
      falsePositives: linesRead(reading, truth.sources) - found,
      falseNegatives: lineCount(gold) - found,
      onUnknown: 0,
    },
    traced: { edges: 0, found: 0 },
    status: answer === undefined ? "unanswered" : excerpts.length === 0 ? "unknown" : "certain",
    predicted: shown(excerpts),
    must: shown(item.gold),
    may: [],
    by: [...item.by],
    reading: { recalls, tokens: reading.tokens },
  };
}

/** Lines that are read to their end within the largest budget, each as often as it is read. */
function linesRead({ byFile }: Reading, sources: Sources): number {
  let lines = 0;
  for (const [file, read] of byFile) {
    const sums = sources.sums(file);
    for (const { line, endLine, start } of read)
      for (let one = line; one <= endLine && start + (sums[one] ?? 0) <= LARGEST; one++) lines++;
  }
  return lines;
}

function lineCount(gold: GoldLines): number {
  return gold.values().reduce((sum, lines) => sum + lines.length, 0);
}

function shown(excerpts: readonly Excerpt[]): string[] {
  const texts = excerpts.slice(0, SHOWN).map(({ file, line, endLine }) => `${file}:${line}-${endLine}`);
  return excerpts.length > SHOWN ? [...texts, `and ${excerpts.length - SHOWN} more`] : texts;
}
