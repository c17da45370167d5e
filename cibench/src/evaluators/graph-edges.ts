/** Compares predicted (call site, target) edges with three-valued truth. Pure. */
import type { CallGraphTruth, Definition, SiteTruth, Target } from "@drift/corpora";
import type { AnswerTarget, CallSiteAnswer } from "../schema/answer.ts";
import type { ItemOutcome } from "../schema/score.ts";
import { type DefinitionLocator, definitionLocator } from "./locate-definition.ts";

/** A target named with at least this probability is a prediction. */
export const PREDICTED_FROM = 0.5;

/** Everything outside the corpus is one target: names of outside functions are shown, never compared. */
const EXTERNAL = "external";
/** Display forms kept per item; a tool may list thousands. */
const SHOWN_TARGETS = 20;

/**
 * What became of each call site of `truth`, in its order.
 *
 * With *predicted* as in {@link predictedTargets}, per site: true positives are predicted ∩ must; false negatives are
 * must ∖ predicted; predicted outside must ∪ may is a false positive where the set is closed; every other prediction
 * falls on unknown, one on a function that something outside called in its turn (`callbacks`) included. A site with neither a must edge nor a closed set is unknown: unjudged, whatever is said about it.
 * A target that is no definition of the corpus is a wrong edge like any other. A target predicted twice counts once.
 * Where the set is open naming more targets would cost nothing, so only the first {@link openBudget} can be right. Targets
 * in files of which the truth knows no definition (tests, mostly) are not counted among these: they can't be right.
 *
 * @param answers at most one per item; a site without one is unanswered, and its must edges are missed
 */
export function judgeCallGraph(answers: readonly CallSiteAnswer[], truth: CallGraphTruth): ItemOutcome[] {
  const bySite = new Map(answers.map((answer) => [answer.itemId, answer]));
  const judge = siteJudge(truth);
  return truth.sites.map((site) => judge(site, bySite.get(site.id)));
}

/** Judges one call site of `truth`, as {@link judgeCallGraph}: for who asks about some of them, and often. */
export function siteJudge(
  truth: Pick<CallGraphTruth, "corpus" | "definitions">,
): (site: SiteTruth, answer: CallSiteAnswer | undefined) => ItemOutcome {
  const definitions = new Map(truth.definitions.map((definition) => [definition.id, definition]));
  const files = new Set(truth.definitions.map(({ file }) => file));
  const claimsOf = claimReader(definitionLocator(truth.definitions));
  return (site, answer) => {
    const claims: Claims = answer === undefined ? new Map() : claimsOf(answer);
    return judgeSite(site, answer?.status ?? "unanswered", claims, { corpus: truth.corpus, definitions, files });
  };
}

/**
 * The targets that an answer commits to: those of probability >= 0.5, else the single most probable one (the first
 * listed among equals) if its probability is not 0. So naming twenty candidates at 0.05 each claims one edge, not
 * twenty. `unknown` claims nothing, whatever it lists; `external` without a target claims the outside.
 */
export function predictedTargets(answer: CallSiteAnswer): AnswerTarget[] {
  if (answer.status === "unknown") return [];
  if (answer.targets.length === 0) return answer.status === "external" ? [{ external: "", probability: 1 }] : [];
  const committed = answer.targets.filter((target) => target.probability >= PREDICTED_FROM);
  if (committed.length > 0) return committed;
  const best = answer.targets.reduce((top, target) => (target.probability > top.probability ? target : top));
  return best.probability > 0 ? [best] : [];
}

/** The identity of a true target: a definition's id, or the outside. */
export function targetKey(target: Target): string {
  return "definition" in target ? target.definition : EXTERNAL;
}

/**
 * The targets that are neither right nor wrong: those that an oracle allows, and functions that something outside,
 * called here, called in its turn.
 */
export function allowedKeys(site: SiteTruth): Set<string> {
  return new Set([...site.may.map(targetKey), ...site.callbacks]).difference(new Set(site.must.map(targetKey)));
}

/**
 * How many predictions can be right at a site whose set is open, the most probable first, in the order listed among
 * equals: twice as many as there are known targets. A tool is free to be unsure; to list everything gains nothing.
 */
export function openBudget(knownTargets: number): number {
  return 2 * knownTargets;
}

/** True when truth says nothing about the site: it can then neither help nor harm a tool. */
export function isUnknown(site: SiteTruth): boolean {
  return site.must.length === 0 && !site.closed;
}

/** The distinct targets that an answer commits to, by key, the most probable first. */
type Claims = ReadonlyMap<string, AnswerTarget>;

/** Answers that share one list of targets, as "everything, everywhere" does, have it read once. */
function claimReader(locate: DefinitionLocator): (answer: CallSiteAnswer) => Claims {
  const known = new WeakMap<readonly AnswerTarget[], Claims>();
  return (answer) => {
    const isUsual = answer.status !== "unknown" && answer.targets.length > 0;
    const remembered = isUsual ? known.get(answer.targets) : undefined;
    if (remembered !== undefined) return remembered;
    const claims = new Map<string, AnswerTarget>();
    for (const target of predictedTargets(answer).toSorted((a, b) => b.probability - a.probability)) {
      const key = predictedKey(target, locate);
      if (!claims.has(key)) claims.set(key, target);
    }
    if (isUsual) known.set(answer.targets, claims);
    return claims;
  };
}

/** What is known of the corpus: its definitions by id, and the files that have any. */
interface Known {
  corpus: string;
  definitions: ReadonlyMap<string, Definition>;
  files: ReadonlySet<string>;
}

function judgeSite(
  site: SiteTruth,
  status: ItemOutcome["status"],
  claims: Claims,
  { corpus, definitions, files }: Known,
): ItemOutcome {
  const must = new Set(site.must.map(targetKey));
  const may = allowedKeys(site);
  const traced = new Set(site.traced.map(targetKey));
  const countable = site.closed ? claims : firstClaims(claims, files, openBudget(must.size + may.size));
  const truePositives = countClaimed(must, countable);
  const allowed = countClaimed(may, claims);
  const counts = {
    truePositives,
    falsePositives: site.closed ? claims.size - truePositives - allowed : 0,
    falseNegatives: must.size - truePositives,
    onUnknown: site.closed ? allowed : claims.size - truePositives,
  };
  return {
    category: "call-graph",
    itemId: site.id,
    corpus,
    file: site.file,
    line: site.span.line,
    column: site.span.column,
    callee: site.callee?.name ?? null,
    syntax: site.syntax,
    stratum: site.stratum,
    truth: isUnknown(site) ? "unknown" : "known",
    outcome: outcomeOf(site, counts, claims.size),
    counts,
    traced: { edges: traced.size, found: countClaimed(traced, countable) },
    status,
    predicted: showFirst(claims.entries(), claims.size, ([key, target]) => showPredicted(target, key, definitions)),
    must: showFirst(site.must.values(), site.must.length, (target) => showTrue(target, definitions)),
    may: showFirst(site.may.values(), site.may.length, (target) => showTrue(target, definitions)),
    by: site.by,
  };
}

/** The first claims that can be right, at most `count`. */
function firstClaims(claims: Claims, files: ReadonlySet<string>, count: number): Claims {
  if (claims.size <= count) return claims;
  const canBeRight = ([, target]: [string, AnswerTarget]) => "external" in target || files.has(target.file);
  return new Map(claims.entries().filter(canBeRight).take(count));
}

function countClaimed(keys: ReadonlySet<string>, claims: Claims): number {
  let count = 0;
  for (const key of keys) if (claims.has(key)) count++;
  return count;
}

/** What cannot be a definition gets a key that no true target has. */
export function predictedKey(target: AnswerTarget, locate: DefinitionLocator): string {
  if ("external" in target) return EXTERNAL;
  return locate(target.file, target.line, target.column) ?? `nothing at ${target.file}:${target.line}:${target.column}`;
}

function outcomeOf(site: SiteTruth, counts: ItemOutcome["counts"], predictions: number): ItemOutcome["outcome"] {
  if (isUnknown(site)) return "unjudged";
  if (predictions === 0) return "abstained";
  if (site.must.length === 0) return counts.falsePositives > 0 ? "wrong" : "unjudged";
  if (counts.truePositives === 0) return "wrong";
  return counts.falsePositives === 0 && counts.falseNegatives === 0 ? "right" : "partly";
}

function showPredicted(target: AnswerTarget, key: string, definitions: ReadonlyMap<string, Definition>): string {
  if ("external" in target) return target.external === "" ? "external" : `external ${target.external}`;
  return showDefinition(definitions.get(key)) ?? key;
}

function showTrue(target: Target, definitions: ReadonlyMap<string, Definition>): string {
  if ("external" in target) return `external ${target.external}`;
  return showDefinition(definitions.get(target.definition)) ?? target.definition;
}

function showDefinition(definition: Definition | undefined): string | undefined {
  return definition && `${definition.name} (${definition.file}:${definition.span.line})`;
}

function showFirst<T>(values: Iterator<T, unknown>, count: number, show: (value: T) => string): string[] {
  const shown = Iterator.from(values).take(SHOWN_TARGETS).map(show).toArray();
  return count > SHOWN_TARGETS ? [...shown, `and ${count - SHOWN_TARGETS} more`] : shown;
}
