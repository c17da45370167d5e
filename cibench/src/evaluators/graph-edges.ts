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
 * falls on unknown. A site with neither a must edge nor a closed set is unknown: unjudged, whatever is said about it.
 * A target that is no definition of the corpus is a wrong edge like any other. A target predicted twice counts once.
 *
 * @param answers at most one per item; a site without one is unanswered, and its must edges are missed
 */
export function judgeCallGraph(answers: readonly CallSiteAnswer[], truth: CallGraphTruth): ItemOutcome[] {
  const bySite = new Map(answers.map((answer) => [answer.itemId, answer]));
  const locate = definitionLocator(truth.definitions);
  const definitions = new Map(truth.definitions.map((definition) => [definition.id, definition]));
  return truth.sites.map((site) => judgeSite(site, bySite.get(site.id), truth.corpus, locate, definitions));
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

/** True when truth says nothing about the site: it can then neither help nor harm a tool. */
export function isUnknown(site: SiteTruth): boolean {
  return site.must.length === 0 && !site.closed;
}

function judgeSite(
  site: SiteTruth,
  answer: CallSiteAnswer | undefined,
  corpus: string,
  locate: DefinitionLocator,
  definitions: ReadonlyMap<string, Definition>,
): ItemOutcome {
  const predicted = new Map<string, AnswerTarget>();
  for (const target of answer === undefined ? [] : predictedTargets(answer)) {
    const key = predictedKey(target, locate);
    if (!predicted.has(key)) predicted.set(key, target);
  }
  const must = new Set(site.must.map(targetKey));
  const may = new Set(site.may.map(targetKey));
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, onUnknown: 0 };
  for (const key of predicted.keys()) {
    if (must.has(key)) counts.truePositives++;
    else if (site.closed && !may.has(key)) counts.falsePositives++;
    else counts.onUnknown++;
  }
  counts.falseNegatives = must.size - counts.truePositives;
  const traced = new Set(site.traced.map(targetKey));
  return {
    itemId: site.id,
    corpus,
    file: site.file,
    line: site.span.line,
    column: site.span.column,
    callee: site.callee?.name ?? null,
    syntax: site.syntax,
    stratum: site.stratum,
    truth: isUnknown(site) ? "unknown" : "known",
    outcome: outcomeOf(site, counts, predicted.size),
    counts,
    traced: {
      edges: traced.size,
      found: traced
        .values()
        .filter((key) => predicted.has(key))
        .toArray().length,
    },
    status: answer?.status ?? "unanswered",
    predicted: showFirst([...predicted], ([key, target]) => showPredicted(target, key, definitions)),
    must: showFirst(site.must, (target) => showTrue(target, definitions)),
    may: showFirst(site.may, (target) => showTrue(target, definitions)),
    by: site.by,
  };
}

/** What cannot be a definition gets a key that no true target has. */
function predictedKey(target: AnswerTarget, locate: DefinitionLocator): string {
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

function showFirst<T>(values: readonly T[], show: (value: T) => string): string[] {
  const shown = values.slice(0, SHOWN_TARGETS).map(show);
  return values.length > SHOWN_TARGETS ? [...shown, `and ${values.length - SHOWN_TARGETS} more`] : shown;
}
