/** Level 1, data flow: for each source, "at which of these sinks does the value arrive, and where can it do harm?" */
import type { LayeredTruth } from "@drift/corpora";
import type { ChoiceTruth, KnownChoice } from "../../evaluators/choices.ts";
import { arranged } from "../choices.ts";
import { placeKey, plantedOf } from "../planted.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;

const HARM = {
  "user-input": "as part of the text of a query in which it may end the text that it stands in",
  credentials: "readable by whoever sees the log",
} as const;

/**
 * Two questions for each planted source. Choices are all calls of the functions that planted sinks call, so that most of them
 * are sinks that other values reach, or constants alone.
 */
export function dataFlowTruth(truth: LayeredTruth): ChoiceTruth | null {
  const planted = plantedOf(truth);
  const flows = planted.facts("flow");
  if (flows.length === 0) return null;
  const enteredBy = new Set(flows.flatMap(({ sink }) => targetsOf(planted.callAt(sink))));
  const sinks = planted.facts("call").filter((call) => targetsOf(call).some((target) => enteredBy.has(target)));
  const choices = sinks.map((call) => ({ id: call.id, file: call.file, span: { ...call.span }, name: null }));
  const items = flows.flatMap(({ source, sink, reaches, safe }): KnownChoice[] => {
    const { type, file, span } = source;
    const arrives = reaches ? [placeKey(sink)] : [];
    const about = { subjects: [{ role: "source" as const, name: null, file, span: { ...span } }] };
    return [
      {
        ...about,
        id: `reach ${placeKey(source)}`,
        kind: "reach",
        question: "At which of these calls does the value that is read here, or a part of it, arrive in an argument?",
        choices: choices.map(({ id }) => id),
        stratum: "reach",
        must: arrives,
      },
      {
        ...about,
        id: `harm ${placeKey(source)}`,
        kind: "harm",
        question: `At which of these calls does the value that is read here arrive so that it can do harm: ${HARM[type]}?`,
        choices: choices.map(({ id }) => id),
        stratum: "harm",
        must: safe ? [] : arrives,
      },
    ];
  });
  const { corpus, inputsSha256, oracle } = truth;
  return arranged(
    { id: `data-flow/${corpus}`, version: TASK_VERSION, level: 1, category: "data-flow", corpus, inputsSha256, oracle },
    choices,
    items,
  );
}

function targetsOf(call: { must: readonly object[] } | undefined): string[] {
  return (call?.must ?? []).flatMap((target) => ("definition" in target ? [String(target.definition)] : []));
}
