/** Compares what a tool says that changes break with what broke when they were made. Pure. */
import { type ChangeTruth, compilePairsOf, type MutationItem, type MutationTruth } from "@drift/corpora";
import type { ChangeAnswer } from "../schema/answer.ts";
import type { ItemOutcome } from "../schema/score.ts";
import type { ChangeStratum } from "../scores/scoring.ts";
import { PREDICTED_FROM } from "./graph-edges.ts";

/** Changes to what other files are given: a file may break at loading, before a line of it runs. */
const AT_LOADING: ReadonlySet<string> = new Set(["remove-export", "rename-export", "change-type"]);
/** Display forms kept per item. */
const SHOWN = 20;

/**
 * What a change is known to break, with keys as of {@link breakKey}.
 *
 * - What did not compile breaks exactly the files with new errors; tests were not run, so nothing is known about them.
 * - What compiled breaks the compilation of no file of the package, and of the test files that were run exactly those with a
 *   broken test. One that does not run the changed line cannot be broken by it, unless the change shows at loading; what runs
 *   it and was not run with the change is unknown.
 * - Test files are never compiled, so whether one still does is unknown in either case.
 */
export interface KnownBreaks {
  must: ReadonlySet<string>;
  isUnknown: (key: string) => boolean;
}

/** The identity of a break: `test <file>` or `compile <file>`. */
export function breakKey({ what, file }: { what: "test" | "compile"; file: string }): string {
  return `${what} ${file}`;
}

/** What is known about one change. */
export function knownBreaks(item: MutationItem, { tests }: Pick<MutationTruth, "tests">): KnownBreaks {
  const uncompiled = new Set(tests.map(({ file }) => breakKey({ what: "compile", file })));
  if (item.effect === "compile-break") {
    const must = new Set(item.diagnostics.map(({ file }) => breakKey({ what: "compile", file })));
    return { must, isUnknown: (key) => key.startsWith("test ") || uncompiled.has(key) };
  }
  const testKey = (number: number): string => breakKey({ what: "test", file: tests[number]?.file ?? "" });
  const ran = new Set(item.ran.map(testKey));
  const executed = new Set(item.executed.map(testKey));
  const known = new Set(tests.map(({ file }) => breakKey({ what: "test", file })));
  return {
    must: new Set(item.broken.map(({ file }) => testKey(file))),
    // A test file that was never run without a change is none of those asked about: naming it is wrong.
    isUnknown: (key) =>
      uncompiled.has(key) || (known.has(key) && !ran.has(key) && (executed.has(key) || AT_LOADING.has(item.operator))),
  };
}

/** What an answer commits to: what is at least as likely as not. `unknown` commits to nothing. */
export function claimedBreaks(answer: ChangeAnswer | undefined): Set<string> {
  if (answer === undefined || answer.status === "unknown") return new Set();
  return new Set(answer.breaks.filter(({ probability }) => probability >= PREDICTED_FROM).map(breakKey));
}

/** The kind of item that a change is. */
export function changeStratum({ effect }: Pick<MutationItem, "effect">): Exclude<ChangeStratum, PairStratum> {
  return effect === "compile-break" || effect === "test-break" ? effect : "no-break";
}

/** What an answer to a change is worth, by its edges. */
export interface BreakCounts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  onUnknown: number;
}

/** Claims compared with what is known. */
export function countBreaks({ must, isUnknown }: KnownBreaks, claims: ReadonlySet<string>): BreakCounts {
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0 };
  for (const key of claims) {
    if (must.has(key)) counts.truePositives++;
    else if (isUnknown(key)) counts.onUnknown++;
    else counts.falsePositives++;
  }
  counts.falseNegatives = must.size - counts.truePositives;
  return counts;
}

/**
 * In [0, 1]: F1 of what breaks, or, where nothing does, whether nothing was said to. Silence is worth nothing.
 *
 * @param isAnswered false for no answer and for `unknown`
 */
export function breakCredit(known: KnownBreaks, counts: BreakCounts, isAnswered: boolean): number {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
  if (known.must.size === 0) return isAnswered && fp === 0 ? 1 : 0;
  return (2 * tp) / (2 * tp + fp + fn);
}

type PairStratum = "pair" | "compile-pair";

/** Two changes that are alike but for what they do. */
export interface ChangePair {
  stratum: PairStratum;
  breaks: string;
  holds: string;
}

/** Pairs by whether tests fail, then pairs by whether the code compiles. */
export function changePairs({ items, pairs }: MutationTruth): ChangePair[] {
  const named = (stratum: PairStratum) => (pair: { breaks: string; holds: string }) => ({
    stratum,
    breaks: pair.breaks,
    holds: pair.holds,
  });
  return [...pairs.map(named("pair")), ...compilePairsOf(items).map(named("compile-pair"))];
}

/**
 * Whether a pair is right: of the change that breaks something, a true break is named; of the other, nothing that is known to
 * hold, or, where they differ in whether they compile, no file that is known to.
 *
 * @param breaking true breaks that are named
 * @param holding whether the other is right, was answered at all, what is said of it, and what of that nobody knows
 */
export function isPairRight(
  { stratum }: Pick<ChangePair, "stratum">,
  breaking: number,
  holding: { isRight: boolean; isAnswered: boolean; claims: ReadonlySet<string> } & Pick<KnownBreaks, "isUnknown">,
): boolean {
  if (breaking === 0) return false;
  if (stratum === "pair") return holding.isRight;
  const { isAnswered, claims, isUnknown } = holding;
  return isAnswered && claims.values().every((key) => !key.startsWith("compile ") || isUnknown(key));
}

/**
 * What became of each change in the order of `truth`, then of each pair: who always says the same gets none of them right.
 *
 * @param answers at most one per change; one without an answer is unanswered, and what it breaks is missed
 */
export function judgeChanges(answers: readonly ChangeAnswer[], { truth }: ChangeTruth): ItemOutcome[] {
  const said = new Map(answers.map((answer) => [answer.itemId, answer]));
  const outcomes = new Map(truth.items.map((item) => [item.id, judgeChange(item, said.get(item.id), truth)]));
  const items = new Map(truth.items.map((item) => [item.id, item]));
  const pairs = changePairs(truth).flatMap((pair) => {
    const [breaking, holding, held] = [outcomes.get(pair.breaks), outcomes.get(pair.holds), items.get(pair.holds)];
    if (breaking === undefined || holding === undefined || held === undefined) return [];
    const { isUnknown } = knownBreaks(held, truth);
    return [judgePair(pair, breaking, holding, { claims: claimedBreaks(said.get(pair.holds)), isUnknown })];
  });
  return [...outcomes.values(), ...pairs];
}

function judgeChange(item: MutationItem, answer: ChangeAnswer | undefined, truth: MutationTruth): ItemOutcome {
  const known = knownBreaks(item, truth);
  const claims = claimedBreaks(answer);
  const counts = countBreaks(known, claims);
  const status = answer?.status ?? "unanswered";
  const isAnswered = status !== "unanswered" && status !== "unknown";
  return {
    category: "causal-reasoning",
    itemId: item.id,
    corpus: truth.corpus,
    file: item.file,
    line: item.span.line,
    column: item.span.column,
    callee: null,
    syntax: item.operator,
    stratum: changeStratum(item),
    truth: "known",
    outcome: outcomeOf(breakCredit(known, counts, isAnswered), isAnswered),
    counts,
    traced: { edges: 0, found: 0 },
    status,
    predicted: shown([...claims]),
    must: shown([...known.must]),
    may: shown(truth.tests.map(({ file }) => breakKey({ what: "test", file })).filter(known.isUnknown)),
    by: ["mutation"],
  };
}

function outcomeOf(credit: number, isAnswered: boolean): ItemOutcome["outcome"] {
  if (!isAnswered) return "abstained";
  if (credit === 1) return "right";
  return credit === 0 ? "wrong" : "partly";
}

function judgePair(
  pair: ChangePair,
  breaking: ItemOutcome,
  holding: ItemOutcome,
  said: { claims: ReadonlySet<string> } & Pick<KnownBreaks, "isUnknown">,
): ItemOutcome {
  const { stratum, holds } = pair;
  const isRight = isPairRight(pair, breaking.counts.truePositives, {
    isRight: holding.outcome === "right",
    isAnswered: holding.outcome !== "abstained",
    ...said,
  });
  const isSilent = breaking.outcome === "abstained" && holding.outcome === "abstained";
  return {
    ...breaking,
    itemId: pairId(pair),
    syntax: "pair",
    stratum,
    outcome: isSilent ? "abstained" : isRight ? "right" : "wrong",
    // Its edges are those of its changes and are counted there.
    counts: { truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0 },
    status: breaking.status === "unanswered" || holding.status === "unanswered" ? "unanswered" : breaking.status,
    predicted: [...breaking.predicted, ...holding.predicted.map((one) => `${one} (by ${holds})`)].slice(0, SHOWN),
    may: [],
  };
}

/** No change has such an id. */
function pairId({ stratum, breaks, holds }: ChangePair): string {
  return `${stratum} ${breaks} | ${holds}`;
}

function shown(keys: readonly string[]): string[] {
  return keys.length > SHOWN ? [...keys.slice(0, SHOWN), `and ${keys.length - SHOWN} more`] : [...keys];
}
