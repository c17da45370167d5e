/**
 * Level 2, uncertainty: statements about runs, "when this call runs, it enters this definition", of which some are decided by the code
 * and some by nothing but what is set outside; who knows what cannot be known abstains there, and only there.
 */
import type { Definition, LayeredTruth, Stratum } from "@drift/corpora";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { sha256 } from "../../canonical-json.ts";
import { mixSeed } from "../../scores/bootstrap.ts";
import { shuffle } from "../../scores/shuffle.ts";
import { plantedOf, type PlantedCall } from "../planted.ts";
import type { Statement } from "./propositions.ts";

/** The statements belong to the suite, not to a run: every tool is asked the same. */
const DRAW_SEED = 1;
/** Kinds of decided calls that look as if more than one target were possible, the nearest to undecidable ones first. */
const ALIKE: readonly Stratum[] = ["stored-value", "computed", "callback", "interface"];

/**
 * Pairs of statements about one project, by place; null where none can be made. The first of a pair is undecidable by construction:
 * two runs, which differ in what is set outside alone, enter different definitions. The second is about another call, which
 * ran and whose only target the code fixes; half of these are true. Decided calls are of kinds in which more than one target
 * is possible, in the order of {@link ALIKE}, so that the form of a call says as little as can be; false targets stand beside
 * the true one, if any does. No call is asked about twice.
 */
export function undecidableStatements(truth: LayeredTruth): Statement[] | null {
  const planted = plantedOf(truth);
  const rng = xoroshiro128plus(mixSeed(DRAW_SEED, `undecidable ${truth.corpus}`));
  const calls = new Map(planted.facts("call").map((call) => [call.id, call]));
  const facts = Map.groupBy(planted.facts("undecidable"), ({ call }) => call);
  const undecided = [...facts].flatMap(([id, about]) => {
    const call = calls.get(id);
    // Which of the targets is asked about is drawn: neither comes first always.
    const target = planted.definitions.get(shuffle(about, rng)[0]?.definition ?? "")?.definition;
    return call === undefined || target === undefined ? [] : [{ call, target }];
  });
  const decided = shuffle(planted.facts("call"), rng)
    .flatMap((call) => {
      const only = onlyTarget(call);
      const right = only === null || facts.has(call.id) ? undefined : planted.definitions.get(only)?.definition;
      const wrong = right === undefined ? undefined : besides(planted.innermost(right.file), right, call);
      return right === undefined || wrong === undefined ? [] : [{ call, right, wrong }];
    })
    .toSorted((a, b) => ALIKE.indexOf(a.call.stratum) - ALIKE.indexOf(b.call.stratum));
  const pairs = Math.min(undecided.length, decided.length);
  if (pairs === 0) return null;
  const isTrue = shuffle(
    Array.from({ length: pairs }, (_, index) => index % 2 === 0),
    rng,
  );
  const partners = shuffle(decided.slice(0, pairs), rng);
  return shuffle(undecided, rng)
    .slice(0, pairs)
    .flatMap(({ call, target }, index): Statement[] => {
      const partner = partners[index] as (typeof partners)[number];
      const holds = isTrue[index] === true;
      const known = statement(partner.call, holds ? partner.right : partner.wrong, holds);
      return [{ ...statement(call, target, null), partner: known.id }, known];
    })
    .toSorted(bySource);
}

/** The definition that a call enters whenever it runs; null where there are several, none, or nobody has seen it run. */
function onlyTarget({ must, executed, stratum }: PlantedCall): string | null {
  const [target] = must;
  const isFixed = must.length === 1 && executed === true && ALIKE.includes(stratum);
  return isFixed && target !== undefined && "definition" in target ? target.definition : null;
}

/** Another definition of the file, the nearest before or after the true one, but not the one that the call stands in. */
function besides(file: readonly Definition[], right: Definition, call: PlantedCall): Definition | undefined {
  const distance = ({ span }: Definition) => Math.abs(span.line - right.span.line);
  return file
    .filter((one) => one.id !== right.id)
    .filter((one) => one.file !== call.file || call.span.line < one.span.line || call.span.line > one.span.endLine)
    .toSorted((a, b) => distance(a) - distance(b) || a.span.line - b.span.line)[0];
}

function statement(call: PlantedCall, target: Definition, isTrue: boolean | null): Statement {
  const id = `proposition-${sha256(`enters ${call.id}\n${target.id}`).slice(0, 16)}`;
  const { file, span, callee, syntax, stratum } = call;
  return { id, site: { file, span, callee, syntax, stratum, by: ["generator"] }, target, isTrue, asks: "enters" };
}

function bySource({ site: a }: Statement, { site: b }: Statement): number {
  return (
    Number(a.file > b.file) - Number(a.file < b.file) || a.span.line - b.span.line || a.span.column - b.span.column
  );
}
