/** Level 3, negative knowledge: what is dead, what tests alone need, and which file is the one to edit. */
import type { LayeredTruth } from "@drift/corpora";
import type { ChoiceTruth, KnownChoice } from "../../evaluators/choices.ts";
import { folderOf } from "../../folder.ts";
import type { Choice } from "../../schema/choice.ts";
import { arranged } from "../choices.ts";
import { type Planted, plantedOf } from "../planted.ts";

/** Raise it when the same truth would be asked about differently; the suite hash changes with it. */
const TASK_VERSION = 1;
/** Functions of a generated file that are asked about, and as many of other files beside it. */
const EDITS_EACH = 2;

/**
 * - _dead_ and _test-only_: for each file with such functions or their look-alikes, which of its functions are. Choices are all
 *   whose state is known: planted, or run by the tests.
 * - _edit_: for functions of generated files and as many others, which file is changed by hand to change what they give.
 */
export function negativeTruth(truth: LayeredTruth): ChoiceTruth | null {
  const planted = plantedOf(truth);
  const functions = livenessItems(planted);
  const edits = editItems(planted);
  if (functions.length + edits.length === 0) return null;
  const files = edits.flatMap((item) =>
    item.choices.map((file): Choice => ({ id: file, file, span: null, name: null })),
  );
  const { corpus, inputsSha256, oracle } = truth;
  return arranged(
    {
      id: `negative-knowledge/${corpus}`,
      version: TASK_VERSION,
      level: 3,
      category: "negative-knowledge",
      corpus,
      inputsSha256,
      oracle,
    },
    [...functions.flatMap((item) => item.choices.map((id) => planted.choiceOf(id))), ...files],
    [...functions, ...edits],
  );
}

const QUESTIONS = {
  dead: "Which of these functions does nothing need: neither the program, by whatever way, nor any test?",
  "test-only": "Which of these functions do tests alone need?",
} as const;

function livenessItems(planted: Planted): KnownChoice[] {
  const states = new Map(planted.facts("liveness").map(({ definition, state }) => [definition, state]));
  const files = Map.groupBy(states.keys(), (id) => planted.definitions.get(id)?.definition.file ?? "");
  return [...files.keys()].flatMap((file) => {
    const known = planted
      .innermost(file)
      .map(({ id }) => id)
      .filter((id) => states.has(id) || planted.definitions.get(id)?.entered === true);
    return (["dead", "test-only"] as const).map((state): KnownChoice => ({
      id: `${state} ${file}`,
      kind: state,
      question: QUESTIONS[state],
      subjects: [{ role: "file", name: null, file, span: null }],
      choices: known,
      stratum: state,
      must: known.filter((id) => states.get(id) === state),
    }));
  });
}

function editItems(planted: Planted): KnownChoice[] {
  const generated = new Map(
    planted
      .facts("avoid")
      .flatMap(({ reason, place, instead }) => (reason === "generated" ? [[place.file, instead]] : [])),
  );
  const tables = [...generated.values()];
  return [...generated].flatMap(([file, instead]) => {
    const own = planted.innermost(file).slice(0, EDITS_EACH);
    const folder = folderOf(file);
    const beside = [...planted.definitions.values()].filter(
      ({ definition, layer }) =>
        layer === "logic" && folderOf(definition.file) === folder && !generated.has(definition.file),
    );
    const others = [...new Map(beside.map(({ definition }) => [definition.file, definition])).values()];
    const files = [...new Set([...planted.definitions.values()].map(({ definition }) => definition.file))].filter(
      (one) => folderOf(one) === folder,
    );
    return [
      ...own.map(({ id }) => ({ id, right: instead })),
      ...others.slice(0, EDITS_EACH).map((definition) => ({ id: definition.id, right: definition.file })),
    ].map(({ id, right }): KnownChoice => ({
      id: `edit ${id}`,
      kind: "edit",
      question: "What this function gives is to be different from now on. Which file is edited by hand for that?",
      subjects: [planted.subjectOf(id, "function")],
      choices: [...files, ...tables],
      stratum: "edit",
      must: [right],
    }));
  });
}
